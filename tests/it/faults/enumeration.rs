//! Each place of a turn in turn: the program fails there, or is killed there, and is started again.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt;

use chrono::TimeDelta;

use super::witness::account;
use super::world::{World, told};
use crate::mail_server::Script;

/// How many worlds are tried side by side.
const WORLDS: usize = 2;

/// How many mails a turn sends here. All 60 that are promised take minutes: `tests/kills places`.
const MAILS: usize = 12;

/// How often the program was hit, by the name of the place.
type Places = BTreeMap<String, usize>;

#[test]
fn killed_at_each_place_of_a_turn_in_turn_the_program_recovers() {
    at_each_place("kill", MAILS);
}

#[test]
fn failing_at_each_place_of_a_turn_in_turn_the_program_recovers() {
    at_each_place("fail", MAILS);
}

#[test]
#[ignore = "takes minutes: tests/kills places"]
fn killed_and_failing_at_each_place_of_a_turn_with_sixty_mails_the_program_recovers() {
    at_each_place("kill", 60);
    at_each_place("fail", 60);
}

fn at_each_place(act: &str, mails: usize) {
    let hit = std::thread::scope(|scope| {
        let worlds: Vec<_> =
            (1..=WORLDS).map(|first| scope.spawn(move || every_nth(act, mails, first))).collect();
        let mut hit = Places::new();
        for world in worlds {
            for (place, times) in world.join().unwrap() {
                *hit.entry(place).or_default() += times;
            }
        }
        hit
    });
    let places: usize = hit.values().sum();
    println!("{act} at {places} places of a turn with {mails} mails, all recovered: {hit:?}");
    // Mails are under way side by side, so that the order differs from turn to turn; none is left out.
    assert!(places >= 2 * mails, "{hit:?}");
}

/// Tries the places `first`, `first + WORLDS`, … until there are no more.
fn every_nth(act: &str, mails: usize, first: usize) -> Places {
    let mut world = World::new(mails, Script::new());
    let mut hit = Places::new();
    for place in (first..).step_by(WORLDS) {
        world.start_over(Script::new());
        let fault = format!("{act}@{place}");
        let faulty = world.turn(TimeDelta::zero()).env("FRIST_FAULT", &fault).output().unwrap();
        let words = String::from_utf8_lossy(&faulty.stderr).into_owned();
        let Some(name) = words.lines().find(|line| line.contains(" a test ")).and_then(place_of)
        else {
            assert!(faulty.status.success(), "without a fault: {}", told(&faulty));
            assert_eq!(world.come_to_rest(TimeDelta::zero()), Ok(0), "nothing is left to do");
            return hit;
        };
        *hit.entry(name.clone()).or_default() += 1;
        assert_eq!(faulty.status.signal() == Some(9), act == "kill", "{fault}: {words}");
        world
            .come_to_rest(TimeDelta::zero())
            .unwrap_or_else(|why| panic!("{fault}, {name}: {why}"));
        if let Err(wrong) = account(&world) {
            panic!("{fault}, {name}: {}\n{words}", wrong.join("\n"));
        }
    }
    unreachable!("places are counted without end")
}

/// Reads the place's name from the log's line about it.
fn place_of(line: &str) -> Option<String> {
    Some(line.rsplit_once("place=\"")?.1.trim_end_matches('"').to_owned())
}
