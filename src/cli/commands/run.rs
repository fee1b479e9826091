//! `frist run`: the daemon on the real clock, one turn of it, or a replay.
//! What the daemon does is in `daemon`; here it gets its parts from configuration and flags.

mod again;
mod edits;
mod log;

use std::io::{self, IsTerminal};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc, Weekday};
use chrono_tz::Tz;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Answer, Context, arming, place};
use crate::cli::args::{Run, Way};
use crate::cli::output::{self, Format, SummaryRow};
use crate::cli::trouble::Trouble;
use crate::cli::when::When;
use crate::cli::{Exit, talk};
use crate::clock::Clock;
use crate::config::{
    self, Config, LimitsConfig, STALE_AFTER_DAYS, SmtpConfig, TlsMode, TransportKind, WatchConfig,
    Weekly,
};
use crate::daemon::discreet::{discreet, discreet_lines};
use crate::daemon::force::{self, Gate, InForce, Judged, Refused};
use crate::daemon::{Archiving, BrakeOptions, Daemon, Limits, News, Parts, Summary, standby};
#[cfg(debug_assertions)]
use crate::fault;
use crate::mail::transport::smtp::{SmtpOptions, Timeouts, Tls};
use crate::mail::transport::{Folder, Smtp};
use crate::mail::{Sender, Transport};
use crate::project::{Files, Project};
use crate::pulse::{Heart, Page, Ping, PingOptions};
use crate::receipts::Receipts;
use crate::store::{self, Store};
use again::Again;
use edits::{configuration, look, reload};

/// A replay's ledger, unless another is named.
const MEMORY: &str = "sqlite::memory:";

/// A summary shows so many faults; all of them were told to the owner.
const FAULTS: usize = 20;

/// Plays the daemon on a simulated clock.
pub(super) async fn replay(context: &Context, run: &Run) -> Answer<Exit> {
    let zone = context.zone();
    let resolved =
        |when: Option<When>| when.map_or_else(|| context.now(), |when| when.resolve(zone));
    let (from, until) = (resolved(run.from), resolved(run.until));
    if until <= from {
        let help = "what is played goes from --from to --until, and ends before it".to_owned();
        return Err(Trouble::usage("--until must lie after --from".to_owned(), Some(help)));
    }
    let clock = Clock::simulated(from);
    let url = run.store.as_deref().unwrap_or(MEMORY);
    let way = run.transport.unwrap_or(Way::Folder);
    let store = Store::open(url, &context.config.folder).await?;
    let lock = Some(store.lock().await?);
    let (sender, transport) = way_out(&context.config, owner(&context.project), run, way, false)?;
    let parts = Parts {
        clock,
        began: from,
        store,
        lock,
        transport,
        sender,
        send_at: context.config.send_at,
        at_once: at_once(&context.config, way),
        brake: None,
        news: news(&context.config, false),
        heart: Heart::default(),
        receipts: None,
    };
    let mut daemon = Daemon::begin(&context.project, String::new(), parts).await?;
    daemon.tell_of_faults(&context.project);
    let progress = progress(from, until);
    let done = daemon.replay(until, |at| progress.set_position(seconds(at - from))).await;
    progress.finish_and_clear();
    let summary = daemon.end().await;
    done?;
    print_summary(context.format, &summary)?;
    if way == Way::Folder {
        let folder = run.outbox.as_deref().unwrap_or(&context.config.mail.folder);
        talk(&format!("The mails lie in {}.", folder.display()));
    }
    Ok(Exit::Fine)
}

