//! What must hold however often and wherever the program failed or died: looked at from outside, at the mail server that
//! took the mails and in what the ledger says about them.

use std::collections::{BTreeMap, BTreeSet};

use mail_parser::MessageParser;

use super::world::{Ledger, World, address, deadlines};

/// What was counted; all figures are about mails.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Account {
    /// Different mails that arrived.
    pub(crate) mails: usize,
    /// How often a mail arrived again after the server had said that it took it.
    pub(crate) repeats_after_answer: usize,
    /// How often one arrived again whose answer came when a program was killed and not gone yet.
    pub(crate) repeats_answered_in_vain: usize,
    /// How often one arrived again that was taken without an answer: the line broke, or the program died waiting.
    pub(crate) repeats_unanswered: usize,
}

/// One mail as often as it arrived.
struct Arrived {
    to: String,
    deadlines: String,
    words: String,
    /// What the server said each time.
    answers: Vec<Answer>,
}

/// Whether the server said that it took a mail.
enum Answer {
    Heard,
    /// It did, when a program was killed and not gone yet.
    InVain,
    Missing,
}

/// What the ledger says about the attempts to send one mail.
#[derive(Default)]
struct Attempts {
    /// Ended by the server's yes.
    sent: usize,
    /// Of which nobody knows whether the server took the mail.
    uncertain: usize,
}

/// Holds what happened in `world`, which has come to rest, against what may happen.
///
/// # Errors
/// Everything that may not, a sentence each.
pub(crate) fn account(world: &World) -> Result<Account, Vec<String>> {
    let mut wrong = Vec::new();
    let arrived = arrived(world, &mut wrong);
    everybody_got_one_mail(world, &arrived, &mut wrong);
    the_ledger_agrees(world, &arrived, &mut wrong);
    repeats_are_explained(&arrived, &world.wait(attempts(world)), &mut wrong);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut account = Account { mails: arrived.len(), ..Account::default() };
    for mail in arrived.values() {
        // After the last one it was not sent again.
        for answer in mail.answers.iter().rev().skip(1) {
            match answer {
                Answer::Heard => account.repeats_after_answer += 1,
                Answer::InVain => account.repeats_answered_in_vain += 1,
                Answer::Missing => account.repeats_unanswered += 1,
            }
        }
    }
    Ok(account)
}

/// Reads the server's mails by Message-ID.
fn arrived(world: &World, wrong: &mut Vec<String>) -> BTreeMap<String, Arrived> {
    let mut arrived: BTreeMap<String, Arrived> = BTreeMap::new();
    for mail in world.server.mails() {
        let message = MessageParser::default().parse(&mail.raw).unwrap();
        let header = |name: &str| {
            message.header(name).and_then(|value| value.as_text()).unwrap_or_default().to_owned()
        };
        let id = message.message_id().unwrap_or_default().to_owned();
        let words = format!("{:?}\n{:?}", message.subject(), message.body_text(0));
        let first = arrived.entry(id.clone()).or_insert_with(|| Arrived {
            to: mail.to.join(","),
            deadlines: header("X-Frist-Deadlines"),
            words: words.clone(),
            answers: Vec::new(),
        });
        first.answers.push(match mail.answered_at {
            Some(at) if world.is_dying(at) => Answer::InVain,
            Some(_) => Answer::Heard,
            None => Answer::Missing,
        });
        if first.words != words || first.to != mail.to.join(",") {
            wrong.push(format!("the mail {id} is another one when it is repeated"));
        }
    }
    arrived
}

/// Each unit is told about its deadlines, all in one mail, and nobody about anything else.
fn everybody_got_one_mail(
    world: &World,
    arrived: &BTreeMap<String, Arrived>,
    wrong: &mut Vec<String>,
) {
    let mut told: BTreeMap<(String, String), Vec<&str>> = BTreeMap::new();
    for (id, mail) in arrived {
        for deadline in mail.deadlines.split(',') {
            told.entry((mail.to.clone(), deadline.trim().to_owned())).or_default().push(id);
        }
    }
    for unit in 0..world.messages {
        for deadline in deadlines(unit) {
            let to = address(unit);
            match told.remove(&(to.clone(), deadline.clone())).as_deref() {
                None => wrong.push(format!("lost: {to} never heard of {deadline}")),
                Some([_]) => {}
                Some(ids) => wrong.push(format!("twice: {to} heard of {deadline} in {ids:?}")),
            }
        }
    }
    wrong.extend(told.keys().map(|(to, deadline)| format!("{to} heard of `{deadline}`, and why?")));
}

/// What arrived is `sent`, and the other way round; nothing else is left.
fn the_ledger_agrees(world: &World, arrived: &BTreeMap<String, Arrived>, wrong: &mut Vec<String>) {
    let mut sent = BTreeSet::new();
    for row in world.project.rows(&["log"]) {
        let id = row["message_id"].as_str().unwrap_or_default();
        match row["state"].as_str().unwrap_or_default() {
            "sent" if arrived.contains_key(id) => {}
            "sent" => wrong.push(format!("the ledger says that {id} was sent; it never arrived")),
            state @ ("queued" | "sending" | "retrying" | "uncertain") => {
                wrong.push(format!("stuck: {id} is {state}"));
            }
            state => wrong.push(format!("{id} is {state}, and why?")),
        }
        sent.insert(id.to_owned());
    }
    for id in arrived.keys().filter(|id| !sent.contains(*id)) {
        wrong.push(format!("{id} arrived, and the ledger knows nothing of it"));
    }
}

/// A mail is repeated only where an attempt before is known to have ended without anybody knowing how.
fn repeats_are_explained(
    arrived: &BTreeMap<String, Arrived>,
    attempts: &BTreeMap<String, Attempts>,
    wrong: &mut Vec<String>,
) {
    let none = Attempts::default();
    for (id, mail) in arrived {
        let attempts = attempts.get(id).unwrap_or(&none);
        if attempts.sent != 1 {
            wrong.push(format!("{} attempts to send {id} are entered as its last", attempts.sent));
        }
        let times = mail.answers.len();
        if times > attempts.sent + attempts.uncertain {
            wrong.push(format!(
                "unexplained: {id} arrived {times} times, and of its attempts {} ended without a word of the server",
                attempts.uncertain
            ));
        }
    }
}

/// Reads the attempts from the ledger, and has a file checked by its own database.
async fn attempts(world: &World) -> BTreeMap<String, Attempts> {
    if let Ledger::File { .. } = world.ledger() {
        let sound: Vec<(String,)> = world.rows("PRAGMA integrity_check").await;
        assert_eq!(sound, [("ok".to_owned(),)]);
    }
    let rows: Vec<(String, String)> = world
        .rows("SELECT message_id, outcome FROM attempts JOIN messages ON messages.id = attempts.message")
        .await;
    let mut attempts: BTreeMap<String, Attempts> = BTreeMap::new();
    for (id, outcome) in rows {
        let of_mail = attempts.entry(id).or_default();
        match &*outcome {
            "sent" => of_mail.sent += 1,
            "lost" | "uncertain" => of_mail.uncertain += 1,
            _ => {}
        }
    }
    attempts
}
