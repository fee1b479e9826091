//! One small world: a plan that people edit and answer, a daemon that dies and comes back, a server that faults, a clock that
//! jumps. One thing happens a step; what must hold after it is checked in `checks`.

use std::collections::{BTreeMap, VecDeque};
use std::future::{Future, poll_fn};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::Poll;

use chrono::{DateTime, TimeDelta, Utc};
use frist::clock::Clock;
use frist::daemon::{BrakeOptions, Daemon, Parts};
use frist::history::{Answer, Says};
use frist::instance::Instance;
use frist::mail::{Delivery, Sender, Taken};
use frist::receipts::Receipts;
use frist::store::{Change, Decision, Home, NewChange, Settlement, Store, StoreError};

use tempfile::TempDir;

use super::checks::Ledger;
use super::faults::{Faults, Trouble};
use super::server::{Mood, Server};
use super::sketch::{self, DEADLINES, PLAN, Shelf, Sketch, around, send_at};
use crate::dice::Dice;

/// What is wrong, in words.
pub(super) type Wrong = String;

/// So many of the last things that happened are told when something is wrong.
const TOLD: usize = 40;

pub(super) struct World<'a> {
    pub(super) dice: Dice,
    shelf: &'a mut Shelf,
    clock: Clock,
    pub(super) store: Store,
    pub(super) server: Server,
    faults: Faults,
    daemon: Option<Daemon>,
    /// What is written, and what the daemon has read of it.
    pub(super) sketch: Sketch,
    pub(super) answers: BTreeMap<&'static str, Vec<Answer>>,
    pub(super) ledger: Ledger,
    /// Whether edits are watched by the brake.
    has_brake: bool,
    /// Where it is noted what was sent; in some worlds, so that others know more repeats.
    receipts: Option<TempDir>,
    pub(super) steps: u64,
    past: VecDeque<String>,
}

/// How a turn went.
#[derive(Debug)]
pub(super) struct Turn {
    /// `None` if it was cut off.
    pub(super) result: Option<Result<(), StoreError>>,
    /// Whether anything went wrong that is the world's doing.
    pub(super) struck: bool,
}

