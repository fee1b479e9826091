//! Whether one notice reads the same on both sides, and which lines of its mail differ if not.
//! Putting a letter into words is dear, so letters are compared as values first.

use similar::{ChangeTag, TextDiff};

use super::Side;
use crate::letters::letters;
use crate::mail::{Letter, render};
use crate::schedule::Forecast;

/// Returns the lines that differ between the two mails that would carry the notice alone, each after a `-` or a `+`.
pub(super) fn differing_lines(was: (&Side, &Forecast), now: (&Side, &Forecast)) -> Vec<String> {
    let (Some(was), Some(now)) = (letter(was), letter(now)) else { return Vec::new() };
    if was == now {
        return Vec::new();
    }
    let (was, now) = (in_words(&was), in_words(&now));
    let differing = TextDiff::from_lines(&was, &now);
    differing
        .iter_all_changes()
        .filter_map(|line| {
            let sign = match line.tag() {
                ChangeTag::Equal => return None,
                ChangeTag::Delete => '-',
                ChangeTag::Insert => '+',
            };
            let line = line.value().trim_end();
            (!line.is_empty()).then(|| format!("{sign} {line}"))
        })
        .collect()
}

/// Writes the letter that would carry the notice alone.
fn letter((side, told): (&Side, &Forecast)) -> Option<Letter> {
    let notice = std::slice::from_ref(&told.notice);
    let mut letters = letters(&side.schedule, &side.history, notice, &[], told.at());
    letters.next().map(|addressed| addressed.letter)
}

fn in_words(letter: &Letter) -> String {
    let rendered = render(letter);
    format!("Subject: {}\n\n{}", rendered.subject, rendered.text)
}
