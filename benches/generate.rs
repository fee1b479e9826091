//! Writes a project folder with as many deadlines as one likes, the same on every machine and every time.
//! What is measured with it is in `peers.sh`; the same shape without files is built in `tick.rs`.
//!
//! `cargo run --example generate -- DEADLINES DIR` spreads them over three years: four steps each, 50 units.
//! `cargo run --example generate -- --mails UNITS DIR` lets one deadline a unit fall due on 1 March 2011.

use std::error::Error;
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use chrono::{Days, NaiveDate};

/// What four steps are: two reminders, and escalations until they have been told often enough.
const RULES: &str = "\
rule(\"deadline\")
    .remind(responsible, 30.days.before)
    .remind(responsible, 7.days.before)
    .escalate(owner, 1.day.after)
    .escalate(owner, 14.days.after.every(14.days).times(6));
";

const CONFIGURATION: &str = "plan = \"plan.json\"\nrules = \"rules\"\n";

const KINDS: [&str; 4] = ["summary", "note", "report", "survey"];
const MEASURES_A_GOAL: u32 = 100;
const DEADLINES_A_MEASURE: u32 = 3;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (shape, folder) = match words[..] {
        ["--mails", units, folder] => (Shape::one_mail_a_unit(units.parse()?), folder),
        [deadlines, folder] => (Shape::spread(deadlines.parse()?), folder),
        _ => return Err("usage: generate [--mails] NUMBER DIR".into()),
    };
    let folder = Path::new(folder);
    fs::create_dir_all(folder.join("rules"))?;
    fs::write(folder.join("rules/deadlines.rhai"), RULES)?;
    fs::write(folder.join("frist.toml"), CONFIGURATION)?;
    let mut plan = BufWriter::new(File::create(folder.join("plan.json"))?);
    shape.write(&mut plan)?;
    Ok(plan.flush()?)
}

/// What the plan looks like.
struct Shape {
    units: u32,
    deadlines: u32,
    first: NaiveDate,
    /// Due dates lie from `first` on, within so many days.
    days: u64,
    /// One deadline in so many has two responsible units; 0 is none.
    shared: u64,
}

impl Shape {
    /// Deadlines over three years, all notices of which lie between adoption and July 2014.
    fn spread(deadlines: u32) -> Self {
        let first = date(2011, 2, 15);
        let days = (date(2014, 3, 31) - first).num_days().unsigned_abs() + 1;
        Self { units: 50, deadlines, first, days, shared: 4 }
    }

    /// One deadline a unit, all on one day.
    fn one_mail_a_unit(units: u32) -> Self {
        Self { units, deadlines: units, first: date(2011, 3, 1), days: 1, shared: 0 }
    }

    fn write(&self, out: &mut impl Write) -> io::Result<()> {
        out.write_all(
            br#"{
"id": "generated", "title": "A generated plan", "language": "en", "zone": "Europe/Oslo", "holidays": "NO",
"adopted": "2011-01-01", "period": { "from": "2011-01-01", "until": "2013-12-31" }, "owner": "owner",
"units": [
  { "id": "owner", "name": "The plan's owner", "email": "owner@plan.example" }"#,
        )?;
        for unit in 1..=self.units {
            let id = unit_id(unit);
            write!(
                out,
                ",\n  {{ \"id\": \"{id}\", \"name\": \"Unit {unit}\", \"email\": \"{id}@units.example\" }}"
            )?;
        }
        out.write_all(b"\n],\n\"goals\": [")?;
        let mut dice = Dice(0x0066_7269_7374);
        let measures = self.deadlines.div_ceil(DEADLINES_A_MEASURE);
        for (goal, first) in (1..).zip((1..=measures).step_by(MEASURES_A_GOAL as usize)) {
            let comma = if goal > 1 { "," } else { "" };
            write!(
                out,
                "{comma}\n{{ \"id\": \"g{goal}\", \"title\": \"Goal {goal}\", \"measures\": ["
            )?;
            for measure in first..=measures.min(first + MEASURES_A_GOAL - 1) {
                out.write_all(if measure > first { b",\n" } else { b"\n" })?;
                self.write_measure(out, measure, &mut dice)?;
            }
            out.write_all(b" ] }")?;
        }
        out.write_all(b"\n] }\n")
    }

    fn write_measure(&self, out: &mut impl Write, measure: u32, dice: &mut Dice) -> io::Result<()> {
        let before = (measure - 1) * DEADLINES_A_MEASURE;
        let lead = unit_id(dice.unit(self.units));
        write!(
            out,
            "  {{ \"id\": \"m{measure:05}\", \"title\": \"Measure {measure}\", \
             \"responsible\": [\"{lead}\"], \"deadlines\": ["
        )?;
        for number in 1..=DEADLINES_A_MEASURE.min(self.deadlines - before) {
            let due = self.first + Days::new(dice.below(self.days));
            let kind = KINDS[((before + number) % 4) as usize];
            let comma = if number > 1 { "," } else { "" };
            write!(
                out,
                "{comma}\n    {{ \"id\": \"d{number}\", \"kind\": \"{kind}\", \"due\": \"{due}\""
            )?;
            if self.shared == 0 {
                // Whoever is to get exactly one mail is responsible for exactly one deadline.
                write!(out, ", \"responsible\": [\"{}\"]", unit_id(before + number))?;
            } else if dice.below(self.shared) == 0 {
                let (one, other) = dice.two_units(self.units);
                let (one, other) = (unit_id(one), unit_id(other));
                write!(out, ", \"responsible\": [\"{one}\", \"{other}\"]")?;
            }
            out.write_all(b" }")?;
        }
        out.write_all(b" ] }")
    }
}

/// Numbers that look like chance and are the same every time: Steele, Lea and Flood's `SplitMix64`.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }

    fn unit(&mut self, units: u32) -> u32 {
        1 + u32::try_from(self.below(units.into())).expect("less than the number of units")
    }

    fn two_units(&mut self, units: u32) -> (u32, u32) {
        let one = self.unit(units);
        (one, 1 + (one + self.unit(units - 1) - 1) % units)
    }
}

fn unit_id(unit: u32) -> String {
    format!("u{unit:02}")
}

fn date(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).expect("a date of the calendar")
}
