//! The deterministic simulation: many small worlds in which the real daemon and the real ledger meet everything that can go
//! wrong, in orders that nobody thought of. What happens is chosen by a seed; the same seed tells the same story.
//!
//! `FRIST_SIMULATION_SEED=17 cargo test simulation` plays one world again; `FRIST_SIMULATION_WORLDS=100000` plays more.

mod checks;
mod faults;
mod reference;
mod server;
mod sketch;
mod world;

use std::num::NonZero;
use std::sync::Mutex;
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
    let worlds = seeds.clone().count();
    let next = Mutex::new(seeds);
    let play_all = || {
        let mut shelf = Shelf::default();
        let mut steps = 0;
        while let Some(seed) = next.lock().ok().and_then(|mut seeds| seeds.next()) {
            match play(seed, &mut shelf) {
                Ok(played) => steps += played,
                Err(wrong) => {
                    // One world is enough to think about.
                    next.lock().unwrap().by_ref().for_each(drop);
                    panic!("{wrong}");
                }
            }
        }
        steps
    };
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    let steps: u64 = thread::scope(|scope| {
        let playing: Vec<_> = (0..cores).map(|_| scope.spawn(play_all)).collect();
        playing.into_iter().map(|played| played.join().expect("a world went wrong")).sum()
    });
    say(&format!("{steps} steps in {worlds} worlds"));
}

/// Plays one world and returns how many steps it took.
fn play(seed: u64, shelf: &mut Shelf) -> Result<u64, String> {
    let _named = Named(seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let (faults, _installed) = Faults::install();
        let mut world = World::new(seed, shelf, faults).await;
        match world.play(STEPS).await {
            Ok(()) => Ok(world.steps),
            Err(wrong) => Err(format!(
                "in the world of seed {seed}, after {} steps: {wrong}\n{}\n\nFRIST_SIMULATION_SEED={seed} plays it again",
                world.steps,
                world.past()
            )),
        }
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
