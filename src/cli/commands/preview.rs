//! `frist preview`: the very mail that will be sent about something, as the daemon would write it.
//! Which mail that is is found in `search`; the past is played again in `rerun`.

mod row;
mod search;

use std::collections::HashSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, FixedOffset, Months, NaiveTime, TimeDelta, Utc};

use super::rerun::Rerun;
use super::{Answer, Context};
use crate::calendar::moment::instant;
use crate::changes::Files;
use crate::cli::args::Preview;
use crate::cli::output::{self, Format};
use crate::cli::trouble::Trouble;
use crate::cli::{Exit, talk};
use crate::finding::nearest;
use crate::history::History;
use crate::mail::{Sender, mime};
use crate::plan::Plan;
use crate::schedule::Play;
use crate::store::Store;

use row::PreviewRow;
use search::{About, Search, Shown, Wanted};

/// Shows the mail that is asked for.
pub(super) async fn preview(context: &Context, asked: &Preview) -> Answer<Exit> {
    context.warn_of_faults();
    let (plan, about) = find(context, &asked.about)?;
    if let Some(rule) = &asked.rule {
        check_rule(context, rule)?;
    }
    let sender = context.sender()?;
    // Asked once: what is wanted from now on is not a moment in the past.
    let now = context.now();
    let wanted = Wanted {
        about,
        rule: asked.rule.as_deref(),
        to: asked.to.as_deref().map(|id| Context::unit(plan, id)).transpose()?,
        at: asked.at.map_or(now, |when| when.resolve(plan.zone)),
        alone: asked.alone,
    };
    let ledger = context.ledger().await?;
    let files = Files {
        plan: plan.clone(),
        rules: context.project.rules.clone(),
        send_at: context.config.send_at,
    };
    let mails = search(&files, ledger.as_ref(), &wanted, &sender, now).await?;
    if mails.is_empty() {
        return Err(nothing(context, &files, asked, &wanted, &sender));
    }
    // As the daemon dates it, whatever the plan's own zone.
    let zone = context.zone();
    let dated = |mail: &Shown| mail.at.with_timezone(&zone).fixed_offset();
    if asked.eml || asked.html.is_some() {
        only(&mails)?;
    }
    introduce(&mails, dated(&mails[0]));
    if asked.eml {
        let bytes = mime(&mails[0].message, &sender, dated(&mails[0]));
        std::io::stdout().lock().write_all(&bytes)?;
    } else if let Some(file) = &asked.html {
        write_html(&mails[0].message.html, file.as_deref())?;
    } else if context.format == Format::Table {
        let shown = mails.iter().map(|mail| as_text(mail, &sender, dated(mail)));
        let shown = shown.collect::<Vec<_>>().join(&format!("\n{}\n\n", "-".repeat(76)));
        output::for_people().write_all(shown.as_bytes())?;
    } else {
        let rows = mails.iter().map(|mail| PreviewRow::new(mail, &sender, dated(mail)));
        output::print(context.format, rows)?;
    }
    Ok(Exit::Fine)
}

/// Finds what a mail is to be about, in the first plan that has it.
fn find<'a>(context: &'a Context, id: &str) -> Answer<(&'a Arc<Plan>, About)> {
    for plan in &context.project.plans {
        if let Some(ix) = plan.measure_by_id(id) {
            return Ok((plan, About::Measure(ix)));
        }
        if *plan.id == *id {
            return Ok((plan, About::Plan));
        }
    }
    let (plan, ix, occurrence) = context.deadline(id)?;
    Ok((plan, About::Deadline(ix, occurrence)))
}

fn check_rule(context: &Context, rule: &str) -> Answer<()> {
    let rules = &context.project.rules.list;
    if rules.iter().any(|known| &*known.name == rule) {
        return Ok(());
    }
    let near = nearest(rule, rules.iter().map(|rule| &*rule.name));
    let help = near.map(|near| format!("did you mean `{near}`?"));
    Err(Trouble::usage(format!("there is no rule `{rule}`"), help))
}

/// Plays time through until the mail is found.
async fn search(
    files: &Files,
    ledger: Option<&Store>,
    wanted: &Wanted<'_>,
    sender: &Sender,
    now: DateTime<Utc>,
) -> Answer<Vec<Shown>> {
    let until = horizon(&files.plan, wanted.at);
    let id = &files.plan.id;
    let history = match ledger {
        Some(store) => store.history(id).await?,
        None => History::default(),
    };
    let faults_told = match ledger {
        Some(store) => store.faults_told(id).await?,
        None => HashSet::new(),
    };
    let mut search = Search::new(wanted, sender, faults_told);
    if let (Some(store), Some(seen), true) = (ledger, history.plan_seen, wanted.at < now) {
        let log = store.log(Some(id)).await?;
        let start = seen.min(wanted.at);
        let rerun = Rerun { history: &history, log: &log, start, until };
        rerun.play(files, |played| search.look(played));
    } else {
        let start = if wanted.at < now { adopted(&files.plan, wanted.at) } else { now };
        play(files, history, (start, until), &mut search);
    }
    Ok(search.found)
}

