//! Sending dates across clock changes, against `chrono-tz` asked directly.
//! Working days are in `calendar`.

use chrono::{
    DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc,
};
use chrono_tz::{TZ_VARIANTS, Tz};
use frist::calendar::Moments;
use frist::calendar::moment::instant;
use proptest::prelude::*;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date of the tests")
}

/// The instant at which mails of `day` go out, as the plan's zone writes it.
fn sent(zone: Tz, day: &str, send_at: &str) -> String {
    let send_at: NaiveTime = send_at.parse().expect("a time of the tests");
    let moments = Moments::new(zone, send_at);
    let at = moments.of(date(day));
    assert_eq!(at, instant(zone, date(day).and_time(send_at)));
    moments.local(at).to_rfc3339()
}

#[test]
fn mails_go_out_at_the_same_local_time_all_year() {
    let oslo = chrono_tz::Europe::Oslo;
    assert_eq!(sent(oslo, "2011-03-26", "08:00:00"), "2011-03-26T08:00:00+01:00");
    assert_eq!(sent(oslo, "2011-03-27", "08:00:00"), "2011-03-27T08:00:00+02:00");
    assert_eq!(sent(oslo, "2011-04-01", "08:00:00"), "2011-04-01T08:00:00+02:00");
    assert_eq!(sent(oslo, "2011-10-30", "08:00:00"), "2011-10-30T08:00:00+01:00");
}

#[test]
fn a_skipped_time_is_the_first_instant_after_the_change() {
    let oslo = chrono_tz::Europe::Oslo;
    assert_eq!(sent(oslo, "2011-03-27", "01:59:59"), "2011-03-27T01:59:59+01:00");
    assert_eq!(sent(oslo, "2011-03-27", "02:00:00"), "2011-03-27T03:00:00+02:00");
    assert_eq!(sent(oslo, "2011-03-27", "02:30:00"), "2011-03-27T03:00:00+02:00");
    assert_eq!(sent(oslo, "2011-03-27", "03:00:00"), "2011-03-27T03:00:00+02:00");
}

#[test]
fn a_doubled_time_is_its_first_occurrence() {
    let oslo = chrono_tz::Europe::Oslo;
    assert_eq!(sent(oslo, "2011-10-30", "01:59:59"), "2011-10-30T01:59:59+02:00");
    assert_eq!(sent(oslo, "2011-10-30", "02:00:00"), "2011-10-30T02:00:00+02:00");
    assert_eq!(sent(oslo, "2011-10-30", "02:30:00"), "2011-10-30T02:30:00+02:00");
    assert_eq!(sent(oslo, "2011-10-30", "02:59:59"), "2011-10-30T02:59:59+02:00");
    assert_eq!(sent(oslo, "2011-10-30", "03:00:00"), "2011-10-30T03:00:00+01:00");
}

#[test]
fn a_day_without_a_midnight_starts_when_it_starts() {
    let sao_paulo = chrono_tz::America::Sao_Paulo;
    assert_eq!(sent(sao_paulo, "2011-10-16", "00:00:00"), "2011-10-16T01:00:00-02:00");
    assert_eq!(sent(sao_paulo, "2011-10-15", "23:59:59"), "2011-10-15T23:59:59-03:00");
    // And the last hour of 25 February 2012 comes twice.
    assert_eq!(sent(sao_paulo, "2012-02-25", "23:30:00"), "2012-02-25T23:30:00-02:00");
    assert_eq!(sent(sao_paulo, "2012-02-26", "00:00:00"), "2012-02-26T00:00:00-03:00");
}

#[test]
fn a_date_that_never_was_is_the_start_of_the_next() {
    let apia = chrono_tz::Pacific::Apia;
    assert_eq!(sent(apia, "2011-12-29", "08:00:00"), "2011-12-29T08:00:00-10:00");
    assert_eq!(sent(apia, "2011-12-30", "08:00:00"), "2011-12-31T00:00:00+14:00");
    assert_eq!(sent(apia, "2011-12-31", "08:00:00"), "2011-12-31T08:00:00+14:00");
}

#[test]
fn a_change_off_the_full_minute_is_met_to_the_second() {
    // Liberia left its offset of -0:44:30 at midnight.
    let monrovia = chrono_tz::Africa::Monrovia;
    assert_eq!(sent(monrovia, "1972-01-07", "00:10:00"), "1972-01-07T00:44:30+00:00");
}

