//! Working days against two other opinions: a list of Norway's holidays made elsewhere, and plain counting.
//! Clock changes are in `calendar_moments`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use frist::calendar::{Calendar, ExtraDay, FreeDay, Holidays, Span};
use proptest::prelude::*;

/// Norway's public holidays of 1950 to 2100 by Python's `holidays` 0.109, as `date TAB name`; of two names on one date both.
const HOLIDAYS: &str = include_str!("../data/holidays-no.txt");

/// The names of the list, and ours.
const NAMES: [(&str, &str); 12] = [
    ("New Year's Day", "New Year's Day"),
    ("Maundy Thursday", "Maundy Thursday"),
    ("Good Friday", "Good Friday"),
    ("Easter Sunday", "Easter Sunday"),
    ("Easter Monday", "Easter Monday"),
    ("Labor Day", "Labour Day"),
    ("Constitution Day", "Constitution Day"),
    ("Ascension Day", "Ascension Day"),
    ("Pentecost", "Whit Sunday"),
    ("Pentecost Monday", "Whit Monday"),
    ("Christmas Day", "Christmas Day"),
    ("Second Day of Christmas", "Boxing Day"),
];

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date of the tests")
}

fn norway() -> Calendar {
    Calendar::new(Holidays::Norway, BTreeMap::new())
}

#[test]
fn norways_holidays_are_those_of_another_library_from_1950_to_2100() {
    let mut listed = BTreeMap::new();
    for line in HOLIDAYS.lines() {
        let (day, names) = line.split_once('\t').unwrap();
        let translated = |name| NAMES.iter().find(|(theirs, _)| *theirs == name).unwrap().1;
        listed.insert(date(day), names.split("; ").map(translated).collect::<BTreeSet<_>>());
    }
    // The list leaves out the day of prayer, a public holiday until the law of 22 December 1950 moved it to a Sunday.
    listed.insert(date("1950-11-03"), BTreeSet::from(["Day of Prayer"]));

    let ours: Vec<_> = (1950..=2100).flat_map(|year| Holidays::Norway.of_year(year)).collect();
    assert_eq!(
        ours.iter().map(|(day, _)| *day).collect::<Vec<_>>(),
        listed.keys().copied().collect::<Vec<_>>(),
    );
    for (day, name) in ours {
        assert!(listed[&day].contains(name), "{day} is {:?}, not {name}", listed[&day]);
    }
}

/// Holidays on weekdays in some years by the same library, as `country TAB date`.
const ELSEWHERE: &str = include_str!("../data/holidays-elsewhere.txt");

#[test]
fn other_countries_have_the_weekday_holidays_of_another_library() {
    let listed: BTreeSet<(&str, NaiveDate)> = ELSEWHERE
        .lines()
        .map(|line| line.split_once('\t').unwrap())
        .map(|(code, day)| (code, date(day)))
        .collect();
    let mut ours = BTreeSet::new();
    for code in Holidays::codes().filter(|code| *code != "NO") {
        for year in [2000, 2011, 2024, 2050, 2100] {
            let days = Holidays::from_code(code).unwrap().of_year(year).into_iter();
            let weekdays = days.filter(|(day, _)| day.weekday().number_from_monday() <= 5);
            ours.extend(weekdays.map(|(day, _)| (code, day)));
        }
    }
    assert_eq!(ours, listed);
}

#[test]
fn another_country_makes_a_calendar() {
    let sweden = Calendar::new(Holidays::from_code("SE").unwrap(), BTreeMap::new());
    assert_eq!(sweden.free_day(date("2011-06-06")), Some(FreeDay::Holiday("Nationaldagen")));
    assert!(sweden.is_working_day(date("2011-05-17")));
    assert!(!sweden.is_working_day(date("2211-06-06")));
    // New Year's Day, even where chrono's calendar begins.
    assert!(!sweden.is_working_day(NaiveDate::MIN));
}

#[test]
fn a_date_rolls_over_easter() {
    let norway = norway();
    let before = |day| norway.on_or_before(date(day)).to_string();
    let after = |day| norway.on_or_after(date(day)).to_string();
    assert_eq!(before("2011-04-20"), "2011-04-20"); // the Wednesday before Maundy Thursday
    assert_eq!(before("2011-04-24"), "2011-04-20"); // Easter Sunday
    assert_eq!(before("2011-04-25"), "2011-04-20"); // Easter Monday
    assert_eq!(before("2011-05-01"), "2011-04-29"); // a Sunday and Labour Day
    assert_eq!(after("2011-04-21"), "2011-04-26");
    assert_eq!(after("2011-04-26"), "2011-04-26");
    assert_eq!(after("2011-12-24"), "2011-12-27"); // a Saturday, and the 26th is a holiday
    assert_eq!(before("2010-12-26"), "2010-12-24"); // Christmas Eve is a working day
}

