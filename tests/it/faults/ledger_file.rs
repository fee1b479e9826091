//! A ledger that is damaged, cut short, something else, or kept by another program.
//! A disk that is full or read-only is in `disk`; what the store says to each is in `store_sqlite`.

use std::fs;
use std::process::Output;

use chrono::TimeDelta;
use sqlx::{Connection, SqliteConnection};

use super::witness::account;
use super::world::{World, told};
use crate::mail_server::Script;
use crate::resident::Resident;

const PAGE: usize = 4096;

/// A world whose mails are sent, and nothing of whose ledger lies beside its file.
fn with_a_past() -> World {
    let world = World::with_file(12, Script::new());
    world.come_to_rest(TimeDelta::zero()).unwrap();
    world.wait(async {
        let mut ledger = beside(&world).await;
        // Every page is in use then.
        for sql in ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"] {
            sqlx::raw_sql(sql).execute(&mut ledger).await.unwrap();
        }
        ledger.close().await.unwrap();
    });
    world
}

/// A connection beside the program's.
async fn beside(world: &World) -> SqliteConnection {
    let url = format!("sqlite://{}", world.file().display());
    SqliteConnection::connect(&url).await.unwrap()
}

/// Starts the program on a ledger of these bytes: it refuses it, sends nothing, and leaves every byte as it is.
fn refused(world: &World, ledger: &[u8]) -> Output {
    fs::write(world.file(), ledger).unwrap();
    let before = world.server.connections();
    let turn = world.once(TimeDelta::days(20));
    assert_eq!(turn.status.code(), Some(3), "{}", told(&turn));
    assert_eq!(world.server.connections(), before, "nothing is sent");
    assert!(fs::read(world.file()).unwrap() == ledger, "the ledger is changed");
    turn
}

#[test]
fn a_ledger_overwritten_in_any_of_its_pages_is_found_at_start_and_left_as_it_is() {
    let world = with_a_past();
    let whole = fs::read(world.file()).unwrap();
    let pages = whole.len() / PAGE;
    assert!(pages > 20);
    // The first page has the tables' definitions, the others rows and indexes.
    for page in (0..pages).step_by(pages.div_ceil(12)) {
        let mut damaged = whole.clone();
        let start = page * PAGE + if page == 0 { 100 } else { 0 };
        damaged[start..start + 64].fill(0xaa);
        let words = told(&refused(&world, &damaged));
        assert!(words.contains("is damaged"), "page {page}: {words}");
        assert!(words.contains("put a backup in its place"), "page {page}: {words}");
    }
    fs::write(world.file(), &whole).unwrap();
    assert!(world.once(TimeDelta::minutes(1)).status.success());
    assert_eq!(account(&world).unwrap().mails, 12);
}

#[test]
fn an_index_that_no_longer_agrees_with_its_table_is_found_at_start() {
    let world = with_a_past();
    let mut damaged = fs::read(world.file()).unwrap();
    let root: i64 = world.wait(async {
        let mut ledger = beside(&world).await;
        let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'notices_told'";
        sqlx::query_scalar(sql).fetch_one(&mut ledger).await.unwrap()
    });
    // By what is wrong here, `unit-3` would be told everything again.
    let page = usize::try_from(root - 1).unwrap() * PAGE..usize::try_from(root).unwrap() * PAGE;
    let at = damaged[page.clone()].windows(6).position(|bytes| bytes == b"unit-3").unwrap();
    damaged[page.start + at + 5] = b'9';
    let words = told(&refused(&world, &damaged));
    assert!(words.contains("is damaged") && words.contains("notices_told"), "{words}");
    // No row was changed, so the chain has nothing to say.
    let verified = world.project.frist(&["log", "--verify"]);
    assert!(verified.code() == 3 && verified.err().contains("is damaged"), "{}", verified.err());
}

#[test]
fn a_ledger_cut_short_is_found_at_start_and_left_as_it_is() {
    let world = with_a_past();
    let whole = fs::read(world.file()).unwrap();
    for length in [50, PAGE, whole.len() / 2, whole.len() - PAGE, whole.len() - 1] {
        let words = told(&refused(&world, &whole[..length]));
        assert!(words.contains("is damaged"), "{length} bytes: {words}");
    }
}

#[test]
fn what_is_no_ledger_is_told_and_left_as_it_is() {
    let world = with_a_past();
    let words = told(&refused(&world, "Dear diary,\n".repeat(1000).as_bytes()));
    assert!(words.contains("frist.db"), "{words}");
    fs::remove_file(world.file()).unwrap();
    world.wait(async {
        let url = format!("sqlite://{}?mode=rwc", world.file().display());
        let mut other = SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql("CREATE TABLE diary (day TEXT)").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
    });
    let words = told(&refused(&world, &fs::read(world.file()).unwrap()));
    assert!(words.contains("not a ledger of frist"), "{words}");
}

#[test]
fn a_daemon_whose_ledger_another_program_keeps_waits_says_so_and_goes_on() {
    let world = World::with_file(6, Script::new());
    // Enough, on a slow machine too, to start and to be locked out before the mails are due.
    let daemon = Resident::of(&mut world.daemon(TimeDelta::seconds(-12))).when_it_serves();
    let mut other = world.wait(async {
        let mut other = beside(&world).await;
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        other
    });
    daemon.until_it_says("is kept busy by another program");
    assert_eq!(world.server.connections(), 0, "what is not written down is not sent");
    world.wait(async {
        sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        other.close().await.unwrap();
    });
    let all_sent = ["sent".to_owned()].into();
    daemon.until("all is sent, and written down", || world.states() == all_sent);
    drop(daemon);
    world.come_to_rest(TimeDelta::minutes(1)).unwrap();
    let account = account(&world).unwrap();
    assert_eq!((account.mails, account.repeats_after_answer), (6, 0));
}
