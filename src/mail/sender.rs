//! Who writes, and to which address: mailboxes and addresses, parsed once from what people wrote.
//! Where the strings come from is in `config` and `plan`; how they stand in a mail is in `mime`.

use lettre::Address;
use lettre::address::AddressError;
use lettre::message::Mailbox;

/// Who a mail is from, and who gets the answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sender {
    /// What stands in `From`; its address is also where the mail server sends bounces.
    pub from: Mailbox,
    /// What stands in `Reply-To`.
    pub reply_to: Option<Mailbox>,
}

/// Why a sender cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SenderError {
    /// The `from` of the configuration is no mailbox.
    #[error("from `{text}` is not written as `name <local@domain>` or `local@domain`")]
    From {
        /// What was written.
        text: String,
        /// What is wrong with the address in it.
        #[source]
        source: AddressError,
    },
    /// The `reply_to` of the configuration is no mailbox.
    #[error("reply_to `{text}` is not written as `name <local@domain>` or `local@domain`")]
    ReplyTo {
        /// What was written.
        text: String,
        /// What is wrong with the address in it.
        #[source]
        source: AddressError,
    },
}

impl Sender {
    /// Reads the sender from `frist <frist@localhost>`, and who gets the answer from the same form.
    ///
    /// # Errors
    /// The one of the two that is no mailbox.
    pub fn parse(from: &str, reply_to: Option<&str>) -> Result<Self, SenderError> {
        let from =
            mailbox(from).map_err(|source| SenderError::From { text: from.to_owned(), source })?;
        let reply_to = reply_to
            .map(|text| {
                mailbox(text)
                    .map_err(|source| SenderError::ReplyTo { text: text.to_owned(), source })
            })
            .transpose()?;
        Ok(Self { from, reply_to })
    }

    /// Returns the domain of `from`: the right side of `Message-ID` and `List-Id`.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }
}

/// Reads a mailbox, `name <local@domain>` or `local@domain`; the name may stand in quotes.
///
/// Stricter than lettre's own reader, which passes over whatever follows the first address.
///
/// # Errors
/// What is wrong with the address.
pub fn mailbox(text: &str) -> Result<Mailbox, AddressError> {
    let text = text.trim();
    let Some(inner) = text.strip_suffix('>') else {
        return Ok(Mailbox::new(None, address(text)?));
    };
    let (name, inner) = inner.rsplit_once('<').ok_or(AddressError::Unbalanced)?;
    if name.contains(['<', '>']) || name.contains(char::is_control) {
        return Err(AddressError::InvalidInput);
    }
    let name = name.trim();
    let name = name.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(name);
    let name = name.replace("\\\"", "\"");
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address(inner)?))
}

/// Reads an address, `local@domain`, with an international domain in the ASCII form that every mail server knows.
///
/// # Errors
/// What is wrong with the address.
pub fn address(text: &str) -> Result<Address, AddressError> {
    let address: Address = text.parse()?;
    if address.domain().is_ascii() {
        return Ok(address);
    }
    let domain =
        idna::domain_to_ascii(address.domain()).map_err(|_| AddressError::InvalidDomain)?;
    Address::new(address.user(), domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_is_read_with_and_without_a_name() {
        let read = |text| mailbox(text).map(|read| (read.name, read.email.to_string()));
        let named = |name: &str, email: &str| Ok((Some(name.to_owned()), email.to_owned()));
        assert_eq!(read("frist <frist@localhost>"), named("frist", "frist@localhost"));
        assert_eq!(
            read("\"Bærum, plan\" <plan@example.org>"),
            named("Bærum, plan", "plan@example.org")
        );
        assert_eq!(read("Å \\\"Ø\\\" <a@b.no>"), named("Å \"Ø\"", "a@b.no"));
        assert_eq!(read(" plan@example.org "), Ok((None, "plan@example.org".to_owned())));
        assert_eq!(read("<plan@example.org>"), Ok((None, "plan@example.org".to_owned())));
    }

    #[test]
    fn what_is_no_mailbox_is_refused() {
        for text in [
            "",
            "frist",
            "frist <frist>",
            "frist frist@localhost>",
            "a@b.no, c@d.no",
            "a <a@b.no> b",
            "a <a@b.no>, c <c@d.no>",
            "frist <a@b.no\r\nBcc: c@d.no>",
            "a\r\nBcc: c@d.no <a@b.no>",
            "@b.no",
            "a@",
            "a b@c.no",
        ] {
            assert!(mailbox(text).is_err(), "{text:?} was taken");
        }
    }

    #[test]
    fn an_error_names_the_key_and_what_was_written() {
        let error = Sender::parse("frist", None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "from `frist` is not written as `name <local@domain>` or `local@domain`"
        );
        let error = Sender::parse("a@b.no", Some("b@")).unwrap_err();
        assert!(error.to_string().starts_with("reply_to `b@`"), "{error}");
    }

    #[test]
    fn an_international_domain_becomes_ascii() {
        assert_eq!(address("plan@bærum.no").unwrap().to_string(), "plan@xn--brum-voa.no");
        assert_eq!(address("plån@example.no").unwrap().to_string(), "plån@example.no");
    }
}
