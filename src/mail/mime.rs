//! The MIME form of a message: the headers of CONTRACT.md, plain text and HTML side by side, ready for the wire.
//! What a message says is in `render`; how it is sent in `transport`.
//!
//! Everything that comes from a plan or a rule is hostile here: no name, subject or id can end a header or a body.

mod message_id;

use std::time::SystemTime;

use chrono::{DateTime, FixedOffset};
use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use crate::fingerprint::Fingerprint;
use crate::mail::Message;
use crate::mail::sender::{self, Sender};

pub use message_id::message_id;

/// The longest word that stands in a header as it is; RFC 5322 allows no line of more than 998 characters, and only
/// spaces let a line be folded.
const LONGEST_WORD: usize = 200;

/// Puts `message` into its MIME form, with CRLF at the end of every line.
///
/// Depends on its arguments only: the same message at the same moment is the same bytes. A message whose address
/// cannot be written has no `To`; the transports refuse it before.
#[expect(clippy::missing_panics_doc, reason = "what is expected below cannot fail")]
pub fn mime(message: &Message, sender: &Sender, date: DateTime<FixedOffset>) -> Vec<u8> {
    let mut mail = lettre::Message::builder().from(tidy(&sender.from));
    if let Some(reply_to) = &sender.reply_to {
        mail = mail.reply_to(tidy(reply_to));
    }
    if let Ok(address) = sender::address(&message.address) {
        mail = mail.to(tidy(&Mailbox::new(Some(message.to_name.clone()), address)));
    }
    mail = mail
        .raw_header(header("Subject", &line(&message.subject)))
        // Replaced below; without it, lettre would read the wall clock.
        .date(SystemTime::UNIX_EPOCH)
        .raw_header(header("Message-ID", &angled(&message.message_id)));
    if let Some(thread) = &message.thread {
        mail = mail
            .raw_header(header("In-Reply-To", &angled(thread)))
            .raw_header(header("References", &angled(thread)));
    }
    let mut mail = mail
        .raw_header(header("Content-Language", message.language.code()))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("List-Id", &list_id(&message.plan, sender.domain())))
        .raw_header(header("X-Frist-Plan", &line(&message.plan)))
        .raw_header(header("X-Frist-Deadlines", &line(&message.deadlines.join(", "))))
        .envelope(envelope_unused(sender))
        .multipart(body(message))
        .expect("From and the envelope are set, which is all that lettre asks for");
    // lettre's own Date is always in UTC; the plan's offset says when it was for those who write.
    let date = date.format("%a, %-d %b %Y %H:%M:%S %z").to_string();
    mail.headers_mut().insert_raw(HeaderValue::dangerous_new_pre_encoded(
        HeaderName::new_from_ascii_str("Date"),
        date.clone(),
        date,
    ));
    mail.formatted()
}

/// Returns the two forms of the body, the better one last.
fn body(message: &Message) -> MultiPart {
    // `=_` is what quoted-printable never writes, so no body can hold a boundary.
    let boundary = format!("=_frist_{}", &digest(&message.message_id)[..32]);
    let part = |content_type, text: &str| {
        SinglePart::builder()
            .header(content_type)
            .header(ContentTransferEncoding::QuotedPrintable)
            // As bytes, since lettre would look through a text for line ends once more.
            .body(crlf(text).into_bytes())
    };
    MultiPart::alternative()
        .boundary(boundary)
        .singlepart(part(ContentType::TEXT_PLAIN, &message.text))
        .singlepart(part(ContentType::TEXT_HTML, &message.html))
}

/// Returns an envelope to please the builder; the transports make the real one.
fn envelope_unused(sender: &Sender) -> Envelope {
    Envelope::new(None, vec![sender.from.email.clone()]).expect("there is one recipient")
}

/// Makes a header; lettre folds the value and encodes what is not ASCII.
fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// Returns `text` as one line that a header can hold: no control characters, no endless words.
fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let words = words.filter(|word| !word.is_empty()).map(|word| {
        if word.len() <= LONGEST_WORD {
            return word.to_owned();
        }
        let kept = word.char_indices().map_while(|(at, c)| (at < LONGEST_WORD).then_some(c));
        kept.chain(['…']).collect()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Returns `mailbox` with a name that a header can hold.
fn tidy(mailbox: &Mailbox) -> Mailbox {
    let name = mailbox.name.as_deref().map(line).filter(|name| !name.is_empty());
    Mailbox::new(name, mailbox.email.clone())
}

/// Returns a message id in angle brackets, without anything that could end it early.
fn angled(id: &str) -> String {
    let id: String = id.chars().filter(|c| c.is_ascii_graphic() && !"<>".contains(*c)).collect();
    format!("<{id}>")
}

/// Returns the `List-Id` of a plan: its id as the label of a name in `domain` (RFC 2919).
fn list_id(plan: &str, domain: &str) -> String {
    let mut label: String = dot_atom(plan).chars().take(64).collect();
    if label != plan {
        // What could not be written is told apart by a few letters of its digest.
        label = format!("{label}-{}", &digest(plan)[..8]);
    }
    format!("<{label}.{}>", dot_atom(&domain.replace(['[', ']'], "")))
}

/// Returns `text` as words of ASCII letters, digits, `-` and `_` with a dot between two of them.
fn dot_atom(text: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
    let text: String = text.chars().map(plain).collect();
    text.split('.').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(".")
}

/// Returns `text` with CRLF at the end of every line and without control characters.
///
/// Up to 0.11.23 lettre does not stuff a dot after a bare line feed, which some servers take for the end of the mail
/// (SMTP smuggling); so none may be left when lettre sees it.
fn crlf(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 32);
    for piece in text.split_inclusive('\n') {
        let (line, end) = match piece.strip_suffix('\n') {
            Some(line) => (line.strip_suffix('\r').unwrap_or(line), "\r\n"),
            None => (piece, ""),
        };
        if is_plain(line) {
            out.push_str(line);
        } else {
            for c in line.chars() {
                match c {
                    '\r' => out.push_str("\r\n"),
                    '\t' => out.push('\t'),
                    c if c.is_control() => {}
                    c => out.push(c),
                }
            }
        }
        out.push_str(end);
    }
    out
}

/// Tells, for most lines, that a line has no control character; any that begins with one of these bytes is taken for one.
/// Counted, not looked for, so that many bytes are looked at together.
fn is_plain(line: &str) -> bool {
    line.bytes().filter(|byte| matches!(byte, ..b' ' | 0x7f | 0xc2)).count() == 0
}

/// Returns the SHA-256 of `text` in hexadecimal.
fn digest(text: &str) -> String {
    let mut fingerprint = Fingerprint::default();
    fingerprint.add(text.as_bytes());
    fingerprint.text()
}

#[cfg(test)]
mod tests;
