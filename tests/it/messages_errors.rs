//! What ledger, mail server, folder of mails and plan answer when they cannot do their part, each message whole.
//! How the program tells them, with what to do, is in `messages_program`.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use frist::mail::transport::folder::FolderError;
use frist::mail::transport::smtp::SmtpError;
use frist::plan::json;
use frist::report;
use frist::store::StoreError;
use insta::assert_snapshot;

use crate::project::PLAN;

/// Each message with its causes, a line each.
fn told(errors: &[&dyn Error]) -> String {
    let line = |error: &&dyn Error| {
        let (mut told, mut cause) = (error.to_string(), error.source());
        while let Some(error) = cause {
            told = format!("{told}: {error}");
            cause = error.source();
        }
        told
    };
    errors.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn full() -> sqlx::Error {
    sqlx::Error::Protocol("database or disk is full".to_owned())
}

#[test]
fn what_a_ledger_says() {
    let ledger = || "sqlite:frist.db".to_owned();
    let server = || "postgres://frist@db/frist".to_owned();
    assert_snapshot!(told(&[
        &StoreError::Address { url: "frist.db".to_owned() },
        &StoreError::Open { file: "frist.db".into(), source: io::ErrorKind::PermissionDenied.into() },
        &StoreError::Foreign { ledger: ledger() },
        &StoreError::Newer { ledger: ledger(), found: 9, known: 3 },
        &StoreError::Older { ledger: ledger() },
        &StoreError::Damaged { ledger: ledger(), found: "row 3 missing from index".to_owned() },
        &StoreError::Served { ledger: ledger(), process: Some(42), since: "2011-04-01T06:00:00Z".parse().ok() },
        &StoreError::Served { ledger: ledger(), process: None, since: None },
        &StoreError::Full { ledger: ledger(), source: full() },
        &StoreError::ReadOnly { ledger: ledger(), source: full() },
        &StoreError::Busy { ledger: ledger(), source: full() },
        &StoreError::Database { ledger: ledger(), source: full() },
        &StoreError::Unreachable { ledger: server(), source: full() },
        &StoreError::Refused { ledger: server(), todo: "raise its `max_connections`", said: "too many clients".to_owned() },
        &StoreError::Deposed { ledger: server() },
        &StoreError::Clock { ledger: server(), ahead: chrono::TimeDelta::minutes(-7) },
        &StoreError::AlreadyQueued { message_id: "a1@localhost".to_owned() },
        &StoreError::FaultAlreadyTold { key: "rules/a.rhai:3".to_owned() },
    ]), @"
    `frist.db` is no address of a ledger; write `sqlite:frist.db` or `postgres://user@host/database`
    cannot open the ledger `frist.db`: permission denied
    `sqlite:frist.db` is a database, but not a ledger of frist; name another one in `store.url`
    the ledger `sqlite:frist.db` was written by a newer frist (version 9 of its tables, this frist knows 3); use that frist, or name another file in `store.url`
    the ledger `sqlite:frist.db` was written by an older frist; `frist run --once` brings it up to date
    the ledger `sqlite:frist.db` is damaged (row 3 missing from index); nothing was changed in it: put a backup in its place, or move it away together with its `-wal` file and save what can be saved with `sqlite3 FILE .recover`
    another frist (process 42, since 2011-04-01 06:00 UTC) serves the ledger `sqlite:frist.db`; stop it first
    another frist serves the ledger `sqlite:frist.db`; stop it first
    no room is left on the disk for the ledger `sqlite:frist.db`; nothing was written: encountered unexpected or invalid data: database or disk is full
    the ledger `sqlite:frist.db` can be read, but not written to: encountered unexpected or invalid data: database or disk is full
    the ledger `sqlite:frist.db` is kept busy by another program; nothing was written: encountered unexpected or invalid data: database or disk is full
    the ledger `sqlite:frist.db` failed: encountered unexpected or invalid data: database or disk is full
    the server of the ledger `postgres://frist@db/frist` cannot be reached; is it running, and is `store.url` right?: encountered unexpected or invalid data: database or disk is full
    the server of the ledger `postgres://frist@db/frist` refuses (too many clients); raise its `max_connections`
    another frist decides for the ledger `postgres://frist@db/frist` by now; nothing was written
    the clock of the server of the ledger `postgres://frist@db/frist` is 7 minutes behind this machine's; nothing is sent before both are set right (by NTP, say)
    the message `a1@localhost` is in the outbox already
    the fault `rules/a.rhai:3` was told already
    ");
}

#[test]
fn what_mail_says_that_cannot_be_sent() {
    let path = || PathBuf::from("outbox");
    let trouble = || io::Error::from(io::ErrorKind::PermissionDenied);
    assert_snapshot!(told(&[
        &FolderError::Folder { path: path(), source: trouble() },
        &FolderError::List { path: path().join("messages.jsonl"), source: trouble() },
        &FolderError::Mail { path: path().join("a.eml"), source: trouble() },
        &SmtpError::NoCertificate("ca.pem".into()),
        &SmtpError::Host("mail server".to_owned()),
        &SmtpError::Plain("mail.example.org".to_owned()),
    ]), @r#"
    cannot create the folder outbox: permission denied
    cannot write the list outbox/messages.jsonl: permission denied
    cannot write the mail outbox/a.eml: permission denied
    ca.pem holds no certificate
    `mail server` is no name that a certificate could be for
    `mail.example.org` is not this machine, and tls = "none" sends unencrypted; use "starttls"
    "#);
}

#[test]
fn what_is_said_of_addresses() {
    let mut all = String::new();
    for address in [
        "",
        "office",
        "@example.org",
        "office@",
        "The Office <office@example.org>",
        "a@example.org, b@example.org",
    ] {
        let plan = PLAN
            .replace("\"office@example.org\"", &format!("\"{address}\""))
            .replace("2011-05-01", "2011-05-02");
        let reading = json::read_bytes(plan.as_bytes(), "plan.json");
        all += &report::render(&reading.findings, |_| Some(plan.clone()), false);
    }
    assert_snapshot!(all, @r#"
    error[bad_address]: the address is empty
     --> plan.json:6:54
      |
    6 |     { "id": "office", "name": "The Office", "email": "", "leader": "boss" },
      |                                                      ^^
      |
      = help: leave `email` out if there is none yet

    1 error
    error[bad_address]: `office` is not a mail address: it has no `@`
     --> plan.json:6:54
      |
    6 |     { "id": "office", "name": "The Office", "email": "office", "leader": "boss" },
      |                                                      ^^^^^^^^

    1 error
    error[bad_address]: `@example.org` is not a mail address: nothing good stands before the `@`
     --> plan.json:6:54
      |
    6 |     { "id": "office", "name": "The Office", "email": "@example.org", "leader": "boss" },
      |                                                      ^^^^^^^^^^^^^^

    1 error
    error[bad_address]: `office@` is not a mail address: no domain stands after the `@`
     --> plan.json:6:54
      |
    6 |     { "id": "office", "name": "The Office", "email": "office@", "leader": "boss" },
      |                                                      ^^^^^^^^^

    1 error
    error[bad_address]: `The Office <office@example.org>` is more than a mail address
     --> plan.json:6:54
      |
    6 |     { "id": "office", "name": "The Office", "email": "The Office <office@example.org>", "leader": "boss" },
      |                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: the address alone belongs here, such as `post@example.org`; the name is in `name`

    1 error
    error[bad_address]: `a@example.org, b@example.org` is more than one mail address
     --> plan.json:6:54
      |
    6 |     { "id": "office", "name": "The Office", "email": "a@example.org, b@example.org", "leader": "boss" },
      |                                                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = help: make the unit a group: a unit for each address, named in `members`

    1 error
    "#);
}