impl<'a> World<'a> {
    pub(super) async fn new(seed: u64, shelf: &'a mut Shelf, faults: Faults) -> World<'a> {
        let mut dice = Dice::new(seed);
        let start: DateTime<Utc> = "2011-01-05T05:00:00Z".parse().unwrap();
        let start = start + TimeDelta::minutes(dice.between(0, 30 * 24 * 60));
        let server = Server::new(Dice::new(seed ^ 0x5eed));
        let store = Store::open("sqlite::memory:", Path::new(".")).await.unwrap();
        let mut world = World {
            sketch: Sketch::first(&mut dice),
            has_brake: dice.percent(12),
            receipts: dice.percent(50).then(|| tempfile::tempdir().unwrap()),
            dice,
            shelf,
            clock: Clock::simulated(start),
            store,
            server,
            faults,
            daemon: None,
            answers: BTreeMap::new(),
            ledger: Ledger::default(),
            steps: 0,
            past: VecDeque::new(),
        };
        world.note(&format!("{:?}", world.sketch));
        world.enter_change().await;
        world
    }

    /// Lets so many things happen, and then all come to rest.
    pub(super) async fn play(&mut self, steps: u64) -> Result<(), Wrong> {
        while self.steps < steps {
            self.step().await?;
        }
        self.come_to_rest().await
    }

    /// Returns the last things that happened, oldest first.
    pub(super) fn past(&self) -> String {
        self.past.iter().fold(String::new(), |told, line| format!("{told}\n  {line}"))
    }

    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn step(&mut self) -> Result<(), Wrong> {
        self.steps += 1;
        match self.dice.weighted(&[45, 22, 5, 2, 8, 6, 3, 4, 2, 3]) {
            0 => {
                let trouble = Trouble::some(&mut self.dice);
                self.turn(trouble).await?;
            }
            1 => self.wait().await,
            2 => {
                let hours = self.dice.between(1, 24) * self.dice.between(1, 40);
                self.move_clock(TimeDelta::hours(hours));
            }
            3 => {
                let hours = self.dice.between(-24 * 5, -1);
                self.move_clock(TimeDelta::hours(hours));
            }
            4 => self.answer().await,
            5 => self.edit().await,
            6 => {
                self.daemon = None;
                self.note("the daemon is stopped");
            }
            7 => {
                let mood = [Mood::Good, Mood::Bad, Mood::Away][self.dice.weighted(&[4, 4, 2])];
                self.server.state().mood = mood;
                self.note(&format!("the server is {mood:?}"));
            }
            8 => self.decide_held().await,
            _ => self.another_daemon().await,
        }
        Ok(())
    }

    /// One turn of the daemon, which is started if there is none.
    async fn turn(&mut self, trouble: Trouble) -> Result<(), Wrong> {
        self.faults.begin(trouble);
        if self.daemon.is_none() {
            let began = self.begin().await;
            let has_begun = matches!(began, Some(Ok(_)));
            let is_over = self.faults.is_over();
            if !has_begun || is_over {
                let at = self.faults.end();
                self.note(&format!("a daemon does not begin: {trouble:?} at {at:?}"));
                if let Some(Err(error)) = began
                    && at.is_none()
                {
                    return Err(format!("a daemon does not begin for no reason: {error:?}"));
                }
                return self.check_sightings(false).await;
            }
            self.daemon = began.and_then(Result::ok);
            self.server.state().leased.clear();
            self.note("a daemon begins");
            self.check_sightings(true).await?;
        }
        let daemon = self.daemon.as_mut().expect("it has begun");
        let result = unless_over(&self.faults, daemon.turn()).await;
        if self.faults.is_over() {
            self.daemon = None;
        }
        let at = self.faults.end();
        let attempts: Vec<String> = {
            let state = self.server.state();
            state.attempts.iter().map(|(id, answer)| format!("{} {answer:?}", &id[..6])).collect()
        };
        let struck = at.map_or_else(String::new, |at| format!(" {trouble:?} at {at:?},"));
        let failed = match &result {
            Some(Err(error)) => format!(" {error}"),
            _ => String::new(),
        };
        self.note(&format!("a turn:{struck}{failed} attempts {attempts:?}"));
        self.check(Turn { result, struck: at.is_some() }).await
    }

    /// Starts a daemon on the ledger as it is.
    async fn begin(&mut self) -> Option<Result<Daemon, StoreError>> {
        let hash = self.sketch.hash();
        let project = self.shelf.project(&self.sketch);
        let parts = Parts {
            news: frist::daemon::News::default(),
            heart: frist::pulse::Heart::default(),
            receipts: self.receipts.as_ref().and_then(|folder| {
                let home = Home::File(folder.path().join("frist.db"));
                Receipts::of(&Instance::of(home, folder.path(), None)).map(Arc::new)
            }),
            clock: self.clock.clone(),
            began: self.clock.now(),
            store: self.store.clone(),
            lock: Some(self.store.lock().await.unwrap()),
            transport: self.server.transport(),
            sender: Sender::parse("frist <frist@localhost>", None).unwrap(),
            send_at: send_at(),
            at_once: 2,
            brake: self.has_brake.then_some(BrakeOptions {
                at_once: Some(1),
                limits: frist::daemon::Limits::default(),
            }),
        };
        unless_over(&self.faults, Daemon::begin(project, hash, parts)).await
    }

    /// Sleeps as a daemon does, until something is due; somebody else may also look in a little later.
    async fn wait(&mut self) {
        let next = match &self.daemon {
            Some(daemon) => daemon.next_wake_up().await.unwrap(),
            None => None,
        };
        let minutes = self.dice.between(1, 60 * 24);
        match next.filter(|next| *next > self.now()) {
            Some(next) => self.move_clock(next - self.now()),
            None => self.move_clock(TimeDelta::minutes(minutes)),
        }
    }

    fn move_clock(&mut self, by: TimeDelta) {
        let Clock::Simulated(at) = &self.clock else { unreachable!("it is simulated") };
        at.fetch_add(by.num_milliseconds(), Ordering::SeqCst);
        if by < TimeDelta::zero() {
            // A lease that ends further ahead than any lease can was claimed before the clock was set back.
            let furthest = self.now() + TimeDelta::days(1);
            self.server.state().leased.retain(|_, until| *until <= furthest);
            self.note("the clock is set back");
        } else {
            self.note("the clock goes on");
        }
    }

    /// A unit answers.
    async fn answer(&mut self) {
        let today = self.now().date_naive();
        let id = DEADLINES[self.dice.place(DEADLINES.len())];
        let date = around(today, &mut self.dice);
        let silent_until = (!self.dice.percent(20)).then_some(date);
        let says = match self.dice.below(5) {
            0 => Says::Delivered(date),
            1 => Says::Asked(date),
            2 => Says::Acknowledged,
            _ => Says::Progress { silent_until },
        };
        let due = self.sketch.deadlines.get(id).map(|deadline| deadline.due);
        let occurrences = due.filter(|due| due.recurs()).map(sketch::Due::dates);
        let occurrence = occurrences.map(|dates| dates[self.dice.place(dates.len())]);
        let answer = Answer { at: self.now(), occurrence, unit: None, says, text: String::new() };
        self.store.answer(&PLAN.into(), &id.into(), &answer).await.unwrap();
        self.note(&format!("an answer about {id}: {says:?} {occurrence:?}"));
        self.answers.entry(id).or_default().push(answer);
    }

    /// Somebody edits the files; what is new takes force with the next daemon.
    async fn edit(&mut self) {
        let today = self.now().date_naive();
        let before = self.sketch.clone();
        let said = self.sketch.edit(&mut self.dice, today);
        self.daemon = None;
        self.note(&format!("an edit: {said}"));
        if self.sketch != before {
            self.enter_change().await;
        }
    }

    async fn enter_change(&mut self) {
        if !self.has_brake {
            return;
        }
        let change = Change {
            at: self.now(),
            hash: self.sketch.hash(),
            send_at: send_at(),
            who: None,
            changed: vec!["plan.json".into()],
            refused: None,
            numbers: None,
        };
        let new = NewChange { change, files: self.sketch.files() };
        self.store.enter_change(&new).await.unwrap();
    }

    /// The owner decides about what is held.
    async fn decide_held(&mut self) {
        let decision = if self.dice.percent(70) { Decision::Release } else { Decision::Drop };
        let held = self.store.decide_held(decision, None, self.now()).await.unwrap();
        if !held.is_empty() {
            self.note(&format!("{decision:?} {} messages", held.len()));
        }
    }

    /// Another daemon on the same ledger sends some of what is there, or dies over it.
    async fn another_daemon(&mut self) {
        if self.daemon.is_none() {
            return;
        }
        let (now, lease) = (self.now(), self.now() + TimeDelta::minutes(15));
        let claimed = self.store.claim("another", now, lease, 2).await.unwrap();
        for one in claimed {
            let id = one.message.message_id.clone();
            if self.dice.percent(40) {
                self.server.state().leased.insert(id.clone(), lease);
                self.note(&format!("another daemon dies over {}", &id[..6]));
                continue;
            }
            let answer = self.server.state().hear(&one.message, now.fixed_offset());
            let settlement = match answer {
                Delivery::Sent(Taken { reply, copy }) => Settlement::Sent { reply, copy },
                Delivery::Uncertain(why) => {
                    Settlement::Uncertain { next_attempt: now + TimeDelta::minutes(1), why }
                }
                Delivery::NotBegun => unreachable!("this server does not stop"),
                Delivery::Again(why) | Delivery::GiveUp(why) => {
                    Settlement::Again { next_attempt: now + TimeDelta::minutes(1), why }
                }
            };
            self.note(&format!("another daemon sends {}: {settlement:?}", &id[..6]));
            self.store.settle(one.ended(settlement), now).await.unwrap();
        }
        // What it has heard is its own business.
        self.server.state().attempts.clear();
    }

    /// Nothing goes wrong any more: everything that waits is sent, and nothing is left.
    async fn come_to_rest(&mut self) -> Result<(), Wrong> {
        self.note("everything comes to rest");
        self.server.state().mood = Mood::Good;
        let end = self.now() + TimeDelta::days(3);
        self.decide_held().await;
        while self.now() < end {
            self.turn(Trouble::Nothing).await?;
            let daemon = self.daemon.as_ref().expect("nothing has gone wrong");
            let next = daemon.next_wake_up().await.unwrap().unwrap_or(end);
            if next <= self.now() {
                return Err(format!("something is due at {next} and not done"));
            }
            self.move_clock(next.min(end) - self.now());
        }
        self.turn(Trouble::Nothing).await?;
        self.decide_held().await;
        self.turn(Trouble::Nothing).await?;
        self.check_rest().await
    }

    fn note(&mut self, what: &str) {
        if self.past.len() == TOLD {
            self.past.pop_front();
        }
        self.past.push_back(format!("{} {what}", self.now().format("%Y-%m-%d %H:%M:%S")));
    }
}

/// Waits for `work` unless the faults cut it off: then it is dropped in the middle.
async fn unless_over<T>(faults: &Faults, work: impl Future<Output = T>) -> Option<T> {
    let mut work = std::pin::pin!(work);
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if faults.is_over() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    })
    .await
}
