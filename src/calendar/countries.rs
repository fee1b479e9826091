//! Public holidays of other countries than Norway, by the rules in the crate `holidays-rs`.
//! Norway's own rules, and what a plan may name, are in `holidays`.

use chrono::{Datelike, NaiveDate};
use holidays_rs::{Calendar, Country as Rules};

/// A country whose public holidays are known from 2000 on.
///
/// Holidays of the whole country only: what Bavaria or Madeira keeps for itself belongs to a plan's extra days. A holiday
/// that is moved off a weekend (as in the United States) counts on the day on which it is kept. Names are in the
/// country's language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Country {
    code: &'static str,
    rules: Rules,
}

/// The countries of the crate that agreed with a second library (Python's `holidays` 0.109) on every weekday from 2000
/// to 2100 and have Saturday and Sunday as their weekend. Others of the crate, such as GB and CA, mix in what only a
/// part of the country keeps. Some differ before 2000, where laws changed.
const COUNTRIES: [(&str, Rules); 36] = [
    ("AD", Rules::Andorra),
    ("AT", Rules::Austria),
    ("AU", Rules::Australia),
    ("AX", Rules::AlandIslands),
    ("BE", Rules::Belgium),
    ("BR", Rules::Brazil),
    ("CH", Rules::Switzerland),
    ("CY", Rules::Cyprus),
    ("CZ", Rules::Czechia),
    ("DE", Rules::Germany),
    ("DK", Rules::Denmark),
    ("EE", Rules::Estonia),
    ("FI", Rules::Finland),
    ("FO", Rules::FaroeIslands),
    ("FR", Rules::France),
    ("GL", Rules::Greenland),
    ("GR", Rules::Greece),
    ("HR", Rules::Croatia),
    ("IS", Rules::Iceland),
    ("IT", Rules::Italy),
    ("LI", Rules::Liechtenstein),
    ("LT", Rules::Lithuania),
    ("LU", Rules::Luxembourg),
    ("MC", Rules::Monaco),
    ("MT", Rules::Malta),
    ("MX", Rules::Mexico),
    ("NL", Rules::Netherlands),
    ("NZ", Rules::NewZealand),
    ("PL", Rules::Poland),
    ("PT", Rules::Portugal),
    ("RO", Rules::Romania),
    ("SE", Rules::Sweden),
    ("SI", Rules::Slovenia),
    ("SJ", Rules::SvalbardAndJanMayen),
    ("SK", Rules::Slovakia),
    ("US", Rules::UnitedStates),
];

impl Country {
    /// Reads a country's code in ISO 3166-1; lower case is as good.
    pub fn from_code(code: &str) -> Option<Self> {
        let known = COUNTRIES.iter().find(|(known, _)| known.eq_ignore_ascii_case(code));
        known.map(|(code, rules)| Self { code, rules: *rules })
    }

    /// Returns the country's code.
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Lists all codes that [`Country::from_code`] reads, in order.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        COUNTRIES.iter().map(|(code, _)| *code)
    }

    /// Returns the country's holidays of a year, by date; some dates may have two.
    pub(super) fn of_year(self, year: i32) -> Vec<(NaiveDate, &'static str)> {
        Calendar::new(self.rules)
            .holidays_in(year)
            .into_iter()
            .filter_map(|(date, name)| {
                let date = NaiveDate::from_ymd_opt(date.year, date.month.into(), date.day.into())?;
                Some((date, name))
            })
            .collect()
    }

    /// Returns the name of the country's holiday on `date`: a look through its year, so not for hot loops.
    pub(super) fn on(self, date: NaiveDate) -> Option<&'static str> {
        let year = self.of_year(date.year());
        year.into_iter().find(|(day, _)| *day == date).map(|(_, name)| name)
    }
}
