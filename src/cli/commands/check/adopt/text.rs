//! The page for a terminal: 96 columns, readable without colour.
//! What stands on it is decided in `page`.

use unicode_segmentation::UnicodeSegmentation;

use super::page::{Page, Section};

/// How wide the page is.
const WIDTH: usize = 96;
/// A key is given at most so much room; a longer one stands on a line of its own.
const KEY: usize = 28;

/// Writes the page.
pub(super) fn text(page: &Page) -> String {
    let mut text = String::new();
    wrap(&page.title, 0, 0, &mut text);
    wrap(&format!("{} ({})", page.lead, page.size), 0, 0, &mut text);
    for section in &page.sections {
        write_section(section, &mut text);
    }
    text.push('\n');
    wrap(&page.footer, 0, 0, &mut text);
    text
}

fn write_section(section: &Section, text: &mut String) {
    text.push('\n');
    let count = if section.count > 0 { format!(" ({})", section.count) } else { String::new() };
    wrap(&format!("{}{count}", section.heading.to_uppercase()), 0, 0, text);
    wrap(&section.about, 0, 0, text);
    let keys = section.rows.iter().map(|row| width(&row.key)).filter(|width| *width <= KEY);
    let room = keys.max().unwrap_or(KEY);
    for row in &section.rows {
        let what = if row.detail.is_empty() {
            row.what.clone()
        } else {
            format!("{} – {}", row.what, row.detail)
        };
        if width(&row.key) <= room {
            let key = format!("  {}{}  ", row.key, " ".repeat(room - width(&row.key)));
            text.push_str(&key);
            wrap(&what, room + 4, room + 4, text);
        } else {
            wrap(&format!("  {}", row.key), 0, 2, text);
            text.push_str(&" ".repeat(room + 4));
            wrap(&what, room + 4, room + 4, text);
        }
    }
    if let Some(more) = &section.more {
        wrap(&format!("  {more}"), 0, 2, text);
    }
}

/// Adds `words` in lines; the first one begins at column `at`, the others at `indent`.
fn wrap(words: &str, at: usize, indent: usize, text: &mut String) {
    let mut column = at;
    let leading = words.len() - words.trim_start().len();
    text.push_str(&words[..leading]);
    column += leading;
    let mut is_first = true;
    for word in words.split_whitespace() {
        if !is_first && column + 1 + width(word) > WIDTH {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else if !is_first {
            text.push(' ');
            column += 1;
        }
        text.push_str(word);
        column += width(word);
        is_first = false;
    }
    text.push('\n');
}

/// Counts the characters as people do.
fn width(text: &str) -> usize {
    text.graphemes(true).count()
}
