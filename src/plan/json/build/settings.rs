//! What holds for the whole plan: zone, language, calendar, period.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::{TZ_VARIANTS, Tz};

use super::values;
use crate::calendar::{Calendar, ExtraDay, Holidays};
use crate::finding::{nearest, quoted_list};
use crate::plan::json::file::{DayFile, PlanFile};
use crate::plan::json::place::{Part, Place, Remarks};
use crate::plan::{Language, Period, index};

/// What holds for the whole plan.
pub(super) struct Settings {
    pub(super) language: Language,
    pub(super) zone: Tz,
    pub(super) calendar: Calendar,
    pub(super) adopted: Option<NaiveDate>,
    pub(super) period: Option<Period>,
}

/// Reads what holds for the whole plan; a country's zone and language are the plan's unless it says otherwise.
pub(super) fn settings(file: &PlanFile<'_>, remarks: &mut Remarks) -> Settings {
    let holidays = file.holidays.as_deref().map(|code| holidays(code, remarks)).unwrap_or_default();
    let (zone, language) = match holidays {
        Holidays::Norway => (Tz::Europe__Oslo, Language::Bokmal),
        Holidays::Of(_) | Holidays::None => (Tz::UTC, Language::English),
    };
    let place = Part::Plan.at("language");
    Settings {
        language: self::language(file.language.as_deref(), place, remarks).unwrap_or(language),
        zone: file.zone.as_deref().and_then(|name| self::zone(name, remarks)).unwrap_or(zone),
        calendar: Calendar::new(holidays, extra_days(file, remarks)),
        adopted: values::date(file.adopted.as_deref(), Part::Plan.at("adopted"), remarks),
        period: file
            .period
            .as_ref()
            .and_then(|period| values::period(period, Part::Plan.at("period"), remarks)),
    }
}

/// Reads a language's code.
pub(super) fn language(
    code: Option<&str>,
    place: Place,
    remarks: &mut Remarks,
) -> Option<Language> {
    let code = code?;
    let language = Language::from_code(code);
    if language.is_none() {
        let message = format!("there are no mails in the language `{code}`");
        let help = "known are `nb` (Bokmål), `nn` (Nynorsk) and `en` (English)".to_owned();
        remarks.error("unknown_language", place, message, help);
    }
    language
}

fn holidays(code: &str, remarks: &mut Remarks) -> Holidays {
    if let Some(holidays) = Holidays::from_code(code) {
        return holidays;
    }
    let message = format!("the holidays of `{code}` are not known");
    let known = quoted_list(Holidays::codes());
    let help = format!(
        "known are {known}; leave the key out for weekends alone, and list other days in `free_days`"
    );
    remarks.error("unknown_holidays", Part::Plan.at("holidays"), message, help);
    Holidays::None
}

fn zone(name: &str, remarks: &mut Remarks) -> Option<Tz> {
    if let Ok(zone) = name.parse() {
        return Some(zone);
    }
    let zones = || TZ_VARIANTS.iter().map(|zone| zone.name());
    let city =
        |zone: &&str| zone.rsplit('/').next().is_some_and(|city| city.eq_ignore_ascii_case(name));
    let meant = zones().find(city).or_else(|| nearest(name, zones()));
    let help = match meant {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "zones are named as in the time zone database, such as `Europe/Oslo` or `UTC`"
            .to_owned(),
    };
    let message = format!("there is no time zone `{name}`");
    remarks.error("unknown_zone", Part::Plan.at("zone"), message, help);
    None
}

fn extra_days(file: &PlanFile<'_>, remarks: &mut Remarks) -> BTreeMap<NaiveDate, ExtraDay> {
    let mut days = BTreeMap::new();
    for (key, listed) in [("free_days", &file.free_days), ("working_days", &file.working_days)] {
        for (item, day) in listed.iter().flatten().enumerate() {
            let place = Part::Plan.at(key).item(index(item));
            let (text, name, place) = match day {
                DayFile::Date(date) => (date, None, place),
                DayFile::Named(day) => {
                    let name = day.name.as_deref();
                    (&day.date, values::text(name, place.key("name"), remarks), place.key("date"))
                }
            };
            let Some(date) = values::date(Some(text), place, remarks) else { continue };
            let day = if key == "free_days" { ExtraDay::Free(name) } else { ExtraDay::Working };
            if days.insert(date, day).is_some() {
                let message = format!("{date} is listed already");
                remarks.error("duplicate_day", place, message, None);
            }
        }
    }
    days
}
