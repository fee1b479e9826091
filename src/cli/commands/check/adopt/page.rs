//! The page in the plan's language: headings, sentences and rows, for a terminal and for a browser alike.
//! What is told is found in `advice::adoption`; how a page is laid out is in `text` and `html`.

use chrono::Datelike;
use serde::Serialize;

use crate::advice::{Adoption, Busy, Gap, Obstacle, OnFreeDay, Past};
use crate::calendar::FreeDay;
use crate::mail::line::Line;
use crate::mail::words::{Words, date_arguments};
use crate::plan::{DeadlineIx, Language, MeasureIx, Plan, UnitIx};
use crate::schedule::Topic;

/// So many rows of one section are shown to people; programs get them all.
const MOST: usize = 40;

/// One page about one plan.
#[derive(Debug, Serialize)]
pub(super) struct Page {
    pub(super) language: &'static str,
    pub(super) title: String,
    pub(super) lead: String,
    pub(super) size: String,
    pub(super) sections: Vec<Section>,
    pub(super) footer: String,
}

/// One thing to look at, with all its cases.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    pub(super) heading: String,
    /// What is wrong with it, or that all is well.
    pub(super) about: String,
    pub(super) rows: Vec<Row>,
    /// How many cases there are; not all may be shown.
    pub(super) count: usize,
    /// What stands for those that are not shown.
    pub(super) more: Option<String>,
}

/// One case: where or when, what, and the rest of it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) key: String,
    pub(super) what: String,
    pub(super) detail: String,
}

/// What speaks about a plan in its language.
struct Speaker<'a> {
    plan: &'a Plan,
    words: Words,
}

/// Writes the page about `plan`.
pub(super) fn page(plan: &Plan, found: &Adoption) -> Page {
    let own = match plan.language {
        Language::Bokmal => include_str!("words/nb.ftl"),
        Language::Nynorsk => include_str!("words/nn.ftl"),
        Language::English => include_str!("words/en.ftl"),
    };
    let speaker = Speaker { plan, words: Words::with(plan.language, own) };
    let words = &speaker.words;
    let sections = speaker.sections(found);
    let count: usize = sections.iter().map(|section| section.count).sum();
    let day = words.weekday_and_date(found.day);
    let size = [
        ("measures", plan.measures.len().into()),
        ("deadlines", plan.deadlines.len().into()),
        ("units", plan.units.len().into()),
    ];
    Page {
        language: plan.language.code(),
        title: Line::new(&plan.title).into_text(),
        lead: words.say("adopt-lead", [("n", count.into()), ("day", day.into())]).into_text(),
        size: words.say("adopt-size", size).into_text(),
        sections,
        footer: words.say("adopt-footer", []).into_text(),
    }
}

