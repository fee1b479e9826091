//! Each place of a turn in turn: the program fails there, or is killed there, and is started again.

use std::os::unix::process::ExitStatusExt;
use std::sync::Mutex;

use chrono::TimeDelta;

use super::witness::account;
use super::world::{World, told};
use crate::mail_server::Script;

/// How many worlds are tried side by side.
const WORLDS: usize = 2;

/// How many mails a turn sends here. All 60 that are promised take minutes: `tests/kills places`.
const MAILS: usize = 8;

/// The names of the places.
const PLACES: [&str; 7] = ["begin", "write", "commit", "committed", "send", "answered", "noted"];

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
    let next = Mutex::new((0, 1));
    let hit = Mutex::new([0; PLACES.len()]);
    std::thread::scope(|scope| {
        for _ in 0..WORLDS {
            scope.spawn(|| {
                let mut world = World::new(mails, Script::new());
                loop {
                    let (place, nth) = {
                        let mut next = next.lock().unwrap();
                        let one = *next;
                        next.1 += 1;
                        one
                    };
                    let Some(name) = PLACES.get(place) else { return };
                    if recovers(&mut world, &format!("{act}@{name}:{nth}")) {
                        hit.lock().unwrap()[place] += 1;
                        continue;
                    }
                    // There are no more of this name.
                    let mut next = next.lock().unwrap();
                    if next.0 == place {
                        *next = (place + 1, 1);
                    }
                }
            });
        }
    });
    let hit = *hit.lock().unwrap();
    let told = PLACES.iter().zip(hit).map(|(name, times)| format!("{name} {times}"));
    let told = told.collect::<Vec<_>>().join(", ");
    println!(
        "{act} at {} places of a turn with {mails} mails, all recovered: {told}",
        hit.iter().sum::<usize>()
    );
    // What is written together differs from turn to turn; each mail is sent and answered.
    assert!(hit.iter().all(|times| *times > 0), "{told}");
    assert_eq!(hit[4..], [mails; 3]);
}

/// Lets a turn run into this fault, and the program recover from it; tells whether the turn came so far.
fn recovers(world: &mut World, fault: &str) -> bool {
    world.start_over(Script::new());
    let faulty = world.turn(TimeDelta::zero()).env("FRIST_FAULT", fault).output().unwrap();
    let words = told(&faulty);
    let is_hit = words.contains(" a test kills ") || words.contains(" a test makes ");
    if is_hit {
        assert_eq!(
            faulty.status.signal() == Some(9),
            fault.starts_with("kill"),
            "{fault}: {words}"
        );
        world.come_to_rest(TimeDelta::zero()).unwrap_or_else(|why| panic!("{fault}: {why}"));
    } else {
        assert!(faulty.status.success(), "without a fault: {words}");
        assert_eq!(world.come_to_rest(TimeDelta::zero()), Ok(0), "nothing is left to do");
    }
    if let Err(wrong) = account(world) {
        panic!("{fault}: {}\n{words}", wrong.join("\n"));
    }
    is_hit
}