/// Plays until something is found, a month at a time.
fn play(
    files: &Files,
    history: History,
    (start, until): (DateTime<Utc>, DateTime<Utc>),
    search: &mut Search,
) {
    let Files { plan, rules, send_at } = files.clone();
    let mut play = Play::begin(plan, rules, send_at, history, start);
    let mut from = start;
    while from < until && search.found.is_empty() {
        let next = (from + TimeDelta::days(31)).min(until);
        play.play(Vec::new(), from, next, |played| search.look(played));
        from = next;
    }
}

/// Returns how far is looked: a year beyond the plan's period and the moment that was asked for.
fn horizon(plan: &Plan, at: DateTime<Utc>) -> DateTime<Utc> {
    let end = plan.period.map(|period| instant(plan.zone, period.until.and_time(NaiveTime::MIN)));
    let last = end.into_iter().fold(at, DateTime::max);
    last.checked_add_months(Months::new(12)).unwrap_or(last)
}

/// Returns the first instant of the day on which the plan was adopted, but not after `at`.
fn adopted(plan: &Plan, at: DateTime<Utc>) -> DateTime<Utc> {
    let adopted = plan.adopted.map(|date| instant(plan.zone, date.and_time(NaiveTime::MIN)));
    adopted.map_or(at, |adopted| adopted.min(at))
}

/// Says that there is no such mail, and when the last one was.
fn nothing(
    context: &Context,
    files: &Files,
    asked: &Preview,
    wanted: &Wanted,
    sender: &Sender,
) -> Trouble {
    let day = |at: DateTime<Utc>| at.with_timezone(&context.zone()).format("%Y-%m-%d").to_string();
    let mut earlier = Search::new(wanted, sender, HashSet::new());
    let start = adopted(&files.plan, wanted.at);
    play(files, History::default(), (start, wanted.at), &mut earlier);
    let by = wanted.rule.map(|rule| format!(" by rule `{rule}`")).unwrap_or_default();
    let to = asked.to.as_ref().map(|to| format!(" to `{to}`")).unwrap_or_default();
    let about = &asked.about;
    let help = match earlier.last_before {
        Some(at) => format!("the last one is that of {}: --at {0}", day(at)),
        None => match wanted.about {
            About::Deadline(..) => format!("`frist explain {about}` tells why"),
            About::Measure(_) | About::Plan => "`frist forecast` tells what is sent".to_owned(),
        },
    };
    let from = day(wanted.at);
    Trouble::usage(format!("there is no mail about `{about}`{by}{to} from {from} on"), Some(help))
}

/// Says when the mails go out, or why they do not.
fn introduce(mails: &[Shown], date: DateTime<FixedOffset>) {
    let day = date.format("%A %Y-%m-%d at %H:%M");
    let fate = match &mails[0].not_sent {
        None => format!("goes out on {day}"),
        Some(why) => format!("would be due on {day}, but would NOT be sent: {why}"),
    };
    match mails {
        [only] => talk(&format!("The mail to {} {fate}.", only.message.to)),
        several => {
            let units: Vec<&str> = several.iter().map(|mail| &*mail.message.to).collect();
            talk(&format!("Each of {} mails {fate}: to {}.", units.len(), units.join(", ")));
        }
    }
}

/// What is printed as it is can be one mail only.
fn only(mails: &[Shown]) -> Answer<()> {
    match mails {
        [_] => Ok(()),
        several => {
            let units: Vec<&str> = several.iter().map(|mail| &*mail.message.to).collect();
            let message = format!("there are {} mails: to {}", units.len(), units.join(", "));
            Err(Trouble::usage(message, Some(format!("choose one, as with --to {}", units[0]))))
        }
    }
}

fn write_html(html: &str, file: Option<&Path>) -> Answer<()> {
    match file {
        None => std::io::stdout().lock().write_all(html.as_bytes())?,
        Some(file) => {
            fs::write(file, html).map_err(|source| Trouble::unwritable(file, source))?;
        }
    }
    Ok(())
}

/// Returns a mail as a mail program shows it.
fn as_text(mail: &Shown, sender: &Sender, date: DateTime<FixedOffset>) -> String {
    let message = &mail.message;
    format!(
        "From: {}\nTo: {} <{}>\nSubject: {}\nDate: {}\n\n{}",
        sender.from,
        message.to_name,
        message.address,
        message.subject,
        date.format("%A %Y-%m-%d %H:%M %z"),
        message.text
    )
}
