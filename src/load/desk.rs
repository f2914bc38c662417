//! What the driver and the connections share: hands out what is due, counts what comes back. Waits for
//! nothing and touches no socket.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use oorandom::Rand64;
use tokio::sync::{Notify, mpsc};

use super::deadline::DeadlineQueue;
use super::dial::Dial;
use super::outcome::Outcome;
use super::pacer::Pacer;
use super::request::RequestBook;
use super::seat::{Job, Seat};
use super::secure::Secure;
use super::tally::Tally;
use crate::exercise::sample::Sample;
use crate::gameday::load::RateCurve;
use crate::port::clock::Clock;

/// Up to this rate every arrival gets an alarm of its own.
const ALARM_EACH: f64 = 2_500.0;

/// Above it, an arrival may wait so long to be sent together with those behind it.
const BATCH: Duration = Duration::from_micros(420);

/// So many connections may be on their way to be opened at the same time, and a quarter of those that
/// stand. After a moment in which this machine was busy, connections at hand serve what piled up: a storm
/// of new ones would be the generator's doing and not the customers'.
const OPENING: usize = 32;

/// Everything of one run that stays as it is.
pub struct Order {
    /// What is sent.
    pub book: RequestBook,
    /// Where to.
    pub dial: Dial,
    /// How it is protected.
    pub secure: Option<Secure>,
    /// How long a request may take from the moment it is handed to a connection.
    pub timeout: Duration,
    /// At most so many under way.
    pub max_in_flight: usize,
    /// Where recorded time begins.
    pub origin: Duration,
    /// Seed of the choice among requests.
    pub seed: u64,
    /// Begins the task of a new connection; its first job lies at the seat.
    pub open: fn(Rc<Desk>, Rc<Seat>),
}

/// The shared desk of one run. Everything happens on one thread.
pub struct Desk {
    /// What does not change.
    pub order: Order,
    /// Wakes the driver when the last request of a stopped run has ended.
    pub drained: Notify,
    clock: Arc<dyn Clock>,
    state: RefCell<State>,
}

struct State {
    pacer: Pacer,
    tally: Tally,
    random: Rand64,
    /// Connections without work; the last used is used next.
    idle: Vec<Rc<Seat>>,
    /// Due and under way, but without a connection yet; empty while one is idle.
    waiting: VecDeque<Job>,
    deadlines: DeadlineQueue<(Rc<Seat>, u64)>,
    in_flight: usize,
    opening: usize,
    standing: usize,
    serial: u64,
    stopping: bool,
    samples: Option<mpsc::UnboundedSender<Sample>>,
}

impl Desk {
    /// A desk at rate zero.
    pub fn new(
        order: Order,
        clock: Arc<dyn Clock>,
        samples: mpsc::UnboundedSender<Sample>,
    ) -> Rc<Self> {
        let now = clock.monotonic();
        let state = State {
            pacer: Pacer::new(now),
            tally: Tally::new(order.origin, now),
            random: Rand64::new(u128::from(order.seed)),
            idle: Vec::new(),
            waiting: VecDeque::new(),
            deadlines: DeadlineQueue::new(),
            in_flight: 0,
            opening: 0,
            standing: 0,
            serial: 0,
            stopping: false,
            samples: Some(samples),
        };
        Rc::new(Self { order, drained: Notify::new(), clock, state: RefCell::new(state) })
    }

    /// The time.
    pub fn now(&self) -> Duration {
        self.clock.monotonic()
    }

    /// Hands out everything due until `now`, ends requests whose time is up, and closes full seconds.
    pub fn advance(self: &Rc<Self>, now: Duration) {
        let state = &mut *self.state.borrow_mut();
        self.hand_out(state, now, None);
        while let Some((seat, _)) = state.deadlines.pop(now, |(seat, serial)| seat.over(*serial)) {
            seat.expire();
        }
        while state.waiting.front().is_some_and(|job| job.deadline <= now) {
            if let Some(job) = state.waiting.pop_front() {
                state.end(&job, Outcome::Timeout, now);
            }
        }
        self.tell_drained(state);
    }

    /// Follows `curve`, handed over at `at`.
    pub fn follow(self: &Rc<Self>, curve: RateCurve, at: Duration) {
        let state = &mut *self.state.borrow_mut();
        if !state.stopping {
            self.hand_out(state, at, None);
            state.pacer.follow(curve, at);
        }
    }

    /// Sends nothing that falls due after `at`.
    pub fn stop(self: &Rc<Self>, at: Duration) {
        self.follow(RateCurve::flat(0.0), at);
        self.state.borrow_mut().stopping = true;
    }

    /// Whether a stopped run has nothing under way any more.
    pub fn finished(&self) -> bool {
        let state = self.state.borrow();
        state.stopping && state.in_flight == 0
    }

    /// Sends the last sample and closes the channel.
    pub fn finish(&self, now: Duration) {
        let state = &mut *self.state.borrow_mut();
        let sample = state.tally.close(now, state.pacer.asked(now), 0);
        let counted = sample.attempted + sample.settled() > 0;
        if let Some(samples) = state.samples.take().filter(|_| counted || !sample.length.is_zero())
        {
            // Nobody listening is nobody to tell.
            let _ = samples.send(sample);
        }
    }

