//! Public holidays by rule: Norway's fixed days and days relative to Easter.
//! Other countries' are in `countries`; weekends and a plan's own days are the calendar's.

use chrono::{Datelike, Days, NaiveDate, TimeDelta, Weekday};

use super::countries::Country;

/// Whose public holidays a plan keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holidays {
    /// None: only Saturdays and Sundays are free.
    #[default]
    None,
    /// Norway's.
    Norway,
    /// Another country's.
    Of(Country),
}

const NORWAY: &str = "NO";

/// Norway's holidays on a fixed date: month, day, first year as a public holiday, name.
const NORWAY_FIXED: [(u32, u32, i32, &str); 5] = [
    (1, 1, i32::MIN, "New Year's Day"),
    // Both by the law of 26 April 1947 no. 1.
    (5, 1, 1947, "Labour Day"),
    (5, 17, 1947, "Constitution Day"),
    (12, 25, i32::MIN, "Christmas Day"),
    (12, 26, i32::MIN, "Boxing Day"),
];

/// Norway's holidays so many days after Easter Sunday, and their names.
const NORWAY_AROUND_EASTER: [(i64, &str); 7] = [
    (-3, "Maundy Thursday"),
    (-2, "Good Friday"),
    (0, "Easter Sunday"),
    (1, "Easter Monday"),
    (39, "Ascension Day"),
    (49, "Whit Sunday"),
    (50, "Whit Monday"),
];

impl Holidays {
    /// Reads a country's code in ISO 3166-1 as plan.json has it, such as `NO`; lower case is as good.
    pub fn from_code(code: &str) -> Option<Self> {
        if code.eq_ignore_ascii_case(NORWAY) {
            return Some(Self::Norway);
        }
        Country::from_code(code).map(Self::Of)
    }

    /// Returns the country's code; `None` where there are no holidays.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Norway => Some(NORWAY),
            Self::Of(country) => Some(country.code()),
        }
    }

    /// Lists all codes that [`Holidays::from_code`] reads: Norway's, then the others in order.
    pub fn codes() -> impl Iterator<Item = &'static str> {
        std::iter::once(NORWAY).chain(Country::codes())
    }

    /// Returns the name of the public holiday on `date`: Norway's in English, others' in their own language.
    ///
    /// Where two fall on one date, the one with the fixed date is told: 1 May 2008 is Labour Day, not Ascension Day.
    pub fn on(self, date: NaiveDate) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Norway => norway(date),
            Self::Of(country) => country.on(date),
        }
    }

    /// Returns the public holidays of a year with their names, by date, each date once.
    pub fn of_year(self, year: i32) -> Vec<(NaiveDate, &'static str)> {
        let mut dates = match self {
            Self::None => Vec::new(),
            Self::Norway => norway_of_year(year),
            Self::Of(country) => country.of_year(year),
        };
        // The sort is stable and fixed dates come first, so they are the ones that stay.
        dates.sort_by_key(|(date, _)| *date);
        dates.dedup_by_key(|(date, _)| *date);
        dates
    }
}

/// Returns the name of Norway's public holiday on `date`.
///
/// The law of 24 February 1995 no. 12 § 2 names the holy days, that of 26 April 1947 no. 1 adds 1 and 17 May. The
/// earlier law had the same holy days, so the list is the same in every year from 1951; in 1950 there was one more, the
/// day of prayer. Christmas Eve, Easter Eve and Whitsun Eve are no holidays by law.
fn norway(date: NaiveDate) -> Option<&'static str> {
    let fixed = NORWAY_FIXED.iter().find(|(month, day, since, _)| {
        date.day() == *day && date.month() == *month && date.year() >= *since
    });
    if let Some((.., name)) = fixed {
        return Some(name);
    }
    // No date outside these months is around Easter: most days are answered without its arithmetic.
    if let 3..=6 = date.month() {
        let distance = (date - easter_sunday(date.year())?).num_days();
        let movable = NORWAY_AROUND_EASTER.iter().find(|(days, _)| *days == distance);
        return movable.map(|(_, name)| *name);
    }
    (day_of_prayer(date.year()) == Some(date)).then_some(DAY_OF_PRAYER)
}

/// Lists Norway's public holidays of a year: the fixed dates first.
fn norway_of_year(year: i32) -> Vec<(NaiveDate, &'static str)> {
    let fixed = NORWAY_FIXED.iter().filter(|(_, _, since, _)| year >= *since).filter_map(
        |(month, day, _, name)| Some((NaiveDate::from_ymd_opt(year, *month, *day)?, *name)),
    );
    let easter = easter_sunday(year);
    let movable = NORWAY_AROUND_EASTER.iter().filter_map(|(days, name)| {
        Some((easter?.checked_add_signed(TimeDelta::days(*days))?, *name))
    });
    let prayer = day_of_prayer(year).map(|date| (date, DAY_OF_PRAYER));
    fixed.chain(movable).chain(prayer).collect()
}

const DAY_OF_PRAYER: &str = "Day of Prayer";

