//! What receipts promise whoever starts next, and what they do not believe.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use tempfile::TempDir;

use super::*;
use crate::store::Home;

fn receipt(id: u32, reply: &str) -> Receipt {
    let json = serde_json::json!({"id": id, "holder": "we", "at": 0, "reply": reply, "copy": null});
    serde_json::from_value(json).unwrap()
}

fn id(id: u32) -> OutboxId {
    receipt(id, "").id()
}

fn process(folder: &TempDir) -> Receipts {
    let home = Home::File(folder.path().join("frist.db"));
    Receipts::of(&Instance::of(home, folder.path(), None)).unwrap()
}

/// Two processes that serve one ledger, of which the first has noted messages 1 and 2.
fn two() -> (TempDir, Receipts, Receipts) {
    let folder = tempfile::tempdir().unwrap();
    let (one, other) = (process(&folder), process(&folder));
    one.note(&receipt(1, "250"));
    one.note(&receipt(2, "250"));
    (folder, one, other)
}

/// Returns whose receipts are found, and how many things are in the way.
fn found(receipts: &Receipts) -> (Vec<OutboxId>, usize) {
    let mut in_the_way = 0;
    let left = left::left(&receipts.place, |_, _| in_the_way += 1);
    (left.iter().flat_map(|left| &left.receipts).map(Receipt::id).collect(), in_the_way)
}

fn files(receipts: &Receipts) -> Vec<PathBuf> {
    let entries = fs::read_dir(&receipts.place.folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn receipts_are_left_to_their_process_while_it_lives() {
    let (_folder, one, other) = two();
    assert_eq!(found(&other), (vec![], 0));
    drop(one);
    assert_eq!(found(&other), (vec![id(1), id(2)], 0));
}

#[test]
fn what_the_ledger_has_leaves_nothing_behind() {
    let (_folder, one, other) = two();
    one.settled([id(1)]);
    one.close();
    assert_eq!(files(&other).len(), 1, "one of them is open");
    one.settled([id(2)]);
    one.close();
    assert!(!other.place.folder.exists());
}

#[test]
fn a_receipt_that_was_cut_off_spoils_no_other() {
    let (_folder, one, other) = two();
    let file = &files(&other)[0];
    let text = fs::read_to_string(file).unwrap();
    fs::write(file, &text[..text.len() - 5]).unwrap();
    one.note(&receipt(3, "250"));
    drop(one);
    assert_eq!(found(&other), (vec![id(1), id(3)], 0));
}

#[test]
fn receipts_take_bounded_room_although_one_is_always_open() {
    let (_folder, one, other) = two();
    one.settled([id(1)]);
    let reply = "x".repeat(100_000);
    let mut most = 0;
    for number in 3..200 {
        one.note(&receipt(number, &reply));
        one.settled([id(number - 1)]);
        let sizes = files(&other).into_iter().map(|file| file.metadata().unwrap().len());
        most = most.max(sizes.sum());
    }
    assert!(most > FULL && most < 2 * FULL + 400_000, "{most}");
    drop(one);
    assert!(found(&other).0.contains(&id(199)));
}

#[test]
fn a_file_that_is_taken_away_is_made_anew() {
    let (_folder, one, other) = two();
    fs::remove_dir_all(&other.place.folder).unwrap();
    one.note(&receipt(3, "250"));
    drop(one);
    assert_eq!(found(&other), (vec![id(3)], 0));
}

#[test]
fn what_is_none_of_ours_is_in_the_way_of_nothing_and_stays() {
    let (_folder, one, other) = two();
    drop(one);
    let Place { folder, ledger } = &other.place;
    let named = |end: &str| folder.join(format!("{ledger}-{end}"));
    fs::create_dir(named("a folder")).unwrap();
    symlink("/nowhere", named("a link")).unwrap();
    fs::write(named("garbage"), "Dear diary,\nnothing happened.\n").unwrap();
    fs::write(folder.join("0-of another ledger"), "\n{}").unwrap();
    assert_eq!(found(&other), (vec![id(1), id(2)], 3));
    assert_eq!(files(&other).len(), 5);
}

#[test]
fn ledgers_that_share_a_folder_are_kept_apart() {
    let folder = tempfile::tempdir().unwrap();
    let process = |ledger: &str| {
        let instance = Instance::of(Home::Server(ledger.to_owned()), folder.path(), None);
        Receipts::of(&instance).unwrap()
    };
    let one = process("db/plans");
    one.note(&receipt(1, "250"));
    drop(one);
    assert_eq!(found(&process("db/rehearsal")), (vec![], 0));
    assert_eq!(found(&process("db/plans")), (vec![id(1)], 0));
    assert!(folder.path().join("frist.receipts").is_dir());
}

#[test]
fn a_folder_that_others_can_write_into_is_neither_believed_nor_used() {
    let (_folder, one, other) = two();
    drop(one);
    let folder = &other.place.folder;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o777)).unwrap();
    other.note(&receipt(3, "250"));
    assert_eq!((found(&other), files(&other).len()), ((vec![], 1), 1));
    // Nor is one that somebody has linked there.
    let elsewhere = folder.with_extension("elsewhere");
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).unwrap();
    fs::rename(folder, &elsewhere).unwrap();
    symlink(&elsewhere, folder).unwrap();
    other.note(&receipt(3, "250"));
    assert_eq!((found(&other), files(&other).len()), ((vec![], 1), 1));
}

#[test]
fn a_folder_that_cannot_be_made_is_no_reason_not_to_send() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("frist.db.receipts"), "a file").unwrap();
    let receipts = process(&folder);
    receipts.note(&receipt(1, "250"));
    receipts.settled([id(1)]);
    assert_eq!(found(&receipts), (vec![], 1));
    receipts.close();
    assert_eq!(fs::read_to_string(folder.path().join("frist.db.receipts")).unwrap(), "a file");
}
