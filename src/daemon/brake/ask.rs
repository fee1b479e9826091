//! The question to a plan's owner: what is to become of mails that are held.
//! Why they are held is said in `change` and `limits`.

use std::collections::BTreeSet;

use crate::mail::Message;
use crate::plan::Plan;

/// So many recipients are named when the owner is asked.
const NAMED: usize = 10;

/// Writes the question: `why` they are held, what to type to select them, and one of them as a sample.
pub(super) fn question(
    plan: &Plan,
    messages: &[Message],
    why: &str,
    option: &str,
    meanwhile: &str,
) -> String {
    // The owner's own mail is not the one to judge by.
    let owner = plan.owner.map(|owner| &plan.unit(owner).id);
    let to_others = messages.iter().find(|message| Some(&message.to) != owner);
    let sample = to_others.unwrap_or(&messages[0]);
    format!(
        "{count} {are} held back. {why}\n\nTo send them:\n    frist release {option}\nTo throw them away, for good:\n    \
         frist drop {option}\n{meanwhile}\n\nThey would go to {names}.\n\nThis is one of them, to {to}:\n\n    \
         {subject}\n\n{text}",
        count = mails(messages.len()),
        are = if messages.len() == 1 { "is" } else { "are" },
        names = names(messages),
        to = sample.to_name,
        subject = sample.subject,
        text = indented(&sample.text),
    )
}

/// Shortens a hash to what is enough to tell changes apart.
pub fn short(hash: &str) -> &str {
    hash.get(..12).unwrap_or(hash)
}

/// Counts mails in words.
pub(super) fn mails(count: usize) -> String {
    if count == 1 { "1 mail".to_owned() } else { format!("{count} mails") }
}

/// Names the recipients, or the first of them.
fn names(messages: &[Message]) -> String {
    let recipients: BTreeSet<&str> = messages.iter().map(|message| &*message.to_name).collect();
    let more = recipients.len().saturating_sub(NAMED);
    let named = recipients.into_iter().take(NAMED).collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

fn indented(text: &str) -> String {
    text.lines()
        .map(|line| if line.is_empty() { String::new() } else { format!("    {line}") })
        .collect::<Vec<_>>()
        .join("\n")
}
