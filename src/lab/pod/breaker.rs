//! A circuit breaker: when too many calls of the last seconds failed or were slow nothing is sent for a while, then a few
//! trials. Pure: time is passed in.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use crate::lab::lock::lock;

/// The window is counted in so many slices.
const SLICES: u32 = 8;

/// Fewer calls in the window say nothing.
const FEWEST: u32 = 10;

/// So many bad calls in a row open it, however few calls there are.
const ROW: u32 = 5;

/// Bad calls further apart are not in a row.
const ROW_GAP: Duration = Duration::from_secs(10);

/// How long it stays open before trials.
const OPEN_FOR: Duration = Duration::from_secs(1);

/// So many trials must go well before it closes; no more are under way at the same time.
const TRIALS: u32 = 3;

/// When a breaker opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rules {
    /// A breaker that is off never opens.
    pub on: bool,
    /// So far back calls count: at least ten, half of them bad, open it.
    pub window: Duration,
    /// A call that took longer is as bad as one that failed.
    pub slow: Duration,
    /// Five bad calls in a row open it when they are spread over at least so long.
    pub row: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self { on: true, window: Duration::from_secs(2), slow: Duration::MAX, row: Duration::ZERO }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed,
    Open { since: Duration },
    HalfOpen { out: u32, good: u32, last: Duration },
}

/// Calls that ended in one slice of time.
#[derive(Clone, Copy, Debug)]
struct Slice {
    index: u128,
    calls: u32,
    bad: u32,
}

#[derive(Debug)]
struct Inner {
    state: State,
    slices: VecDeque<Slice>,
    row: u32,
    row_since: Duration,
    row_last: Duration,
    /// Grows with every change of state: who entered before it says nothing about what follows.
    generation: u64,
    opened: u64,
    open_before: Duration,
    /// Since when it has not been closed.
    open_since: Option<Duration>,
}

/// The permission for one call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pass {
    at: Duration,
    generation: u64,
}

/// What became visible by asking or telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct View {
    /// 0 closed, 1 half-open, 2 open.
    pub state: i64,
    /// How often it opened.
    pub opened: u64,
}

/// A circuit breaker.
#[derive(Debug)]
pub(super) struct Breaker {
    rules: Rules,
    inner: Mutex<Inner>,
}

impl Breaker {
    /// Closed.
    pub(super) fn new(rules: Rules) -> Self {
        let (row, row_since, row_last, generation, opened, open_before) = Default::default();
        let (state, slices, open_since) = (State::Closed, VecDeque::new(), None);
        let inner = Inner {
            state,
            slices,
            row,
            row_since,
            row_last,
            generation,
            opened,
            open_before,
            open_since,
        };
        Self { rules, inner: Mutex::new(inner) }
    }

    /// The permission for a call at `now`, if it may be made. It is given back with [`Breaker::leave`].
    pub(super) fn enter(&self, now: Duration) -> Option<Pass> {
        let inner = &mut *lock(&self.inner);
        if !inner.allows(now) {
            return None;
        }
        match inner.state {
            State::Closed => {}
            State::Open { .. } => {
                inner.become_state(State::HalfOpen { out: 1, good: 0, last: now });
            }
            State::HalfOpen { out, good, .. } => {
                // Trials whose outcome was never told (the caller went away) do not block for ever.
                let out = if out + good < TRIALS { out + 1 } else { 1 };
                inner.state = State::HalfOpen { out, good, last: now };
            }
        }
        Some(Pass { at: now, generation: inner.generation })
    }

    /// Whether [`Breaker::enter`] would permit a call, without taking a trial.
    pub(super) fn would_allow(&self, now: Duration) -> bool {
        lock(&self.inner).allows(now)
    }

    /// A call has ended at `now`, well or not.
    pub(super) fn leave(&self, pass: Pass, now: Duration, well: bool) {
        let bad = !well || now.saturating_sub(pass.at) > self.rules.slow;
        let inner = &mut *lock(&self.inner);
        if !self.rules.on || pass.generation != inner.generation {
            return;
        }
        match inner.state {
            State::Closed => {
                if inner.count(&self.rules, now, bad) {
                    inner.open(now);
                }
            }
            State::HalfOpen { .. } if bad => inner.open(now),
            State::HalfOpen { out, good, last } if good + 1 < TRIALS => {
                inner.state = State::HalfOpen { out: out.saturating_sub(1), good: good + 1, last };
            }
            State::HalfOpen { .. } => inner.close(now),
            State::Open { .. } => {}
        }
    }

    /// For metrics.
    pub(super) fn view(&self) -> View {
        let inner = lock(&self.inner);
        let state = match inner.state {
            State::Closed => 0,
            State::HalfOpen { .. } => 1,
            State::Open { .. } => 2,
        };
        View { state, opened: inner.opened }
    }

    /// How long it was open or half-open until `now`, all together.
    pub(super) fn open_for(&self, now: Duration) -> Duration {
        let inner = lock(&self.inner);
        inner.open_before
            + inner.open_since.map_or(Duration::ZERO, |since| now.saturating_sub(since))
    }
}

impl Inner {
    fn allows(&self, now: Duration) -> bool {
        match self.state {
            State::Closed => true,
            State::Open { since } => now >= since + OPEN_FOR,
            State::HalfOpen { out, good, last } => out + good < TRIALS || now >= last + OPEN_FOR,
        }
    }

    fn become_state(&mut self, state: State) {
        self.state = state;
        self.generation += 1;
    }

    fn open(&mut self, now: Duration) {
        self.become_state(State::Open { since: now });
        self.opened += 1;
        self.open_since.get_or_insert(now);
        self.forget();
    }

    fn close(&mut self, now: Duration) {
        self.become_state(State::Closed);
        if let Some(since) = self.open_since.take() {
            self.open_before += now.saturating_sub(since);
        }
        self.forget();
    }