impl Speaker<'_> {
    fn sections(&self, found: &Adoption) -> Vec<Section> {
        let rows_of = |obstacle: Obstacle| {
            let about = found.unremindable.iter().filter(|it| it.obstacle == obstacle);
            let names: Vec<Line> = about.map(|it| self.topic(it.topic)).collect();
            (names.len(), (!names.is_empty()).then(|| self.obstacle(obstacle, &names)))
        };
        let obstacles = [Obstacle::NoDate, Obstacle::NoUnit, Obstacle::NoAddress, Obstacle::NoRule]
            .map(rows_of);
        let hindered = obstacles.iter().map(|(count, _)| count).sum();
        let mut unremindable = self.section(
            "adopt-unremindable",
            obstacles.into_iter().filter_map(|(_, row)| row).collect(),
        );
        unremindable.count = hindered;
        vec![
            self.section("adopt-gaps", found.gaps.iter().map(|it| self.gap(*it)).collect()),
            self.section("adopt-free", found.on_free_days.iter().map(|it| self.free(it)).collect()),
            self.section("adopt-past", found.past.iter().map(|it| self.past(*it)).collect()),
            self.section("adopt-busy", found.busy.iter().map(|it| self.busy(it)).collect()),
            unremindable,
            self.section(
                "adopt-address",
                found.without_address.iter().map(|unit| self.silent(*unit)).collect(),
            ),
        ]
    }

    fn section(&self, id: &str, mut rows: Vec<Row>) -> Section {
        let about = if rows.is_empty() { "none" } else { "about" };
        let count = rows.len();
        rows.truncate(MOST);
        let more = count - rows.len();
        Section {
            heading: self.say(id),
            about: self.say(&format!("{id}-{about}")),
            rows,
            count,
            more: (more > 0)
                .then(|| self.words.say("adopt-more", [("n", more.into())]).into_text()),
        }
    }

    fn gap(&self, gap: Gap) -> Row {
        let lacks = match (gap.no_date, gap.no_unit) {
            (true, false) => "date",
            (false, true) => "unit",
            _ => "both",
        };
        let (measure, detail) = match gap.topic {
            Topic::Deadline { ix, .. } => {
                let title = self.title(ix);
                let lacking = [("title", title.into()), ("lacks", lacks.into())];
                (self.plan.deadline(ix).measure, self.words.say("adopt-lacking", lacking))
            }
            Topic::Measure(ix) => (ix, self.words.say("adopt-lacks", [("lacks", lacks.into())])),
            Topic::Plan => (MeasureIx(0), Line::default()),
        };
        let measure = self.plan.measure(measure);
        row(&Line::new(&measure.id), &Line::new(&measure.title), &detail)
    }

    fn free(&self, day: &OnFreeDay) -> Row {
        let (why, name) = match &day.why {
            FreeDay::Holiday(name) => ("named", self.words.holiday(name)),
            FreeDay::Extra(Some(name)) => ("named", Line::new(name)),
            FreeDay::Weekend(_) | FreeDay::Extra(None) => ("weekend", Line::default()),
        };
        let [day_of_month, month, year, weekday] = date_arguments(day.workday_before);
        let before =
            [("why", why.into()), ("name", name.into()), day_of_month, month, year, weekday];
        let what = self.words.list(&self.names(&day.deadlines));
        let key = self.words.weekday_and_date(day.date);
        row(&key, &what, &self.words.say("adopt-free-before", before))
    }

    fn past(&self, past: Past) -> Row {
        let since = self.words.say("adopt-past-days", [("n", past.days.into())]);
        row(&self.words.date(past.due.date), &self.name(past.deadline), &since)
    }

    fn busy(&self, busy: &Busy) -> Row {
        let week = busy.monday.iso_week();
        let year = i64::from(week.year());
        let week = [("week", i64::from(week.week()).into()), ("year", year.into())];
        let names = self.words.list(&self.names(&busy.deadlines));
        row(&self.words.say("adopt-week", week), &self.unit(busy.unit), &names)
    }

    fn obstacle(&self, obstacle: Obstacle, names: &[Line]) -> Row {
        let key = match obstacle {
            Obstacle::NoDate => "date",
            Obstacle::NoUnit => "unit",
            Obstacle::NoAddress => "address",
            Obstacle::NoRule => "rule",
        };
        let key = self.words.say("adopt-obstacle", [("obstacle", key.into())]);
        row(&key, &self.words.list(names), &Line::default())
    }

    fn silent(&self, unit: UnitIx) -> Row {
        let charged = self.plan.measures.iter().filter(|it| it.responsible.contains(&unit));
        let ids: Vec<Line> = charged.map(|measure| Line::new(&measure.id)).collect();
        let detail = match &ids[..] {
            [] => Line::default(),
            ids => self.words.say("adopt-address-of", [("what", self.words.list(ids).into())]),
        };
        row(&Line::new(&self.plan.unit(unit).id), &self.unit(unit), &detail)
    }

    fn say(&self, id: &str) -> String {
        self.words.say(id, []).into_text()
    }

    fn unit(&self, unit: UnitIx) -> Line {
        Line::new(&self.plan.unit(unit).name)
    }

    fn topic(&self, topic: Topic) -> Line {
        match topic {
            Topic::Deadline { ix, .. } => self.name(ix),
            Topic::Measure(ix) => {
                let measure = self.plan.measure(ix);
                Line::new(&format!("{} {}", measure.id, measure.title))
            }
            Topic::Plan => Line::new(&self.plan.title),
        }
    }

    fn names(&self, deadlines: &[DeadlineIx]) -> Vec<Line> {
        deadlines.iter().map(|ix| self.name(*ix)).collect()
    }

    /// Names a deadline as the plan's readers know it: "1a Oppsummering av botilbudene".
    fn name(&self, ix: DeadlineIx) -> Line {
        let measure = self.plan.measure(self.plan.deadline(ix).measure);
        Line::new(&format!("{} {}", measure.id, self.title(ix)))
    }

    fn title(&self, ix: DeadlineIx) -> Line {
        let deadline = self.plan.deadline(ix);
        let of_measure = &self.plan.measure(deadline.measure).title;
        Line::new(deadline.title.as_ref().unwrap_or(of_measure))
    }
}

fn row(key: &Line, what: &Line, detail: &Line) -> Row {
    let text = |line: &Line| line.as_str().to_owned();
    Row { key: text(key), what: text(what), detail: text(detail) }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Words;
    use crate::plan::Language;

    const SOURCES: [(Language, &str); 3] = [
        (Language::Bokmal, include_str!("words/nb.ftl")),
        (Language::Nynorsk, include_str!("words/nn.ftl")),
        (Language::English, include_str!("words/en.ftl")),
    ];

    /// Returns the messages of a language with their variables and cases.
    fn messages(source: &str) -> BTreeSet<String> {
        let message = |text: &str| {
            let id = text.split(' ').next().unwrap_or_default().to_owned();
            let inside = text.split(['{', '[']).skip(1);
            let mut parts: BTreeSet<&str> = inside
                .filter_map(|part| part.split(['}', ']', '-']).next())
                .map(str::trim)
                .filter(|part| part.starts_with('$') || *part == "one")
                .collect();
            parts.remove("");
            format!("{id} {parts:?}")
        };
        source.split("\nadopt-").skip(1).map(message).collect()
    }

    #[test]
    fn the_three_languages_say_the_same_things() {
        let [nb, nn, en] = SOURCES.map(|(_, source)| messages(source));
        assert!(en.len() > 20, "{en:?}");
        assert_eq!((&nb, &nn), (&en, &en));
        for (language, source) in SOURCES {
            // Making the words fails on a message that cannot be read or stands twice.
            let words = Words::with(language, source);
            assert_ne!(words.say("adopt-footer", []).as_str(), "adopt-footer");
        }
    }
}