#[test]
fn working_days_are_counted_strictly_before_and_after() {
    let norway = norway();
    assert_eq!(norway.workdays_before(date("2011-05-01"), 0), date("2011-05-01"));
    assert_eq!(norway.workdays_before(date("2011-05-01"), 1), date("2011-04-29"));
    assert_eq!(norway.workdays_before(date("2011-05-01"), 10), date("2011-04-13"));
    assert_eq!(norway.workdays_after(date("2011-04-20"), 1), date("2011-04-26"));
    assert_eq!(norway.workdays_after(date("2011-04-21"), 1), date("2011-04-26"));
    assert_eq!(norway.workdays_between(date("2011-04-20"), date("2011-04-26")), 1);
    assert_eq!(norway.workdays_between(date("2011-04-26"), date("2011-04-20")), 0);
    assert_eq!(norway.workdays_between(date("2011-01-01"), date("2011-12-31")), 253);
}

#[test]
fn the_reason_for_a_free_day_is_the_plans_own_then_the_holiday_then_the_weekend() {
    let extra = BTreeMap::from([
        (date("2011-05-17"), ExtraDay::Working),
        (date("2011-06-12"), ExtraDay::Free(Some("Flytting".to_owned()))),
        (date("2011-06-14"), ExtraDay::Free(None)),
        (date("2011-06-18"), ExtraDay::Working),
    ]);
    let calendar = Calendar::new(Holidays::Norway, extra);
    let why = |day| calendar.free_day(date(day));
    assert_eq!(why("2011-05-16"), None);
    assert_eq!(why("2011-05-17"), None);
    assert_eq!(why("2011-05-01"), Some(FreeDay::Holiday("Labour Day")));
    assert_eq!(why("2011-06-11"), Some(FreeDay::Weekend(Weekday::Sat)));
    assert_eq!(why("2011-06-12"), Some(FreeDay::Extra(Some("Flytting".to_owned()))));
    assert_eq!(why("2011-06-13"), Some(FreeDay::Holiday("Whit Monday")));
    assert_eq!(why("2011-06-14"), Some(FreeDay::Extra(None)));
    assert_eq!(why("2011-06-18"), None);
    assert_eq!(calendar.on_or_after(date("2011-06-11")), date("2011-06-15"));
    assert_eq!(calendar.on_or_before(date("2011-06-19")), date("2011-06-18"));
}

#[test]
fn without_a_country_only_weekends_are_free() {
    let calendar = Calendar::default();
    assert!(calendar.is_working_day(date("2011-12-26")));
    assert_eq!(calendar.free_day(date("2011-12-25")), Some(FreeDay::Weekend(Weekday::Sun)));
}

#[test]
fn years_of_free_days_are_stepped_over() {
    for first in ["2011-01-01", "2099-06-01", "2150-01-01"] {
        let days = date(first).iter_days().take(1000);
        let free: BTreeMap<_, _> = days.map(|day| (day, ExtraDay::Free(None))).collect();
        let last = *free.keys().next_back().unwrap();
        let calendar = Calendar::new(Holidays::None, free);
        let found = calendar.on_or_after(date(first));
        assert!(found > last && found <= last + Days::new(3), "{first} to {found}");
        let found = calendar.on_or_before(last);
        assert!(found < date(first) && found >= date(first) - Days::new(3), "{last} to {found}");
        assert_eq!(calendar.workdays_between(date(first), last), 0);
    }
}

#[test]
fn what_chrono_cannot_hold_stays_where_it_is() {
    let calendar = norway();
    assert_eq!(calendar.workdays_before(date("2011-05-01"), u32::MAX), date("2011-05-01"));
    assert_eq!(calendar.workdays_after(date("2011-05-01"), u32::MAX), date("2011-05-01"));
    assert_eq!(calendar.workdays_before(NaiveDate::MIN, 1), NaiveDate::MIN);
    assert_eq!(calendar.workdays_after(NaiveDate::MAX, 1), NaiveDate::MAX);
}

#[test]
fn working_days_until_the_year_9999_are_counted_without_walking() {
    let counted = norway().workdays_between(date("2011-01-01"), date("9999-12-31"));
    let by_century = (2011..=9999).step_by(100).map(|year| {
        let from = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
        let until = NaiveDate::from_ymd_opt((year + 100).min(10_000), 1, 1).unwrap();
        norway().workdays_between(from, until.min(date("9999-12-31")))
    });
    assert_eq!(counted, by_century.sum::<i64>());
}

/// A calendar that knows nothing but the rules: what the fast one must agree with.
fn works(extra: &BTreeMap<NaiveDate, ExtraDay>, day: NaiveDate) -> bool {
    match extra.get(&day) {
        Some(ExtraDay::Working) => true,
        Some(ExtraDay::Free(_)) => false,
        None => day.weekday().number_from_monday() <= 5 && Holidays::Norway.on(day).is_none(),
    }
}

/// Dates inside the table, around both of its ends, and far away from it.
fn any_date() -> impl Strategy<Value = NaiveDate> {
    let around = |day: &str, days: i64| {
        let day = date(day);
        (-days..days).prop_map(move |n| day + chrono::TimeDelta::days(n))
    };
    prop_oneof![
        4 => around("2025-01-01", 27_000),
        1 => around("1950-01-01", 60),
        1 => around("2100-12-31", 60),
        1 => around("2300-01-01", 5000),
        1 => around("1800-01-01", 5000),
    ]
}

