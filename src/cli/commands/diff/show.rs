//! Differences as people read them: grouped by recipient, those that get the same under one heading, totals at the end.
//! What stands in a row is in `row`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::row::{DiffRow, Entry, Totals, without_occurrence};
use crate::diff::Change;
use crate::notice::Kind;

/// So many recipients are named under one heading.
const NAMED: usize = 3;

/// So many rewordings of one rule about one thing are shown in full; of more, the first is.
const IN_FULL: usize = 3;

/// So much of a title is shown.
const TITLE: usize = 60;

/// Returns what changes for each recipient; `to` limits it to one.
pub(super) fn by_recipient(rows: &[DiffRow], to: Option<&str>) -> String {
    let mut concerned: BTreeMap<(&str, &str), Vec<&DiffRow>> = BTreeMap::new();
    for row in rows {
        let mut units: Vec<_> = [&row.was, &row.now]
            .into_iter()
            .flatten()
            .map(|entry| (&*entry.to, &*entry.to_name))
            .collect();
        units.dedup_by_key(|(id, _)| *id);
        for unit in units.into_iter().filter(|(id, _)| to.is_none_or(|to| to == *id)) {
            concerned.entry(unit).or_default().push(row);
        }
    }
    // Fifteen districts that get the same are one paragraph.
    let mut paragraphs: Vec<(Vec<(&str, &str)>, String)> = Vec::new();
    for (unit, rows) in concerned {
        let text = paragraph(unit.0, &rows);
        match paragraphs.iter_mut().find(|(_, other)| *other == text) {
            Some((units, _)) => units.push(unit),
            None => paragraphs.push((vec![unit], text)),
        }
    }
    let mut shown = String::new();
    for (units, text) in paragraphs {
        let _ = writeln!(shown, "{}\n{text}", heading(&units));
    }
    shown
}

fn heading(units: &[(&str, &str)]) -> String {
    if units.len() > NAMED {
        let ids: Vec<&str> = units.iter().map(|(id, _)| *id).collect();
        return format!("Each of {} recipients: {}", units.len(), ids.join(", "));
    }
    let names: Vec<String> = units.iter().map(|(id, name)| format!("{name} ({id})")).collect();
    names.join(", ")
}

/// Returns what changes for one recipient: a line a notice, with the lines of its mail that differ.
fn paragraph(unit: &str, rows: &[&DiffRow]) -> String {
    let mut text = String::new();
    let (reworded, others): (Vec<_>, Vec<_>) =
        rows.iter().partition(|row| row.change == Change::Reworded);
    for row in others {
        let _ = writeln!(text, "  {}", line(unit, row));
        add_lines(&mut text, &row.lines);
    }
    // A rule's mails about one thing: those of one month differ much as those of the next do.
    let mut of_one_rule: Vec<(_, Vec<&DiffRow>)> = Vec::new();
    for row in reworded {
        let entry = row.entry();
        let about = entry.deadline.as_deref().map(without_occurrence).or(entry.measure.as_deref());
        let of = (about, &entry.rule);
        match of_one_rule.iter_mut().find(|(other, _)| *other == of) {
            Some((_, rows)) => rows.push(row),
            None => of_one_rule.push((of, vec![row])),
        }
    }
    let mut in_full: Vec<&DiffRow> = Vec::new();
    let mut left_out: Vec<&[&DiffRow]> = Vec::new();
    for (_, rows) in &of_one_rule {
        let shown = if rows.len() > IN_FULL && rows.iter().any(|row| row.lines != rows[0].lines) {
            1
        } else {
            rows.len()
        };
        in_full.extend(&rows[..shown]);
        left_out.extend((shown < rows.len()).then(|| &rows[shown..]));
    }
    add_reworded(&mut text, unit, &in_full);
    for rows in left_out {
        let (first, last) = (rows[0], rows[rows.len() - 1]);
        let until = short(last.zone, last.entry().at);
        let what = what(first.entry());
        let _ = writeln!(text, "  * and {} more like it until {until}: {what}", rows.len());
    }
    text
}

