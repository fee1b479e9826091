//! Daemons killed at random moments, while the mail server faults in many of its answers, until everything is sent.

use std::process::{Child, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;

use super::witness::{Account, account};
use super::world::World;
use crate::dice::Dice;
use crate::mail_server::Script;
use crate::postgres_server::PostgresServer;
use crate::project::{asked, on_server};
use crate::resident::until;

/// How much is tried.
struct Size {
    /// How often a daemon is killed, in all worlds together.
    kills: usize,
    /// How many mails a world has.
    mails: usize,
    /// How many daemons share a ledger.
    daemons: usize,
    /// How many worlds are tried side by side while the mail server takes its time, so that all wait for most of the time.
    side_by_side: usize,
    /// In how many of a hundred answers the mail server faults.
    faulty_percent: u64,
    /// What chooses the moments and the faults.
    seed: u64,
    /// Where the ledgers are; in files if there is none.
    postgres: Option<&'static PostgresServer>,
}

impl Size {
    /// What every change is tried with.
    const SMALL: Self = Self {
        kills: 290,
        mails: 60,
        daemons: 1,
        side_by_side: 8,
        faulty_percent: 15,
        seed: 2011,
        postgres: None,
    };

    /// The small size, but for what is said in the environment: `KILLS`, `SEED`, `LEDGER` and `DAEMONS`; and with fewer
    /// worlds side by side, since on a busy machine all takes longer, and the share of kills that repeat a mail is the
    /// machine's.
    fn asked_for() -> Self {
        Self {
            kills: number("KILLS", 10_000),
            side_by_side: 3,
            daemons: number("DAEMONS", 1),
            seed: number("SEED", 2011),
            postgres: on_server(),
            ..Self::SMALL
        }
    }
}

fn number<N: std::str::FromStr>(name: &str, usual: N) -> N {
    let Some(text) = asked(name) else { return usual };
    text.parse().unwrap_or_else(|_| panic!("{name}={text}: this is no number"))
}

/// Which moments are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Aim {
    /// Any in the second after a daemon's start. The mail server takes its time, as servers do.
    Blind,
    /// While the daemon sends as fast as it can, to a server that answers at once: the worst there is.
    AmidSending,
}

impl Aim {
    /// How long the mail server looks at a mail.
    fn pace(self) -> Duration {
        match self {
            Self::Blind => Duration::from_millis(250),
            Self::AmidSending => Duration::ZERO,
        }
    }

    /// How many worlds are tried side by side: fewer if each has something to do all the time.
    fn side_by_side(self, size: &Size) -> usize {
        match self {
            Self::Blind => size.side_by_side,
            Self::AmidSending => size.side_by_side.div_ceil(2),
        }
    }
}

/// What was counted in all worlds of one aim.
#[derive(Debug, Default, Clone, Copy)]
struct Tally {
    kills: usize,
    worlds: usize,
    of_mails: Account,
}

#[test]
fn killed_at_random_while_the_server_faults_the_daemon_loses_nothing_and_explains_every_repeat() {
    until_killed_enough(&Size::SMALL);
}

#[test]
fn killed_at_random_one_to_three_daemons_on_a_server_lose_nothing_and_explain_every_repeat() {
    let postgres = Some(PostgresServer::shared());
    std::thread::scope(|scope| {
        for daemons in 1..=3 {
            let size = Size { kills: 70, daemons, side_by_side: 3, postgres, ..Size::SMALL };
            scope.spawn(move || until_killed_enough(&size));
        }
    });
}

#[test]
#[ignore = "takes long: tests/kills 10000"]
fn killed_ten_thousand_times_at_random_the_daemon_loses_nothing_and_explains_every_repeat() {
    until_killed_enough(&Size::asked_for());
}

/// Without a kill there is nothing to explain: whatever several daemons do, no mail is sent twice.
#[test]
fn several_daemons_of_which_none_is_killed_repeat_nothing() {
    let mut world = World::on(200, Script::new(), Some(PostgresServer::shared()));
    for _ in 0..5 {
        world.start_over(Script::new());
        let start = |_| {
            let mut daemon = world.daemon(TimeDelta::zero());
            daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
        };
        let mut daemons: Vec<Child> = (0..3).map(start).collect();
        until("all mails arrive", || world.server.mails().len() >= world.messages);
        // Whoever would send something again has the time to do it.
        std::thread::sleep(Duration::from_secs(2));
        for daemon in &mut daemons {
            world.kill(daemon);
        }
        world.come_to_rest(TimeDelta::minutes(10)).unwrap();
        let account = account(&world).unwrap_or_else(|wrong| panic!("{}", wrong.join("\n")));
        assert_eq!(account, Account { mails: world.messages, ..Account::default() });
    }
}