/// Serves on the real clock, or does one turn.
///
/// Of the files on the disk only good ones take force; without, the last good ones that the ledger knows are served.
pub(super) async fn live(
    config: &Config,
    file: Option<&Path>,
    format: Format,
    now: Option<When>,
    run: &Run,
) -> Answer<Exit> {
    let log = log::start(&config.log);
    #[cfg(debug_assertions)]
    config.fault.as_deref().map(fault::for_process);
    let url = run.store.as_deref().unwrap_or(&config.store.url);
    let way = way(config, run);
    let page = match config.watch.listen.filter(|_| !run.once) {
        Some(address) => Some(Page::open(address).await?),
        None => None,
    };
    // Taken before the files are read: an edit that comes while the daemon starts is looked at as any other.
    let stamp = look(&place(config), &configuration(config, file));
    let mut files = Files::read(&place(config));
    // A first start that comes to nothing leaves nothing behind.
    if let (Ok(files), Ok(None)) = (&files, Store::open_existing(url, &config.folder).await) {
        servable(Project::of(files.clone()), config)?;
    }
    let store = Store::open(url, &config.folder).await?;
    let lock = store.lock_or_help().await?;
    let heart = if run.once { Heart::default() } else { Heart::of_service(config::watchdog()) };
    // Answered from here on, also while nobody has armed this installation; a time that was named needs the plan's zone.
    let mut page = page;
    if let Some(page) = page.take_if(|_| now.is_none()) {
        tokio::spawn(page.answer(heart.pulse(), store.clone(), Clock::System));
    }
    // Also where mails go into a folder: an edit may name a mail server later on.
    let instance = arming::instance(config, url)?;
    if way == Way::Smtp
        && let Some(why) = instance.why_disarmed(&store).await?
    {
        if run.once {
            return Err(Trouble::Disarmed(why));
        }
        if !standby::until_armed(&instance, &store, &heart).await? {
            return Ok(Exit::Fine);
        }
        files = Files::read(&place(config));
    }
    let gate = gate(config);
    let mut judged = force::judge(&store, files, config.send_at, &gate).await?;
    let zone = judged.served.project.plans.first().map_or(Tz::UTC, |plan| plan.zone);
    let began = now.map_or_else(|| Clock::System.now(), |when| when.resolve(zone));
    let clock = if now.is_some() { Clock::starting_at(began) } else { Clock::System };
    if let Some(lock) = &lock {
        judged.enter(&store.under(lock), &gate, began).await?;
    }
    let Judged { served, refused, .. } = judged;
    let in_force = InForce { project: servable(served.project, config)?, ..served };
    if let Some(refused) = &refused {
        let warning = warning(refused, zone);
        // What no person reads at once is kept by the system, where more people look than in the plan.
        talk(&if io::stderr().is_terminal() { warning } else { discreet_lines(&warning) });
    }
    let (sender, transport) = way_out(config, owner(&in_force.project), run, way, true)?;
    heart.count(|pulse| pulse.refused = refused.is_some());
    if let Some(page) = page {
        tokio::spawn(page.answer(heart.pulse(), store.clone(), clock.clone()));
    }
    let mut ping = Ping::new(ping_options(config));
    let parts = Parts {
        clock,
        began,
        store,
        lock,
        transport,
        sender,
        send_at: in_force.send_at,
        at_once: at_once(config, way),
        brake: Some(brake_options(config)),
        news: news(config, way == Way::Smtp),
        heart: heart.clone(),
        receipts: Receipts::of(&instance).map(Arc::new),
    };
    let mut daemon = Daemon::begin(&in_force.project, in_force.hash, parts).await?;
    daemon.guard(instance);
    daemon.keep_size(archiving(config, url)?);
    if let Some(refused) = &refused {
        daemon.tell_of_refusal(refused);
    }
    if run.once {
        let done = daemon.turn().await;
        if !daemon.decides() {
            talk("Another frist decides for this ledger; this one has only sent what was waiting.");
        }
        let mut summary = daemon.end().await;
        if let Some(ping) = &mut ping {
            ping.tell(done.is_ok()).await;
        }
        done?;
        // What a replay tells its player in full, the system keeps of the daemon.
        summary.faults = summary.faults.iter().map(|fault| discreet(fault)).collect();
        print_summary(format, &summary)?;
    } else {
        if let Some(ping) = ping {
            tokio::spawn(ping.follow(heart.pulse()));
        }
        let again = Again::new(config, file, run, log);
        daemon.serve(reload(config, again, gate, stamp)).await?;
        daemon.end().await;
    }
    Ok(Exit::Fine)
}

/// Refuses a project of which a plan cannot be served.
fn servable(project: Project, config: &Config) -> Answer<Project> {
    // The last good files may have had fewer plans than are configured now.
    let is_whole = project.plans.len() >= config.plans.len() || !project.is_faulty();
    if is_whole { Ok(project) } else { Err(Trouble::Faulty(Box::new(project))) }
}

/// Says that files are not in force, and which are.
fn warning(refused: &Refused, zone: Tz) -> String {
    match refused.in_force_since {
        Some(since) => format!(
            "warning: the files on the disk are not in force: {}\nIn force are those of {}.\n\n{}",
            refused.why.replace('\n', " "),
            since.with_timezone(&zone).format("%Y-%m-%d %H:%M"),
            refused.report
        ),
        None => {
            format!(
                "warning: some of the files are faulty (see `frist check` and `frist test`):\n{}",
                refused.report
            )
        }
    }
}

/// Makes who writes, to whom answers go if nothing else is said, and the way out.
fn way_out(
    config: &Config,
    owner: Option<&str>,
    run: &Run,
    way: Way,
    durable: bool,
) -> Answer<(Sender, Transport)> {
    let sender = Sender::parse(&config.mail.from, config.mail.reply_to.as_deref().or(owner))?;
    let transport = match way {
        Way::Folder => {
            let folder: &Path = run.outbox.as_deref().unwrap_or(&config.mail.folder);
            Transport::Folder(Folder::open(folder, sender.clone(), durable)?)
        }
        Way::Smtp if config.mail.smtp.username.is_some() && config.mail.smtp.password.is_none() => {
            return Err(Trouble::usage(
                "the mail server's password is a credential, which only systemd's service gets".to_owned(),
                Some("`systemctl start frist` starts that; or name a file in FRIST_MAIL__SMTP__PASSWORD_FILE".to_owned()),
            ));
        }
        Way::Smtp => Transport::Smtp(Smtp::open(smtp_options(&config.mail.smtp), sender.clone())?),
    };
    Ok((sender, transport))
}