/// Returns the date of Norway's day of prayer (bots- og bededag) where it was a public holiday of its own.
///
/// The law of 28 May 1915 put it on the Friday before All Saints' Sunday, the first Sunday of November; the law of
/// 22 December 1950 moved it to a Sunday. So 3 November 1950 was the last one.
fn day_of_prayer(year: i32) -> Option<NaiveDate> {
    if !(1915..=1950).contains(&year) {
        return None;
    }
    let all_saints = NaiveDate::from_weekday_of_month_opt(year, 11, Weekday::Sun, 1)?;
    all_saints.checked_sub_days(Days::new(2))
}

/// Returns Easter Sunday of a year in the Gregorian calendar.
///
/// `None` only for a year that chrono cannot hold.
///
/// The rule is that of 1582: the first Sunday after the full moon on or after 21 March, the moon being that of the
/// church's tables, which repeat every 19 years and are corrected in some centuries.
pub fn easter_sunday(year: i32) -> Option<NaiveDate> {
    let century = year.div_euclid(100);
    // How far the tables' moon lags: leap days that centuries leave out, less the moon's own drift of 8 days in 2500 years.
    let lag = century - century.div_euclid(4) - (8 * century + 13).div_euclid(25);
    let golden = year.rem_euclid(19);
    let moon = (19 * golden + lag + 15).rem_euclid(30);
    // The tables never let the full moon fall on 19 April, nor twice in 19 years on 18 April.
    let moon = moon - i32::from(moon == 29 || (moon == 28 && golden > 10));
    let full_moon =
        NaiveDate::from_ymd_opt(year, 3, 21)?.checked_add_signed(TimeDelta::days(moon.into()))?;
    let to_sunday = 7 - full_moon.weekday().num_days_from_sunday();
    full_moon.checked_add_days(Days::new(to_sunday.into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn easter_is_right_in_the_years_that_are_hard() {
        for easter in [
            "1818-03-22", // the earliest there can be
            "1943-04-25", // the latest there can be
            "1954-04-18", // the full moon moved from 18 April to the 17th, a Saturday
            "1981-04-19", // the full moon moved from 19 April to the 18th
            "2000-04-23",
            "2008-03-23",
            "2011-04-24",
            "2038-04-25",
            "2076-04-19", // moved; the law itself would have said 22 March until it was mended in 2012
            "2100-03-28",
            "2285-03-22",
        ] {
            assert_eq!(easter_sunday(date(easter).year()), Some(date(easter)));
        }
    }

    #[test]
    fn a_date_and_its_year_tell_the_same_holidays() {
        for year in 1900..2200 {
            let listed = Holidays::Norway.of_year(year);
            let days = NaiveDate::from_yo_opt(year, 1).unwrap().iter_days();
            let found: Vec<_> = days
                .take_while(|day| day.year() == year)
                .filter_map(|day| Some((day, Holidays::Norway.on(day)?)))
                .collect();
            assert_eq!(listed, found, "{year}");
        }
    }

    #[test]
    fn the_spring_of_2011_has_its_holidays() {
        let named = |day| Holidays::Norway.on(date(day));
        assert_eq!(named("2011-04-20"), None);
        assert_eq!(named("2011-04-21"), Some("Maundy Thursday"));
        assert_eq!(named("2011-04-22"), Some("Good Friday"));
        assert_eq!(named("2011-04-23"), None);
        assert_eq!(named("2011-04-24"), Some("Easter Sunday"));
        assert_eq!(named("2011-04-25"), Some("Easter Monday"));
        assert_eq!(named("2011-05-01"), Some("Labour Day"));
        assert_eq!(named("2011-05-17"), Some("Constitution Day"));
        assert_eq!(named("2011-06-02"), Some("Ascension Day"));
        assert_eq!(named("2011-06-12"), Some("Whit Sunday"));
        assert_eq!(named("2011-06-13"), Some("Whit Monday"));
        assert_eq!(named("2011-12-24"), None);
    }

    #[test]
    fn of_two_holidays_on_one_date_the_fixed_one_is_told() {
        assert_eq!(Holidays::Norway.on(date("2008-05-01")), Some("Labour Day"));
        assert_eq!(Holidays::Norway.on(date("2012-05-17")), Some("Constitution Day"));
        assert_eq!(Holidays::Norway.of_year(2008).len(), 11);
    }

    #[test]
    fn the_first_and_the_seventeenth_of_may_are_holidays_since_1947() {
        assert_eq!(Holidays::Norway.on(date("1946-05-01")), None);
        assert_eq!(Holidays::Norway.on(date("1946-05-17")), None);
        assert_eq!(Holidays::Norway.on(date("1947-05-01")), Some("Labour Day"));
        assert_eq!(Holidays::Norway.on(date("1947-05-17")), Some("Constitution Day"));
    }

    #[test]
    fn codes_are_read_and_written() {
        assert_eq!(Holidays::from_code("NO"), Some(Holidays::Norway));
        assert_eq!(Holidays::from_code("no"), Some(Holidays::Norway));
        assert!(Holidays::from_code("SE").is_some_and(|se| se.code() == Some("SE")));
        assert_eq!(Holidays::from_code("Norge"), None);
        assert_eq!(Holidays::from_code("GB"), None);
        assert_eq!(Holidays::from_code(""), None);
        assert_eq!(Holidays::None.code(), None);
        for code in Holidays::codes() {
            assert_eq!(Holidays::from_code(code).and_then(Holidays::code), Some(code));
        }
    }
}
