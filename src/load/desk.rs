//! What the driver and the connections share: hands out what is due, counts what comes back. Waits for
//! nothing and touches no socket.

use std::cell::RefCell;
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
const BATCH: Duration = Duration::from_micros(400);

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
    deadlines: DeadlineQueue<(Rc<Seat>, u64)>,
    in_flight: usize,
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
            deadlines: DeadlineQueue::new(),
            in_flight: 0,
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
        state.in_flight -= 1;
        state.tally.settled(outcome, now.saturating_sub(job.intended));
        if reusable {
            state.idle.push(Rc::clone(seat));
        } else {
            seat.close();
        }
        self.hand_out(state, now, Some(seat));
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

    /// Hands one arrival to a connection: the last that became idle, else a new one, else none.
    fn dispatch(
        self: &Rc<Self>,
        state: &mut State,
        due: Duration,
        now: Duration,
        awake: Option<&Rc<Seat>>,
    ) {
        let choice = self.order.book.choose(&mut state.random);
        if state.in_flight >= self.order.max_in_flight {
            state.tally.dropped();
            return;
        }
        state.tally.sent(now.saturating_sub(due));
        state.in_flight += 1;
        state.serial += 1;
        let job = Job { intended: due, choice, serial: state.serial };
        let seat = loop {
            match state.idle.pop() {
                Some(seat) if seat.closed() => {}
                other => break other,
            }
        };
        let seat = if let Some(seat) = seat {
            seat.give(job, awake.is_some_and(|awake| Rc::ptr_eq(awake, &seat)));
            seat
        } else {
            let seat = Rc::new(Seat::default());
            seat.give(job, true);
            (self.order.open)(Rc::clone(self), Rc::clone(&seat));
            seat
        };
        state.deadlines.push(now + self.order.timeout, (seat, job.serial));
    }
}
