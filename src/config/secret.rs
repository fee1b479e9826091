//! A secret: a text that no log, error or debug print shows.
//! Where it was read from is in `config`.

use std::fmt;

/// A password.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes a text into custody.
    pub fn new(text: String) -> Self {
        Self(text)
    }

    /// Returns the text, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

/// What a password is called.
const NAMES: [&str; 4] = ["password", "passwd", "pass", "secret"];

/// Returns a text of `frist.toml` with stars in the place of passwords that stand where none belongs: behind
/// `password =`, also in an inline table, and in the address of a ledger. Every byte keeps its place.
pub fn without_passwords(text: &str) -> String {
    text.split_inclusive('\n').map(|line| without_logins(&without_named(line))).collect()
}

/// Puts stars behind the first name of a password and its `=`, up to the end of the line: where the password ends, a line
/// that is written wrongly does not say.
fn without_named(line: &str) -> String {
    let values = NAMES.iter().flat_map(|name| {
        line.match_indices(name).filter_map(|(at, _)| value_behind(line, at, at + name.len()))
    });
    match values.min() {
        Some(start) => [&line[..start], &stars(&line[start..])].concat(),
        None => line.to_owned(),
    }
}

/// Returns where the value begins, if what stands from `at` to `end` is a whole word with a `=` behind it.
fn value_behind(text: &str, at: usize, end: usize) -> Option<usize> {
    let in_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    if text[..at].ends_with(in_word) || text[end..].starts_with(in_word) {
        return None;
    }
    let behind = text[end..].trim_start_matches(['"', '\'']).trim_start_matches([' ', '\t']);
    let value = behind.strip_prefix('=')?;
    Some(text.len() - value.len())
}

/// Puts stars in the place of the password in `postgres://user:password@host`.
fn without_logins(line: &str) -> String {
    let Some((scheme, host)) =
        line.find("://").zip(line.rfind('@')).filter(|(scheme, host)| scheme < host)
    else {
        return line.to_owned();
    };
    let user = &line[scheme + 3..host];
    let password = scheme + 3 + user.find(':').map_or(user.len(), |colon| colon + 1);
    [&line[..password], &stars(&line[password..host]), &line[host..]].concat()
}

/// Puts a star in the place of every byte, blanks kept.
fn stars(text: &str) -> String {
    text.bytes()
        .map(|byte| if byte.is_ascii_whitespace() { char::from(byte) } else { '*' })
        .collect()
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_in_the_wrong_place_is_not_shown() {
        let shown = |text: &str| {
            let shown = without_passwords(text);
            assert_eq!(shown.len(), text.len(), "{text}");
            shown
        };
        assert_eq!(
            shown("[mail.smtp]\npassword = \"blåbær\"\nport = 25\n"),
            "[mail.smtp]\npassword = **********\nport = 25\n"
        );
        assert_eq!(shown("mail.smtp.password=x y"), "mail.smtp.password=* *");
        assert_eq!(
            shown("url = \"postgres://frist:a:b@c@host/frist\""),
            "url = \"postgres://frist:*****@host/frist\""
        );
        // An inline table, a quoted key, a name in an address.
        assert_eq!(
            shown("smtp = { username = \"f\", password = \"x\" }\nport = 25"),
            "smtp = { username = \"f\", password = *** *\nport = 25"
        );
        assert_eq!(shown("\"password\" = 'x'\n"), "\"password\" = ***\n");
        assert_eq!(
            shown("ulr = \"postgres://f:y@h/f?password=x\""),
            "ulr = \"postgres://f:*@h/f?password=**"
        );
        for harmless in [
            "[secret]",
            "compass = \"x\"",
            "url = \"postgres://frist@host/frist\"",
            "from = \"a@b\"",
            "password_file = \"x\"",
            "password",
            "",
        ] {
            assert_eq!(shown(harmless), harmless);
        }
    }
}
