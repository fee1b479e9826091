//! The plain loop that `frist forecast` is measured against: one thread, one job, nothing that can be configured.
//! Its steps, calendar, zone, hour and period are those of `generate.rs`, written down here; it prints byte for byte
//! what frist prints for that plan.
//!
//! `cargo run --release --example plain -- plan.json`. It knows neither other rules, countries, zones and hours nor
//! groups, answers, supersession, free text, conditions and faults: those are what frist does beside this.

use std::error::Error;
use std::fs;
use std::io::{self, BufWriter, Write};

use chrono::{Datelike, Days, NaiveDate, SecondsFormat, TimeZone, Weekday};
use chrono_tz::Europe::Oslo;
use serde::Deserialize;

/// The plan as far as the job needs it; ids have nothing that JSON escapes.
#[derive(Deserialize)]
struct Plan<'a> {
    id: &'a str,
    owner: &'a str,
    #[serde(borrow)]
    units: Vec<Unit<'a>>,
    goals: Vec<Goal<'a>>,
}

#[derive(Deserialize)]
struct Unit<'a> {
    id: &'a str,
}

#[derive(Deserialize)]
struct Goal<'a> {
    #[serde(borrow)]
    measures: Vec<Measure<'a>>,
}

#[derive(Deserialize)]
struct Measure<'a> {
    id: &'a str,
    #[serde(borrow)]
    responsible: Vec<&'a str>,
    deadlines: Vec<Deadline<'a>>,
}

#[derive(Deserialize)]
struct Deadline<'a> {
    id: &'a str,
    due: &'a str,
    #[serde(borrow)]
    responsible: Option<Vec<&'a str>>,
}

/// The four steps with the repeats laid out: days from the due date, and the words for it.
const STEPS: [(i64, &str); 9] = [
    (-30, "30 days before"),
    (-7, "7 days before"),
    (1, "1 day after"),
    (14, "14 days after"),
    (28, "28 days after"),
    (42, "42 days after"),
    (56, "56 days after"),
    (70, "70 days after"),
    (84, "84 days after"),
];

/// One line of the answer, ordered as the answer is; everything by its place in a sorted table.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Line {
    sending: u32,
    to: u32,
    deadline: u32,
    nominal: u32,
    step: u8,
}

/// What a day looks like in the answer, and where the working days around it are.
struct Day {
    date: String,
    /// 08:00 in Oslo.
    at: String,
    /// The place of the last working day on or before it.
    before: u32,
    /// The place of the first working day on or after it.
    after: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args_os().nth(1).ok_or("usage: plain plan.json")?;
    let text = fs::read_to_string(path)?;
    let plan: Plan = serde_json::from_str(&text)?;
    let first = date(2010, 1, 1);
    let days = days(first, date(2015, 12, 31));
    let place_of = |date: NaiveDate| (date - first).num_days();
    let (from, until) = (place_of(date(2011, 1, 1)), place_of(date(2014, 7, 1)));

    let mut units: Vec<&str> = plan.units.iter().map(|unit| unit.id).collect();
    units.sort_unstable();
    let unit_of = |id: &str| -> Result<u32, Box<dyn Error>> {
        let place = units.binary_search(&id).map_err(|_| format!("unit `{id}` is not there"))?;
        Ok(u32::try_from(place)?)
    };
    let owner = unit_of(plan.owner)?;

    let mut deadlines: Vec<(String, &Measure, &Deadline)> = Vec::new();
    for measure in plan.goals.iter().flat_map(|goal| &goal.measures) {
        for deadline in &measure.deadlines {
            deadlines.push((format!("{}/{}", measure.id, deadline.id), measure, deadline));
        }
    }
    deadlines.sort_unstable_by(|(a, ..), (b, ..)| a.cmp(b));

    let mut lines = Vec::with_capacity(deadlines.len() * 10);
    for (place, (_, measure, deadline)) in (0..).zip(&deadlines) {
        let due = place_of(deadline.due.parse()?);
        let responsible = deadline.responsible.as_ref().unwrap_or(&measure.responsible);
        for (step, (offset, _)) in (0..).zip(STEPS) {
            let nominal = u32::try_from(due + offset)?;
            let day = days.get(nominal as usize).ok_or("a date outside the table")?;
            let sending = if offset < 0 { day.before } else { day.after };
            if !(from..until).contains(&i64::from(sending)) {
                continue;
            }
            if offset < 0 {
                for unit in responsible {
                    let to = unit_of(unit)?;
                    lines.push(Line { sending, to, deadline: place, nominal, step });
                }
            } else {
                lines.push(Line { sending, to: owner, deadline: place, nominal, step });
            }
        }
    }
    lines.sort_unstable();

    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    for line in lines {
        let (deadline, measure, Deadline { due, .. }) = &deadlines[line.deadline as usize];
        let (offset, reason) = STEPS[usize::from(line.step)];
        writeln!(
            out,
            r#"{{"plan":"{}","at":"{}","deadline":"{deadline}","measure":"{}","due":"{due}","rule":"deadline","kind":"{}","to":"{}","nominal":"{}","reason":"{reason}"}}"#,
            plan.id,
            days[line.sending as usize].at,
            measure.id,
            if offset < 0 { "remind" } else { "escalate" },
            units[line.to as usize],
            days[line.nominal as usize].date,
        )?;
    }
    Ok(out.flush()?)
}

/// Makes the table of days. Its first and last days must be close to working days.
fn days(first: NaiveDate, last: NaiveDate) -> Vec<Day> {
    let free: Vec<NaiveDate> = (first.year()..=last.year()).flat_map(holidays).collect();
    let works = |date: NaiveDate| {
        !matches!(date.weekday(), Weekday::Sat | Weekday::Sun) && !free.contains(&date)
    };
    let mut days: Vec<Day> = (0..)
        .zip(first.iter_days().take_while(|date| *date <= last))
        .map(|(place, date)| {
            let eight = date.and_hms_opt(8, 0, 0).expect("an hour of the day");
            let at =
                Oslo.from_local_datetime(&eight).earliest().expect("no clock changes at 08:00");
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, false);
            Day { date: date.to_string(), at, before: place, after: place }
        })
        .collect();
    for (place, date) in first.iter_days().take(days.len()).enumerate() {
        if !works(date) && place > 0 {
            days[place].before = days[place - 1].before;
        }
    }
    for place in (0..days.len() - 1).rev() {
        if !works(first + Days::new(place as u64)) {
            days[place].after = days[place + 1].after;
        }
    }
    days
}

/// Returns Norway's public holidays of a year.
fn holidays(year: i32) -> Vec<NaiveDate> {
    let fixed = [(1, 1), (5, 1), (5, 17), (12, 25), (12, 26)];
    let fixed = fixed.map(|(month, day)| date(year, month, day));
    // Maundy Thursday to Easter Monday, Ascension, Whit Sunday and Monday.
    let movable =
        [-3, -2, 0, 1, 39, 49, 50].map(|days| easter(year) + chrono::TimeDelta::days(days));
    fixed.into_iter().chain(movable).collect()
}

#[allow(clippy::many_single_char_names, reason = "the algorithm is published with these names")]
/// Returns Easter Sunday (Meeus, Jones and Butcher's algorithm).
fn easter(year: i32) -> NaiveDate {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 19 * l) / 433;
    let days = h + l - 7 * m;
    let month = (days + 90) / 25;
    date(year, month.unsigned_abs(), ((days + 33 * month + 19) % 32).unsigned_abs())
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date of the calendar")
}
