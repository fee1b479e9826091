//! The folder of `.eml` files: what stands in it, that a repeated message stands there once, and what a crash or a
//! full disk leaves.

use std::fs;
use std::path::Path;

use chrono::{DateTime, FixedOffset};
use frist::mail::transport::Folder;
use frist::mail::{Delivery, Message, Sender, mime};
use frist::plan::Language;

fn message(id: &str) -> Message {
    Message {
        message_id: format!("{id}@localhost"),
        plan: "oslo-2011".into(),
        plan_title: "Handlingsplan mot prostitusjon".into(),
        to: "bydel-grunerlokka".into(),
        to_name: "Bydel Grünerløkka".into(),
        address: "bydel@example.org".into(),
        language: Language::Bokmal,
        subject: "Påminnelse: \"oppsummering\"\nav tiltak 1a".into(),
        text: "Hei\n".into(),
        html: "<p>Hei</p>\n".into(),
        thread: None,
        deadlines: vec!["1a/summary".into(), "4e/meeting@2011-06-01".into()],
    }
}

fn date() -> DateTime<FixedOffset> {
    "2011-04-01T08:00:00+02:00".parse().unwrap()
}

fn later() -> DateTime<FixedOffset> {
    "2011-04-02T09:30:00+02:00".parse().unwrap()
}

fn sender() -> Sender {
    Sender::parse("frist <frist@localhost>", None).unwrap()
}

fn open(path: &Path) -> Folder {
    Folder::open(path, sender(), false).unwrap()
}

/// Returns the names in the folder, in order.
fn names(path: &Path) -> Vec<String> {
    let entries = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name());
    let mut names: Vec<_> = entries.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

fn list(path: &Path) -> String {
    fs::read_to_string(path.join("messages.jsonl")).unwrap()
}

