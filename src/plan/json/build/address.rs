//! Mail addresses, as far as a plan can tell: `local@domain`. Whether anyone reads there, only mail can tell.

use thiserror::Error;

/// Why a text is no mail address.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum AddressError {
    #[error("the address is empty")]
    Empty,
    #[error("`{0}` is more than a mail address")]
    Decorated(String),
    #[error("`{0}` is more than one mail address")]
    Several(String),
    #[error("`{0}` is not a mail address: it has no `@`")]
    NoAt(String),
    #[error("`{0}` is not a mail address: nothing good stands before the `@`")]
    BadLocal(String),
    #[error("`{0}` is not a mail address: no domain stands after the `@`")]
    BadDomain(String),
}

impl AddressError {
    /// Says what to write instead, where there is more to say.
    pub(super) fn help(&self) -> Option<String> {
        match self {
            Self::Empty => Some("leave `email` out if there is none yet".into()),
            Self::Decorated(_) => Some(
                "the address alone belongs here, such as `post@example.org`; the name is in `name`"
                    .into(),
            ),
            Self::Several(_) => {
                Some("make the unit a group: a unit for each address, named in `members`".into())
            }
            Self::NoAt(_) | Self::BadLocal(_) | Self::BadDomain(_) => None,
        }
    }
}

/// Checks `local@domain`: letters of any script in both, no quotes, no comments; `localhost` is a domain.
pub(super) fn check(address: &str) -> Result<(), AddressError> {
    let wrong = |error: fn(String) -> AddressError| Err(error(address.to_owned()));
    if address.trim().is_empty() {
        return Err(AddressError::Empty);
    }
    if address.matches('@').count() > 1 || address.contains([',', ';']) {
        return wrong(AddressError::Several);
    }
    if address.contains(['<', '>']) || address.starts_with("mailto:") || address.trim() != address {
        return wrong(AddressError::Decorated);
    }
    let Some((local, domain)) = address.split_once('@') else { return wrong(AddressError::NoAt) };
    let may_be_local = |char: char| char.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(char);
    let is_local_part = |part: &str| !part.is_empty() && part.chars().all(may_be_local);
    if local.len() > 64 || !local.split('.').all(is_local_part) {
        return wrong(AddressError::BadLocal);
    }
    let may_be_domain = |char: char| char.is_alphanumeric() || char == '-';
    let is_domain_part = |label: &str| {
        let framed = label.starts_with('-') || label.ends_with('-');
        (1..=63).contains(&label.len()) && !framed && label.chars().all(may_be_domain)
    };
    if domain.len() > 253 || !domain.split('.').all(is_domain_part) {
        return wrong(AddressError::BadDomain);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mail_can_go_to_are_taken() {
        let good = [
            "post@example.org",
            "a.b+c@x-y.example",
            "frist@localhost",
            "o'neil@example.org",
            "grünerløkka@bydel.example",
            "post@blåbær.example",
        ];
        for address in good {
            assert_eq!(check(address), Ok(()), "{address}");
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        let is = |address: &str, error: fn(String) -> AddressError| {
            assert_eq!(check(address), Err(error(address.into())), "{address}");
        };
        is("post.example.org", AddressError::NoAt);
        is("@example.org", AddressError::BadLocal);
        is("a..b@example.org", AddressError::BadLocal);
        is("a b@example.org", AddressError::BadLocal);
        is("post@", AddressError::BadDomain);
        is("post@example..org", AddressError::BadDomain);
        is("post@-example.org", AddressError::BadDomain);
        is("post@example.org\r\nBcc:x", AddressError::BadDomain);
        is("a@example.org, b@example.org", AddressError::Several);
        is("Post <post@example.org>", AddressError::Decorated);
        is("mailto:post@example.org", AddressError::Decorated);
        assert_eq!(check(" "), Err(AddressError::Empty));
    }
}
