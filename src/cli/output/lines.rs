//! JSON lines by the million: made on all cores, and by hand where serde would be asked ten times a line.
//! What a line of `frist forecast` looks like is fixed by `ForecastRow`; a test holds both ways of writing it equal.

use std::io::{self, Write};
use std::num::NonZero;
use std::thread;

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, Timelike};

use super::ForecastRow;
use super::cells::write_json;

/// So many lines are made at a time by one core: about a megabyte of text.
const PORTION: usize = 4_096;

/// Prints a line for each item, in order; `line` writes it without its end.
///
/// # Errors
/// If standard output cannot be written; a reader that has gone away is one of these.
pub(crate) fn print_lines<T: Sync>(
    items: &[T],
    line: impl Fn(&T, &mut Vec<u8>) + Sync,
) -> io::Result<()> {
    let write = |portion: &[T], text: &mut Vec<u8>| {
        for item in portion {
            line(item, text);
            text.push(b'\n');
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut texts = vec![Vec::new(); threads];
    let mut out = io::stdout().lock();
    for portions in items.chunks(PORTION * threads) {
        thread::scope(|scope| {
            for (portion, text) in portions.chunks(PORTION).zip(&mut texts) {
                scope.spawn(|| write(portion, text));
            }
        });
        for text in &mut texts {
            out.write_all(text)?;
            text.clear();
        }
    }
    out.flush()
}

impl ForecastRow<'_> {
    /// Writes the row as serde would, without asking it.
    pub(crate) fn write_json(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"{\"plan\":");
        string(out, self.plan);
        out.extend_from_slice(b",\"at\":\"");
        instant(out, self.at.0.0);
        out.extend_from_slice(b"\",\"deadline\":");
        optional(out, self.deadline.as_deref());
        out.extend_from_slice(b",\"measure\":");
        optional(out, self.measure);
        out.extend_from_slice(b",\"due\":");
        match &self.due {
            None => out.extend_from_slice(b"null"),
            Some(due) => match due.0.date_alone() {
                None => string(out, &due.0.to_string()),
                Some(due) => quoted_date(out, due),
            },
        }
        out.extend_from_slice(b",\"rule\":");
        string(out, self.rule);
        out.extend_from_slice(b",\"kind\":");
        string(out, self.kind);
        out.extend_from_slice(b",\"to\":");
        string(out, self.to);
        out.extend_from_slice(b",\"nominal\":");
        quoted_date(out, self.nominal.0);
        out.extend_from_slice(b",\"reason\":");
        string(out, &self.reason.0.to_string());
        out.push(b'}');
    }
}

fn optional(out: &mut Vec<u8>, text: Option<&str>) {
    match text {
        None => out.extend_from_slice(b"null"),
        Some(text) => string(out, text),
    }
}

#[allow(
    clippy::needless_bitwise_bool,
    reason = "without branches many bytes are looked at at once"
)]
fn string(out: &mut Vec<u8>, text: &str) {
    // Looking at every byte, and not only up to the first that is found, lets the compiler take many at a time.
    let escaped = text.bytes().fold(false, |escaped, byte| {
        escaped | (byte < b' ') | (byte == b'"') | (byte == b'\\') | is_first_of_obeyed(byte)
    });
    if escaped {
        write_json(out, &text).expect("a text is JSON, and memory takes it");
    } else {
        out.push(b'"');
        out.extend_from_slice(text.as_bytes());
        out.push(b'"');
    }
}

/// Tells whether a character that a terminal obeys may begin with this byte; others may too.
const fn is_first_of_obeyed(byte: u8) -> bool {
    matches!(byte, 0x7f | 0xc2 | 0xd8 | 0xe2)
}

fn instant(out: &mut Vec<u8>, at: DateTime<FixedOffset>) {
    let minutes = at.offset().local_minus_utc() / 60;
    let local = at.naive_local();
    date(out, local.date());
    for (before, number) in [(b'T', local.hour()), (b':', local.minute()), (b':', local.second())] {
        out.push(before);
        two_digits(out, number);
    }
    out.push(if minutes < 0 { b'-' } else { b'+' });
    two_digits(out, minutes.unsigned_abs() / 60);
    out.push(b':');
    two_digits(out, minutes.unsigned_abs() % 60);
}

fn quoted_date(out: &mut Vec<u8>, of: NaiveDate) {
    out.push(b'"');
    date(out, of);
    out.push(b'"');
}

fn date(out: &mut Vec<u8>, date: NaiveDate) {
    match u32::try_from(date.year()) {
        Ok(year) if year <= 9999 => {
            two_digits(out, year / 100);
            two_digits(out, year % 100);
            out.push(b'-');
            two_digits(out, date.month());
            out.push(b'-');
            two_digits(out, date.day());
        }
        _ => out.extend_from_slice(date.to_string().as_bytes()),
    }
}

fn two_digits(out: &mut Vec<u8>, number: u32) {
    let digit = |digit: u32| b'0' + u8::try_from(digit % 10).expect("a digit fits into a byte");
    out.extend_from_slice(&[digit(number / 10), digit(number)]);
}