/// Adds what is reworded; what differs in the same lines is shown with them once.
fn add_reworded(text: &mut String, unit: &str, rows: &[&DiffRow]) {
    let mut by_lines: Vec<(&[String], Vec<&DiffRow>)> = Vec::new();
    for row in rows {
        match by_lines.iter_mut().find(|(lines, _)| *lines == row.lines) {
            Some((_, rows)) => rows.push(row),
            None => by_lines.push((&row.lines, vec![row])),
        }
    }
    for (lines, rows) in by_lines {
        for row in rows {
            let _ = writeln!(text, "  {}", line(unit, row));
        }
        add_lines(text, lines);
    }
}

fn add_lines(text: &mut String, lines: &[String]) {
    for line in lines {
        let _ = writeln!(text, "        {line}");
    }
}

fn line(unit: &str, row: &DiffRow) -> String {
    let entry = row.entry();
    let at = |entry: &Entry| short(row.zone, entry.at);
    match (&row.was, &row.now) {
        (Some(was), Some(now)) if was.to != now.to => {
            let (sign, way, other) =
                if now.to == unit { ('←', "from", was) } else { ('→', "to", now) };
            let here = if now.to == unit { now } else { was };
            format!("{sign} {}  {way} {} ({}): {}", at(here), other.to_name, other.to, what(here))
        }
        (Some(was), Some(now)) if was.at != now.at => {
            format!("~ {} → {}  {}{}", at(was), at(now), what(now), moved_due(was, now))
        }
        (Some(_), Some(now)) => format!("* {}  {}", at(now), what(now)),
        (None, _) => format!("+ {}  {}", at(entry), what(entry)),
        (_, None) => format!("- {}  {}", at(entry), what(entry)),
    }
}

/// Says what kind of notice it is, about what, why and by which rule.
fn what(entry: &Entry) -> String {
    let kind = match entry.kind {
        Kind::Remind => "reminder",
        Kind::Escalate => "escalation",
        Kind::Notify => "note",
    };
    let about = entry.deadline.as_ref().or(entry.measure.as_ref());
    let about = about.map_or("about the plan", |id| id);
    let mut title: String = entry.title.chars().take(TITLE).collect();
    if title.len() < entry.title.len() {
        title.push('…');
    }
    let Entry { why, rule, .. } = entry;
    format!("{kind} {about} \"{title}\", {why} (rule `{rule}`)")
}

fn moved_due(was: &Entry, now: &Entry) -> String {
    match (was.due, now.due) {
        (Some(before), Some(due)) if before != due => format!("; due {due} instead of {before}"),
        _ => String::new(),
    }
}

fn short(zone: Tz, at: DateTime<Utc>) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M").to_string()
}

/// Says in one line how much differs.
pub(super) fn totals(totals: &Totals) -> String {
    let Totals { added, gone, moved, redirected, reworded, mails_before, mails_now } = *totals;
    let counts = [
        (added, "added"),
        (gone, "gone"),
        (moved, "moved"),
        (redirected, "to others"),
        (reworded, "reworded"),
    ];
    let mut differ: Vec<String> = Vec::new();
    for (count, word) in counts.into_iter().filter(|(count, _)| *count > 0) {
        // "12 notices added, 3 gone"
        let notices = match (differ.is_empty(), count) {
            (false, _) => "",
            (true, 1) => " notice",
            (true, _) => " notices",
        };
        differ.push(format!("{count}{notices} {word}"));
    }
    let differ = if differ.is_empty() { "Nothing changes".to_owned() } else { differ.join(", ") };
    let difference = mails_now.abs_diff(mails_before);
    let mails = if difference == 1 { "mail" } else { "mails" };
    if difference == 0 {
        return format!("{differ}; {mails_now} mails in all, as before");
    }
    let way = if mails_now > mails_before { "more" } else { "fewer" };
    format!("{differ}; {difference} {mails} {way} in all, {mails_now} instead of {mails_before}")
}