/// Returns when texts are archived, and where.
fn archiving(config: &Config, url: &str) -> Answer<Option<Archiving>> {
    let Some(years) = config.store.archive_after_years else { return Ok(None) };
    let folder = store::folder_of(url, &config.folder)?;
    Ok(Some(Archiving { years, folder, next: None }))
}

/// Returns the address of the first owner that has one.
fn owner(project: &Project) -> Option<&str> {
    project.plans.iter().find_map(|plan| plan.unit(plan.owner?).email.as_deref())
}

/// Returns which way mails go.
fn way(config: &Config, run: &Run) -> Way {
    run.transport.unwrap_or(match config.mail.transport {
        TransportKind::Folder => Way::Folder,
        TransportKind::Smtp => Way::Smtp,
    })
}

/// More deliveries than connections: the next mail is made while the one before is on its way.
fn at_once(config: &Config, way: Way) -> usize {
    if way == Way::Smtp { config.mail.smtp.connections * 2 } else { 1 }
}

fn brake_options(config: &Config) -> BrakeOptions {
    let LimitsConfig { a_tick, an_hour, a_recipient_and_day } = config.limits;
    let limits = Limits { a_tick, an_hour, a_recipient_and_day };
    BrakeOptions { at_once: config.brake_at_once, limits }
}

fn smtp_options(config: &SmtpConfig) -> SmtpOptions {
    SmtpOptions {
        host: config.host.clone(),
        port: config.port,
        tls: match config.tls {
            TlsMode::None => Tls::None,
            TlsMode::Starttls => Tls::Starttls,
            TlsMode::Implicit => Tls::Implicit,
        },
        force_plain: config.force_plain,
        username: config.username.clone(),
        password: config.password.as_ref().map(|password| password.reveal().to_owned().into()),
        connections: config.connections,
        ca_file: config.ca_file.clone(),
        timeouts: Timeouts { command: config.timeout, ..Timeouts::default() },
    }
}

/// Tells how edited files are judged before they take force.
fn gate(config: &Config) -> Gate<'static> {
    let required = config.require_tests;
    let tests = move |project: &Project, send_at| {
        if required { super::test::gate(project, send_at) } else { Ok(()) }
    };
    Gate {
        place: place(config),
        tests: Box::new(tests),
        compare: Box::new(|edit| Some(super::diff::numbers(edit))),
    }
}

/// Tells what owners hear of the program's own accord: what the configuration says, else `by_itself` whether anything.
fn news(config: &Config, by_itself: bool) -> News {
    let WatchConfig { weekly, stale_after_days, .. } = &config.watch;
    let monday = by_itself.then_some(Weekday::Mon);
    let ninety = if by_itself { STALE_AFTER_DAYS } else { 0 };
    News {
        weekly: weekly.map_or(monday, |weekly| match weekly {
            Weekly::Off => None,
            Weekly::On(day) => Some(day),
        }),
        stale_after_days: stale_after_days.unwrap_or(ninety),
    }
}

/// Tells who is to hear that the daemon lives.
fn ping_options(config: &Config) -> PingOptions {
    PingOptions {
        url: config.watch.ping_url.clone(),
        fail_url: config.watch.ping_fail_url.clone(),
        file: config.watch.ping_file.clone(),
    }
}

fn progress(from: DateTime<Utc>, until: DateTime<Utc>) -> ProgressBar {
    let bar = ProgressBar::new(seconds(until - from));
    if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %") {
        bar.set_style(style);
    }
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn seconds(span: chrono::TimeDelta) -> u64 {
    u64::try_from(span.num_seconds()).unwrap_or_default()
}

fn print_summary(format: Format, summary: &Summary) -> Answer<()> {
    let message =
        |state, count| SummaryRow { what: "message", kind: None, state: Some(state), count };
    let mut rows = vec![
        message("sent", summary.sent),
        message("retrying", summary.retrying),
        message("gave_up", summary.gave_up),
    ];
    if summary.held > 0 {
        rows.push(message("held", summary.held));
    }
    rows.extend(summary.notices.iter().map(|((kind, state), count)| SummaryRow {
        what: "notice",
        kind: Some(kind.word()),
        state: Some(state),
        count: *count,
    }));
    rows.push(SummaryRow { what: "fault", kind: None, state: None, count: summary.faults.len() });
    output::print(format, rows.into_iter())?;
    for fault in summary.faults.iter().take(FAULTS) {
        talk(&format!("fault: {fault}"));
    }
    if summary.faults.len() > FAULTS {
        talk(&format!("and {} more faults", summary.faults.len() - FAULTS));
    }
    Ok(())
}
