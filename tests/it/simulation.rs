//! The deterministic simulation: many small worlds in which the real daemon and the real ledger meet everything that can go
//! wrong, in orders that nobody thought of. What happens is chosen by a seed; the same seed tells the same story.
//!
//! `FRIST_SIMULATION_SEED=17 cargo test simulation` plays one world again; `FRIST_SIMULATION_WORLDS=100000` plays more.

mod checks;
mod dice;
mod faults;
mod reference;
mod server;
mod sketch;
mod world;

use std::thread;

use faults::Faults;
use sketch::Shelf;
use world::World;

/// So many worlds are played if nobody asks for more, each with so many steps.
const WORLDS: u64 = 500;
const STEPS: u64 = 200;

#[test]
fn whatever_goes_wrong_everything_is_told_once_and_nothing_twice() {
    let seeds = match asked("FRIST_SIMULATION_SEED") {
        Some(seed) => seed..=seed,
        None => 1..=asked("FRIST_SIMULATION_WORLDS").unwrap_or(WORLDS),
    };
    let mut shelf = Shelf::default();
    let mut steps = 0;
    let worlds = seeds.clone().count();
    for seed in seeds {
        steps += play(seed, &mut shelf);
    }
    say(&format!("{steps} steps in {worlds} worlds"));
}

/// Plays one world and returns how many steps it took.
fn play(seed: u64, shelf: &mut Shelf) -> u64 {
    let _named = Named(seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let (faults, _installed) = Faults::install();
        let mut world = World::new(seed, shelf, faults).await;
        if let Err(wrong) = world.play(STEPS).await {
            panic!(
                "in the world of seed {seed}, after {} steps: {wrong}\n{}",
                world.steps,
                world.past()
            );
        }
        world.steps
    })
}

#[expect(clippy::disallowed_methods, reason = "how much is played is no configuration of frist")]
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a seed is a number"))
}

#[expect(clippy::print_stderr, reason = "how much was played is for people")]
fn say(words: &str) {
    eprintln!("{words}");
}

/// Names the seed if anything panics.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if thread::panicking() {
            say(&format!("FRIST_SIMULATION_SEED={} plays this world again", self.0));
        }
    }
}