    /// When the driver is needed next, if nothing else happens before.
    pub fn next_wake(&self) -> Duration {
        let state = &mut *self.state.borrow_mut();
        let mut wake = state.tally.end();
        if let Some(due) = state.pacer.peek(wake) {
            let batch = if state.pacer.rate() > ALARM_EACH { BATCH } else { Duration::ZERO };
            wake = wake.min(due + batch);
        }
        if let Some(deadline) = state.deadlines.next(|(seat, serial)| seat.over(*serial)) {
            wake = wake.min(deadline);
        }
        if let Some(job) = state.waiting.front() {
            wake = wake.min(job.deadline);
        }
        wake
    }

    /// Takes note of how `job` ended. A `reusable` connection gets the next job, perhaps at once: its task
    /// looks at its seat right after this call.
    pub fn settle(self: &Rc<Self>, seat: &Rc<Seat>, job: &Job, outcome: Outcome, reusable: bool) {
        let now = self.now();
        let state = &mut *self.state.borrow_mut();
        if now >= state.tally.end() {
            // This outcome belongs to the next second: the old one is closed without it.
            self.hand_out(state, now, None);
        }
        seat.finish();
        state.end(job, outcome, now);
        if reusable {
            state.idle.push(Rc::clone(seat));
        } else {
            state.leave(seat);
        }
        self.give(state, Some(seat));
        // The alarm sends in batches, which is cheap; only when it is late is it not waited for.
        if state.pacer.peek(now.saturating_sub(BATCH)).is_some() {
            self.hand_out(state, now, Some(seat));
        }
        self.tell_drained(state);
    }

    /// Takes note that the connection of `seat` stands.
    pub fn opened(self: &Rc<Self>, seat: &Rc<Seat>) {
        if seat.open() {
            let state = &mut *self.state.borrow_mut();
            state.opening -= 1;
            state.standing += 1;
            self.give(state, None);
        }
    }

    /// Takes note that an idle connection closed.
    pub fn left(&self, seat: &Seat) {
        self.state.borrow_mut().leave(seat);
    }

    fn tell_drained(&self, state: &State) {
        if state.stopping && state.in_flight == 0 {
            self.drained.notify_one();
        }
    }

    /// Everything due until `now`, second by second.
    fn hand_out(self: &Rc<Self>, state: &mut State, now: Duration, awake: Option<&Rc<Seat>>) {
        loop {
            let end = state.tally.end();
            while let Some(due) = state.pacer.pop(now.min(end)) {
                self.dispatch(state, due, now, awake);
            }
            if now < end {
                return;
            }
            let asked = state.pacer.asked(end);
            let sample = state.tally.close(end, asked, state.in_flight as u64);
            let heard = state.samples.as_ref().is_some_and(|samples| samples.send(sample).is_ok());
            if !heard && !state.stopping {
                // Load that nobody watches is not sent.
                state.pacer.follow(RateCurve::flat(0.0), end);
                state.stopping = true;
                self.drained.notify_one();
            }
        }
    }

    /// Takes one arrival on, or drops it.
    fn dispatch(
        self: &Rc<Self>,
        state: &mut State,
        due: Duration,
        now: Duration,
        awake: Option<&Rc<Seat>>,
    ) {
        // Chosen also for what is dropped: the same seed sends the same, whatever the target does.
        let choice = self.order.book.choose(&mut state.random);
        if state.in_flight >= self.order.max_in_flight {
            state.tally.dropped();
            return;
        }
        state.tally.sent(now.saturating_sub(due));
        state.in_flight += 1;
        state.serial += 1;
        let deadline = now + self.order.timeout;
        state.waiting.push_back(Job { intended: due, deadline, choice, serial: state.serial });
        self.give(state, awake);
    }

    /// Gives waiting jobs to connections: the last that became idle, else a new one.
    fn give(self: &Rc<Self>, state: &mut State, awake: Option<&Rc<Seat>>) {
        while let Some(job) = state.waiting.front().copied() {
            let seat = if let Some(seat) = state.idle_seat() {
                seat.give(job, awake.is_some_and(|awake| Rc::ptr_eq(awake, &seat)));
                seat
            } else if state.opening < OPENING.max(state.standing / 4) {
                let seat = Rc::new(Seat::default());
                seat.give(job, true);
                state.opening += 1;
                (self.order.open)(Rc::clone(self), Rc::clone(&seat));
                seat
            } else {
                return;
            };
            state.waiting.pop_front();
            state.deadlines.push(job.deadline, (seat, job.serial));
        }
    }
}

impl State {
    /// The connection that became idle last and still stands.
    fn idle_seat(&mut self) -> Option<Rc<Seat>> {
        while let Some(seat) = self.idle.pop() {
            if !seat.closed() {
                return Some(seat);
            }
        }
        None
    }

    /// A job taken on has ended.
    fn end(&mut self, job: &Job, outcome: Outcome, now: Duration) {
        self.in_flight -= 1;
        self.tally.settled(outcome, now.saturating_sub(job.intended));
    }

    /// A connection is gone, or never came about.
    fn leave(&mut self, seat: &Seat) {
        if seat.opened() {
            self.standing -= 1;
        } else {
            self.opening -= 1;
        }
        seat.close();
    }
}