#[test]
fn local_time_and_date_follow_the_zone() {
    let moments = Moments::new(chrono_tz::Europe::Oslo, NaiveTime::MIN);
    let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
    assert_eq!(moments.local(at("2011-03-27T00:59:59Z")).to_rfc3339(), "2011-03-27T01:59:59+01:00");
    assert_eq!(moments.local(at("2011-03-27T01:00:00Z")).to_rfc3339(), "2011-03-27T03:00:00+02:00");
    assert_eq!(moments.date_of(at("2010-12-31T22:59:59Z")), date("2010-12-31"));
    assert_eq!(moments.date_of(at("2010-12-31T23:00:00Z")), date("2011-01-01"));
    assert_eq!(moments.zone(), chrono_tz::Europe::Oslo);
}

#[test]
fn moments_can_be_shared_between_threads() {
    fn shared<T: Clone + Send + Sync + 'static>(_: &T) {}
    let moments = Moments::new(chrono_tz::Europe::Oslo, NaiveTime::MIN);
    shared(&moments);
    let clone = moments.clone();
    let other = std::thread::spawn(move || clone.of(date("2011-07-01"))).join().unwrap();
    assert_eq!(other, moments.of(date("2011-07-01")));
}

/// What `chrono-tz` says itself, second by second where a time is skipped.
fn asked(zone: Tz, local: NaiveDateTime) -> DateTime<Utc> {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => at.to_utc(),
        LocalResult::Ambiguous(one, other) => one.min(other).to_utc(),
        LocalResult::None => (1..=26 * 60 * 60)
            .map(|seconds| local + TimeDelta::seconds(seconds))
            .find_map(|local| zone.from_local_datetime(&local).earliest())
            .expect("no change skips more than a day")
            .to_utc(),
    }
}

#[test]
fn every_zone_has_the_changes_that_chrono_tz_knows() {
    // Every zone in some years, one look each 6 hours and 1 second: the table must not miss a change.
    for zone in TZ_VARIANTS.iter().step_by(7) {
        let moments = Moments::new(*zone, NaiveTime::MIN);
        for year in [1950, 1968, 2000, 2011, 2024] {
            let mut at = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap();
            for _ in 0..4 * 366 {
                let expected = at.with_timezone(zone);
                assert_eq!(moments.local(at).naive_local(), expected.naive_local(), "{zone} {at}");
                at += TimeDelta::seconds(6 * 60 * 60 + 1);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_moment_is_what_chrono_tz_says(
        zone in prop::sample::select(&TZ_VARIANTS[..]),
        // From 1945 to 2105: beyond both ends of the table.
        day in -9_131_i64..49_300,
        second in 0_u32..86_400,
    ) {
        let day = DateTime::UNIX_EPOCH.date_naive() + TimeDelta::days(day);
        let send_at = NaiveTime::from_num_seconds_from_midnight_opt(second, 0).unwrap();
        let expected = asked(zone, day.and_time(send_at));
        prop_assert_eq!(Moments::new(zone, send_at).of(day), expected);
        prop_assert_eq!(instant(zone, day.and_time(send_at)), expected);
    }

    #[test]
    fn local_time_is_what_chrono_tz_says(
        zone in prop::sample::select(&TZ_VARIANTS[..]),
        second in -788_918_400_i64..4_260_000_000,
    ) {
        let at = DateTime::from_timestamp(second, 0).unwrap();
        let moments = Moments::new(zone, NaiveTime::MIN);
        let expected = at.with_timezone(&zone);
        prop_assert_eq!(moments.local(at), expected.fixed_offset());
        prop_assert_eq!(moments.local(at).to_rfc3339(), expected.fixed_offset().to_rfc3339());
        prop_assert_eq!(moments.date_of(at), expected.date_naive());
    }
}

proptest! {
    // Each case looks through a whole year.
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn a_moment_is_what_chrono_tz_says_around_each_change(
        zone in prop::sample::select(&TZ_VARIANTS[..]),
        year in 1950_i32..2100,
        minutes in prop::collection::vec(-60_i64..28 * 60, 5),
    ) {
        let moments = Moments::new(zone, NaiveTime::MIN);
        let offset = |day: NaiveDate| *moments.local(moments.of(day)).offset();
        let days = NaiveDate::from_yo_opt(year, 1).unwrap().iter_days().take(366);
        for day in days.filter(|day| offset(*day) != offset(*day + Days::new(1))) {
            for minutes in &minutes {
                let local = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(*minutes);
                prop_assert_eq!(Moments::new(zone, local.time()).of(local.date()), asked(zone, local));
            }
        }
    }
}
