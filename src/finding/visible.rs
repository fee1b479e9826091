//! What a terminal or a log is shown of a text from outside: nothing in it moves the cursor, colours, rings or turns around.
//! What stands in mails is cleaned in `mail`.

use std::borrow::Cow;

/// Stands for what has no picture.
const UNSHOWN: char = char::REPLACEMENT_CHARACTER;

/// Returns `text` with a picture in the place of every character that a terminal would obey: `␛` for an escape.
///
/// Line ends and tabs stay. What turns the reading direction around becomes `�`, as in reports of compilers.
pub fn visible(text: &str) -> Cow<'_, str> {
    if text.chars().any(is_obeyed) {
        Cow::Owned(text.chars().map(|c| if is_obeyed(c) { picture(c) } else { c }).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// Tells whether a terminal does something else with a character than to show it.
///
/// C1 controls are sequences of their own to some terminals: `U+009B` is an escape and a bracket.
pub fn is_obeyed(c: char) -> bool {
    match c {
        '\n' | '\t' => false,
        '\u{061C}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{2028}'..='\u{202E}'
        | '\u{2066}'..='\u{2069}' => true,
        other => other.is_control(),
    }
}

fn picture(c: char) -> char {
    match c {
        '\u{7f}' => '␡',
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap_or(UNSHOWN),
        _ => UNSHOWN,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown_instead() {
        assert_eq!(visible("\u{1b}[2J\u{7}\r\u{8}\0\u{7f}"), "␛[2J␇␍␈␀␡");
        assert_eq!(visible("\u{9b}31m \u{90}x\u{85}"), "�31m �x�");
        assert_eq!(visible("a\u{202e}b\u{2066}c\u{200f}d\u{2028}e"), "a�b�c�d�e");
    }

    #[test]
    fn what_people_write_stays_as_it_is() {
        let text = "Byrådsavdeling for eldre\n\t– «tiltak» 1a 👩‍👩‍👧 מועד אחרון";
        assert!(matches!(visible(text), Cow::Borrowed(same) if same == text));
    }
}
