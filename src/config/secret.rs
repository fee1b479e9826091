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

/// Returns a text of `frist.toml` with stars in the place of passwords that stand where none belongs: behind
/// `password =`, and in the address of a ledger. Every byte keeps its place.
pub fn without_passwords(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let name = key.trim().rsplit('.').next().unwrap_or_default();
        match value.find("://").zip(value.rfind('@')) {
            _ if matches!(name, "password" | "pass" | "passwd" | "secret") && !value.is_empty() => {
                shown.extend([key, "=", &stars(value)]);
            }
            Some((scheme, host)) if scheme < host => {
                let user = &value[scheme + 3..host];
                let password = user.find(':').map_or(user.len(), |colon| colon + 1);
                let start = scheme + 3 + password;
                let password = stars(&value[start..host]);
                shown.extend([key, "=", &value[..start], &password, &value[host..]]);
            }
            _ => shown.push_str(line),
        }
    }
    shown
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
        for harmless in [
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