    fn forget(&mut self) {
        self.slices.clear();
        self.row = 0;
    }

    /// Counts a call; whether it was the one too many.
    fn count(&mut self, rules: &Rules, now: Duration, bad: bool) -> bool {
        let index = now.as_nanos() / (rules.window / SLICES).as_nanos().max(1);
        while self.slices.front().is_some_and(|one| one.index + u128::from(SLICES) <= index) {
            self.slices.pop_front();
        }
        match self.slices.back_mut() {
            Some(last) if last.index >= index => {
                last.calls += 1;
                last.bad += u32::from(bad);
            }
            _ => self.slices.push_back(Slice { index, calls: 1, bad: u32::from(bad) }),
        }
        if !bad {
            self.row = 0;
            return false;
        }
        if self.row == 0 || now.saturating_sub(self.row_last) > ROW_GAP {
            (self.row, self.row_since) = (0, now);
        }
        self.row += 1;
        self.row_last = now;
        if self.row >= ROW && now.saturating_sub(self.row_since) >= rules.row {
            return true;
        }
        let total = |of: fn(&Slice) -> u32| self.slices.iter().map(of).sum::<u32>();
        let calls = total(|one| one.calls);
        calls >= FEWEST && total(|one| one.bad) * 2 >= calls
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    /// Calls that begin at `start` and end `took` later; whether it let them through.
    fn call(breaker: &Breaker, start: u64, took: u64, well: bool) -> bool {
        let pass = breaker.enter(at(start));
        if let Some(pass) = pass {
            breaker.leave(pass, at(start + took), well);
        }
        pass.is_some()
    }

    fn state(breaker: &Breaker) -> (i64, u64) {
        let view = breaker.view();
        (view.state, view.opened)
    }

    #[test]
    fn half_of_the_calls_of_the_window_open_it_whether_they_failed_or_were_slow() {
        let rules = Rules { slow: at(300), row: at(1_500), ..Rules::default() };
        // Of ten calls in a second every other is bad, in one way or the other.
        for (took, well, opens) in
            [(10, false, true), (301, true, true), (300, true, false), (10, true, false)]
        {
            let breaker = Breaker::new(rules);
            for n in 0..10 {
                assert!(call(
                    &breaker,
                    n * 100,
                    if n % 2 == 1 { took } else { 5 },
                    well || n % 2 == 0
                ));
            }
            assert_eq!(state(&breaker), (2 * i64::from(opens), u64::from(opens)), "{took} {well}");
        }
        // Good calls a little earlier outweigh them; good calls long ago do not.
        for (first, opens) in [(1_000, false), (0, true)] {
            let breaker = Breaker::new(rules);
            for n in 0..20 {
                assert!(call(&breaker, first + n * 10, 5, true));
            }
            for n in 0..12 {
                call(&breaker, 2_300 + n * 10, 5, false);
            }
            assert_eq!(breaker.view().opened > 0, opens, "good calls from {first}");
        }
    }

    #[test]
    fn bad_calls_in_a_row_open_it_when_they_last() {
        for (apart, opens) in [(500, true), (300, false), (11_000, false)] {
            let breaker = Breaker::new(Rules { row: at(1_500), ..Rules::default() });
            for n in 0..5 {
                call(&breaker, n * apart, 5, false);
            }
            assert_eq!(breaker.view().opened == 1, opens, "{apart} ms apart");
        }
    }

    #[test]
    fn after_a_while_a_few_trials_decide() {
        let breaker = Breaker::new(Rules::default());
        let old = breaker.enter(at(0)).unwrap();
        for _ in 0..5 {
            assert!(call(&breaker, 0, 0, false));
        }
        assert_eq!(state(&breaker), (2, 1));
        assert!(!call(&breaker, 999, 0, true));
        assert!(breaker.would_allow(at(1_000)), "looking takes no trial");
        let trials: Vec<_> = (0..3).map(|_| breaker.enter(at(1_000)).unwrap()).collect();
        assert_eq!(state(&breaker), (1, 1));
        assert!(breaker.enter(at(1_001)).is_none(), "three trials only");
        breaker.leave(old, at(1_001), true);
        assert!(breaker.enter(at(1_002)).is_none(), "who entered before is no trial");
        breaker.leave(trials[0], at(1_010), true);
        breaker.leave(trials[1], at(1_011), false);
        assert_eq!(state(&breaker), (2, 2));
        breaker.leave(trials[2], at(1_012), true);
        assert_eq!(state(&breaker), (2, 2), "one bad trial is enough");
        for _ in 0..2 {
            assert!(call(&breaker, 2_100, 1, true));
            assert_eq!(state(&breaker), (1, 2));
        }
        assert!(call(&breaker, 2_100, 1, true));
        assert_eq!(state(&breaker), (0, 2));
        assert_eq!(breaker.open_for(at(9_000)), at(2_101), "from the first opening to the end");
    }

    #[test]
    fn trials_that_never_end_do_not_block_for_ever() {
        let breaker = Breaker::new(Rules::default());
        for _ in 0..5 {
            call(&breaker, 0, 0, false);
        }
        for _ in 0..3 {
            breaker.enter(at(1_000)).unwrap();
        }
        assert!(breaker.enter(at(1_999)).is_none());
        for _ in 0..3 {
            assert!(call(&breaker, 2_000, 1, true));
        }
        assert_eq!(state(&breaker).0, 0);
    }

    #[test]
    fn one_that_is_off_never_opens() {
        let breaker = Breaker::new(Rules { on: false, ..Rules::default() });
        for n in 0..100 {
            assert!(call(&breaker, n, 0, false));
        }
        assert_eq!(state(&breaker), (0, 0));
    }
}