fn until_killed_enough(size: &Size) {
    for aim in [Aim::Blind, Aim::AmidSending] {
        let tally = Mutex::new(Tally::default());
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            for _ in 0..aim.side_by_side(size) {
                scope.spawn(|| one_world_after_the_other(size, aim, &next, &tally));
            }
        });
        let Tally { kills, worlds, of_mails } = *tally.lock().unwrap();
        let Account { mails, repeats_after_answer, repeats_answered_in_vain, repeats_unanswered } =
            of_mails;
        let permille = repeats_after_answer * 1000 / kills;
        println!(
            "{aim:?}, seed {}, daemons {}: {kills} kills in {worlds} worlds, {mails} mails: lost 0, in two different mails 0, stuck 0, \
             unexplained repeats 0. Repeats: {repeats_after_answer} ({}.{} % of kills) that the server had answered, \
             {repeats_answered_in_vain} that it answered when the program was killed and not gone yet, \
             {repeats_unanswered} that it had not answered.",
            size.seed,
            size.daemons,
            permille / 10,
            permille % 10,
        );
    }
}

fn one_world_after_the_other(size: &Size, aim: Aim, next: &AtomicUsize, tally: &Mutex<Tally>) {
    let mut world = World::on(size.mails, Script::new(), size.postgres);
    // Half of all kills for each aim.
    while tally.lock().unwrap().kills < size.kills.div_ceil(2) {
        let number = next.fetch_add(1, Ordering::Relaxed) as u64;
        let seed = size.seed.wrapping_mul(1_000_003).wrapping_add(number);
        match one_world(&mut world, size, aim, seed) {
            Ok((kills, of_mails)) => tally.lock().unwrap().add(kills, of_mails),
            Err(wrong) => panic!("SEED={}, {aim:?}, world {number}: {wrong}", size.seed),
        }
    }
}

/// Sends the mails of one world with daemons that are killed again and again; returns how often, and what arrived.
fn one_world(
    world: &mut World,
    size: &Size,
    aim: Aim,
    seed: u64,
) -> Result<(usize, Account), String> {
    let mut dice = Dice::new(seed);
    let script = Script::new().faulty(size.faulty_percent, dice.throw()).takes(aim.pace());
    let script = if dice.percent(50) { script.pipelining() } else { script };
    world.start_over(script);
    let mut kills = 0;
    let mut at = TimeDelta::zero();
    // What failed is tried again after a while, so the clock goes on between the rounds.
    for _ in 0..3 + dice.below(6) {
        kills += one_round(world, size, aim, at, &mut dice);
        at += TimeDelta::minutes(1) * i32::try_from(1 + dice.below(90)).unwrap();
    }
    world.come_to_rest(at)?;
    let counted = account(world).map_err(|wrong| wrong.join("\n"))?;
    Ok((kills, counted))
}

/// Starts the daemons at `at`, kills one of them after the other and starts it again, and in the end kills all.
fn one_round(world: &World, size: &Size, aim: Aim, at: TimeDelta, dice: &mut Dice) -> usize {
    let began = Instant::now();
    // All daemons that share a ledger show the same time.
    let start = || {
        let now = at + TimeDelta::from_std(began.elapsed()).unwrap();
        let mut daemon = world.daemon(now);
        daemon.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    };
    let mut daemons: Vec<Child> = (0..size.daemons).map(|_| start()).collect();
    let mut kills = 0;
    for _ in 0..=dice.below(3) {
        let moment = Moment::choose(aim, dice);
        let one = usize::try_from(dice.below(daemons.len() as u64)).unwrap();
        moment.wait(world);
        world.kill(&mut daemons[one]);
        kills += 1;
        daemons[one] = start();
    }
    Moment::choose(aim, dice).wait(world);
    for daemon in &mut daemons {
        world.kill(daemon);
        kills += 1;
    }
    kills
}

/// When a daemon is killed: so long after its start, or after the mail server has heard so much more.
enum Moment {
    After(Duration),
    Heard { commands: usize, and_after: Duration },
}

impl Moment {
    fn choose(aim: Aim, dice: &mut Dice) -> Self {
        if aim == Aim::Blind {
            return Self::After(Duration::from_millis(dice.below(1_000)));
        }
        let commands = usize::try_from(dice.below(120)).unwrap();
        Self::Heard { commands, and_after: Duration::from_micros(dice.below(5_000)) }
    }

    fn wait(&self, world: &World) {
        match *self {
            Self::After(pause) => std::thread::sleep(pause),
            Self::Heard { commands, and_after } => {
                let before = world.server.heard();
                // If nothing is left to say, so long is waited in vain.
                for _ in 0..400 {
                    if world.server.heard() >= before + commands {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
                std::thread::sleep(and_after);
            }
        }
    }
}

impl Tally {
    fn add(&mut self, kills: usize, of_mails: Account) {
        self.kills += kills;
        self.worlds += 1;
        self.of_mails.mails += of_mails.mails;
        self.of_mails.repeats_after_answer += of_mails.repeats_after_answer;
        self.of_mails.repeats_answered_in_vain += of_mails.repeats_answered_in_vain;
        self.of_mails.repeats_unanswered += of_mails.repeats_unanswered;
    }
}