#[tokio::test]
async fn a_message_becomes_a_file_and_a_line() {
    for durable in [false, true] {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("not/there/yet");
        let folder = Folder::open(&path, sender(), durable).unwrap();
        let message = message("0123456789abcdef");
        let file = "2011-04-01T0800-bydel-grunerlokka-01234567.eml";
        let delivery = folder.deliver(&message, date()).await;
        let Delivery::Sent(taken) = delivery else { panic!("{delivery:?}") };
        assert_eq!(taken.reply, format!("written to {file}"));
        assert_eq!(names(&path), [file, "messages.jsonl"]);
        assert!(fs::read(path.join(file)).unwrap() == mime(&message, &sender(), date()));
        insta::allow_duplicates! {
            insta::assert_snapshot!(list(&path), @r#"{"at":"2011-04-01T08:00:00+02:00","to":"bydel-grunerlokka","address":"bydel@example.org","subject":"Påminnelse: \"oppsummering\"\nav tiltak 1a","message_id":"0123456789abcdef@localhost","file":"2011-04-01T0800-bydel-grunerlokka-01234567.eml","deadlines":["1a/summary","4e/meeting@2011-06-01"]}"#);
        }
    }
}

#[tokio::test]
async fn a_message_that_comes_again_stands_there_once() {
    let home = tempfile::tempdir().unwrap();
    let first = open(home.path()).deliver(&message("a1"), date()).await;
    let (files, lines) = (names(home.path()), list(home.path()));
    let folder = open(home.path());
    for _ in 0..2 {
        assert_eq!(folder.deliver(&message("a1"), later()).await, first);
    }
    assert_eq!((names(home.path()), list(home.path())), (files, lines));
}

#[tokio::test]
async fn two_daemons_on_one_folder_write_a_message_once() {
    let home = tempfile::tempdir().unwrap();
    let (one, two) = (open(home.path()), open(home.path()));
    for id in ["a", "b", "c"] {
        let first = one.deliver(&message(id), date()).await;
        assert_eq!(two.deliver(&message(id), later()).await, first);
    }
    assert_eq!(list(home.path()).lines().count(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_messages_at_once_are_all_listed() {
    let home = tempfile::tempdir().unwrap();
    let folder = std::sync::Arc::new(open(home.path()));
    let tasks = (0..100).map(|number| {
        let folder = std::sync::Arc::clone(&folder);
        // The first eight characters are the same, so the names have to differ otherwise.
        tokio::spawn(
            async move { folder.deliver(&message(&format!("00000000{number}")), date()).await },
        )
    });
    for task in tasks.collect::<Vec<_>>() {
        assert!(matches!(task.await.unwrap(), Delivery::Sent(_)));
    }
    let list = list(home.path());
    let files: std::collections::BTreeSet<String> = list
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| line["file"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!((files.len(), names(home.path()).len()), (100, 101));
}

#[tokio::test]
async fn a_name_holds_nothing_that_leads_out_of_the_folder() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("outbox");
    let folder = open(&path);
    let evil = Message { to: "../../etc/\0\n:*?\"<>|\\".into(), ..message("../..//x") };
    let long = Message { to: "ж".repeat(500).into(), ..message("long") };
    let script = Message { to: "бюро.東京-日本".into(), ..message("script") };
    for message in [evil, long, script] {
        let delivery = folder.deliver(&message, date()).await;
        assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
    }
    assert_eq!(names(home.path()), ["outbox"]);
    let names = names(&path);
    assert_eq!(names.len(), 4);
    assert!(names.contains(&"2011-04-01T0800-бюро.東京-日本-script.eml".to_owned()), "{names:?}");
    assert!(names.iter().all(|name| name.len() < 200 && !name.contains(['/', '\\', ':', '\n'])));
}

#[tokio::test]
async fn an_address_that_smtp_would_refuse_is_refused_here_too() {
    let home = tempfile::tempdir().unwrap();
    let message = Message { address: "nobody".into(), ..message("a") };
    let delivery = open(home.path()).deliver(&message, date()).await;
    assert!(matches!(delivery, Delivery::GiveUp(_)), "{delivery:?}");
    assert_eq!(names(home.path()), ["messages.jsonl"]);
}

#[tokio::test]
async fn what_a_crash_left_is_mended() {
    let home = tempfile::tempdir().unwrap();
    open(home.path()).deliver(&message("a"), date()).await;
    let whole = list(home.path());
    // In the middle of a line: the mail has only its temporary name.
    fs::write(home.path().join("messages.jsonl"), format!("{whole}{{\"at\":\"2011-04")).unwrap();
    fs::write(home.path().join(".2011-04-01T0800-x-b.eml.tmp"), "half").unwrap();
    let folder = open(home.path());
    assert_eq!(list(home.path()), whole);
    assert_eq!(names(home.path()).len(), 2);
    folder.deliver(&message("b"), date()).await;
    assert_eq!((list(home.path()).lines().count(), names(home.path()).len()), (2, 3));
    // Between the line and the name: the mail gets the name that the line says, whatever the time is now.
    let listed = names(home.path());
    fs::remove_file(home.path().join(&listed[0])).unwrap();
    let folder = open(home.path());
    for id in ["a", "b"] {
        let delivery = folder.deliver(&message(id), later()).await;
        assert!(matches!(delivery, Delivery::Sent(_)), "{delivery:?}");
    }
    assert_eq!((names(home.path()), list(home.path()).lines().count()), (listed, 2));
}

#[tokio::test]
async fn a_list_that_was_taken_away_starts_anew() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("outbox");
    let folder = open(&path);
    folder.deliver(&message("a"), date()).await;
    fs::remove_dir_all(&path).unwrap();
    folder.deliver(&message("b"), date()).await;
    assert_eq!((names(&path).len(), list(&path).lines().count()), (2, 1));
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_means_again_and_leaves_nothing_half() {
    let home = tempfile::tempdir().unwrap();
    let path = home.path().join("outbox");
    let folder = open(&path);
    fs::remove_dir_all(&path).unwrap();
    fs::write(&path, "in the way").unwrap();
    let Delivery::Again(reason) = folder.deliver(&message("a"), date()).await else {
        panic!("it was written into a file")
    };
    assert!(reason.starts_with("cannot create the folder "), "{reason}");
    fs::remove_file(&path).unwrap();
    assert!(matches!(folder.deliver(&message("a"), date()).await, Delivery::Sent(_)));
    assert!(Folder::open(path.join("messages.jsonl/outbox"), sender(), false).is_err());
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn a_full_disk_means_again_and_leaves_nothing_half() {
    let home = tempfile::tempdir().unwrap();
    // The list on a device that is always full.
    std::os::unix::fs::symlink("/dev/full", home.path().join("messages.jsonl")).unwrap();
    let folder = open(home.path());
    let Delivery::Again(reason) = folder.deliver(&message("a"), date()).await else {
        panic!("it was listed on a full disk")
    };
    assert!(reason.contains("messages.jsonl") && reason.contains("No space left"), "{reason}");
    assert_eq!(names(home.path()), ["messages.jsonl"]);
    fs::remove_file(home.path().join("messages.jsonl")).unwrap();
    // The mail on one.
    let file = "2011-04-01T0800-bydel-grunerlokka-a.eml";
    let temporary = home.path().join(format!(".{file}.tmp"));
    std::os::unix::fs::symlink("/dev/full", temporary).unwrap();
    let Delivery::Again(reason) = folder.deliver(&message("a"), date()).await else {
        panic!("it was written to a full disk")
    };
    assert!(reason.contains(file) && reason.contains("No space left"), "{reason}");
    assert_eq!(
        (names(home.path()), list(home.path())),
        (vec!["messages.jsonl".to_owned()], String::new())
    );
    assert!(matches!(folder.deliver(&message("a"), date()).await, Delivery::Sent(_)));
    assert_eq!(names(home.path()), [file, "messages.jsonl"]);
}