fn any_extra() -> impl Strategy<Value = BTreeMap<NaiveDate, ExtraDay>> {
    let day = prop_oneof![Just(ExtraDay::Working), Just(ExtraDay::Free(None))];
    prop::collection::btree_map(any_date(), day, 0..40)
}

/// A date and a calendar with some days of its own close to it.
fn any_world() -> impl Strategy<Value = (NaiveDate, BTreeMap<NaiveDate, ExtraDay>)> {
    let close = prop::collection::vec((-30_i64..30, any::<bool>()), 0..15);
    (any_date(), any_extra(), close).prop_map(|(date, mut extra, close)| {
        for (days, working) in close {
            let day = if working { ExtraDay::Working } else { ExtraDay::Free(None) };
            extra.insert(date + chrono::TimeDelta::days(days), day);
        }
        (date, extra)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_day_works_as_the_rules_say((day, extra) in any_world()) {
        let calendar = Calendar::new(Holidays::Norway, extra.clone());
        for day in (day - Days::new(40)).iter_days().take(80) {
            prop_assert_eq!(calendar.is_working_day(day), works(&extra, day));
            prop_assert_eq!(calendar.free_day(day).is_none(), works(&extra, day));
        }
    }

    #[test]
    fn rolling_finds_the_nearest_working_day_and_stays_there((day, extra) in any_world()) {
        let calendar = Calendar::new(Holidays::Norway, extra.clone());
        let before = calendar.on_or_before(day);
        let after = calendar.on_or_after(day);
        prop_assert_eq!(Some(before), day.iter_days().rev().find(|day| works(&extra, *day)));
        prop_assert_eq!(Some(after), day.iter_days().find(|day| works(&extra, *day)));
        prop_assert_eq!(calendar.on_or_before(before), before);
        prop_assert_eq!(calendar.on_or_after(after), after);
    }

    #[test]
    fn the_nth_working_day_is_strictly_before_or_after(
        (day, extra) in any_world(),
        n in 1_u32..60,
    ) {
        let calendar = Calendar::new(Holidays::Norway, extra.clone());
        let before = calendar.workdays_before(day, n);
        let after = calendar.workdays_after(day, n);
        prop_assert!(before < day && day < after);
        let place = usize::try_from(n).unwrap() - 1;
        let back = day.iter_days().rev().skip(1).filter(|day| works(&extra, *day)).nth(place);
        let on = day.iter_days().skip(1).filter(|day| works(&extra, *day)).nth(place);
        prop_assert_eq!((Some(before), Some(after)), (back, on));
    }

    #[test]
    fn so_many_working_days_back_and_on_again_lead_to_the_working_day(
        (day, extra) in any_world(),
        n in 0_u32..60,
    ) {
        let calendar = Calendar::new(Holidays::Norway, extra);
        let on = calendar.on_or_after(day);
        prop_assert_eq!(calendar.workdays_after(calendar.workdays_before(on, n), n), on);
        prop_assert_eq!(calendar.workdays_before(calendar.workdays_after(on, n), n), on);
        // From a free day, the way back ends on the working day before it.
        if !calendar.is_working_day(day) && n > 0 {
            let there = calendar.workdays_before(day, n);
            prop_assert_eq!(calendar.workdays_after(there, n), on);
        }
    }

    #[test]
    fn working_days_between_are_those_that_are_met_on_the_way(
        (from, extra) in any_world(),
        days in -10_i64..900,
    ) {
        let calendar = Calendar::new(Holidays::Norway, extra.clone());
        let until = from + chrono::TimeDelta::days(days);
        let met = from.iter_days().skip(1).take_while(|day| *day <= until);
        let counted = met.filter(|day| works(&extra, *day)).count();
        prop_assert_eq!(calendar.workdays_between(from, until), i64::try_from(counted).unwrap());
    }

    #[test]
    fn a_span_of_working_days_is_counted_by_the_calendar(day in any_date(), n in 1_u32..100) {
        let calendar = norway();
        let span = Span::workdays(i32::try_from(n).unwrap());
        prop_assert_eq!(span.from(day, &calendar), calendar.workdays_after(day, n));
        prop_assert_eq!((-span).from(day, &calendar), calendar.workdays_before(day, n));
        let counted = calendar.workdays_between(day, span.from(day, &calendar));
        prop_assert_eq!(counted, i64::from(n));
    }

    #[test]
    fn a_month_added_never_leaves_the_month_it_leads_to(day in any_date(), n in -500_i32..500) {
        let moved = Span::months(n).after(day);
        let month = |day: NaiveDate| day.year() * 12 + day.month0().cast_signed();
        prop_assert_eq!(month(moved), month(day) + n);
        let clamped = moved.succ_opt().unwrap().day() == 1;
        prop_assert!(moved.day() == day.day() || (clamped && moved.day() < day.day()));
    }
}
