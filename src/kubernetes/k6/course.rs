//! Which run there has to be now, so that the load is what the exercise asks for: k6 cannot change its rate, so a new run takes the
//! place of one that does something else. Pure: times are passed in.

use std::time::Duration;

use super::legs::Legs;
use crate::gameday::load::RateCurve;
use crate::gameday::plan::Phase;
use crate::gameday::span::Span;

/// Somebody who turns the load up turns again; only what stays is worth new runners.
const SETTLED: Span = Span::from_secs(2);
/// So long runners need to start, until it is known better.
const START: Span = Span::from_secs(15);
/// A guess beyond this is none.
const LONGEST_START: Span = Span::from_secs(90);
/// So long after its last request a run may need to say that it is done.
const GRACE: Span = Span::from_secs(30);
/// How far ahead two curves are compared.
const AHEAD: Span = Span::from_secs(60);
/// Two rates are the same within this share, or this many a second.
const SHARE: f64 = 0.02;
const RATE: f64 = 0.5;

/// A run that was ordered.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Its number in the exercise.
    pub number: u32,
    /// What it is to follow, from the instant it was ordered.
    pub legs: Legs,
    /// When it was ordered.
    pub ordered: Duration,
    /// When its runners began to send; `None`: not yet.
    pub began: Option<Duration>,
    /// How long it was thought to need for that.
    pub guess: Span,
}

/// What has to be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Move {
    /// Order this run.
    Order(Run),
    /// End the run with this number.
    End(u32),
}

/// What is wanted, and what there is.
#[derive(Debug)]
pub struct Course {
    phases: Vec<Phase>,
    hint: usize,
    next: u32,
    wanted: Option<(RateCurve, Duration)>,
    runs: Vec<Run>,
    guess: Span,
    /// What is wanted was done, as far as runs can do it.
    done: bool,
}

impl Course {
    /// The course of an exercise with these phases.
    pub const fn new(phases: Vec<Phase>) -> Self {
        Self { phases, hint: 0, next: 1, wanted: None, runs: Vec::new(), guess: START, done: false }
    }

    /// From now on this is wanted; a curve of nothing means that there is to be no load.
    pub fn want(&mut self, curve: RateCurve, now: Duration) {
        self.done = false;
        self.wanted = (curve.pattern.peak() > 0.0).then_some((curve, now));
    }

    /// What was ordered and has not ended.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The requests asked for between two instants.
    pub fn planned(&self, from: Duration, to: Duration) -> f64 {
        let Some((curve, at)) = self.wanted else { return 0.0 };
        let since = |instant: Duration| Span::from(instant.saturating_sub(at));
        curve.arrivals(since(from.max(at)), since(to.max(at)))
    }

    /// The runners of this run send now. How far it is behind what was planned.
    pub fn began(&mut self, number: u32, now: Duration) -> Option<Span> {
        let run = self.runs.iter_mut().find(|run| run.number == number)?;
        if run.began.is_some() {
            return None;
        }
        run.began = Some(now);
        let needed = Span::from(now.saturating_sub(run.ordered));
        let late = needed.saturating_sub(run.guess);
        self.guess = needed.min(LONGEST_START);
        Some(late)
    }

    /// This run is no more.
    pub fn ended(&mut self, number: u32) {
        self.runs.retain(|run| run.number != number);
    }

    /// This run did everything that its script says. What is left of its plan is no more than it was told to skip, or `now`
    /// somebody has to go on with it.
    pub fn finished(&mut self, number: u32, now: Duration) {
        if let Some(run) = self.runs.iter().find(|run| run.number == number) {
            let passed = Span::from(now.saturating_sub(run.ordered));
            let left = run.legs.length().saturating_sub(passed);
            self.done |= left <= run.guess + SETTLED;
        }
    }

    /// What is left is too short for runners of their own.
    pub fn give_up(&mut self, number: u32) {
        self.done = true;
        self.ended(number);
    }

    /// What has to be done now, in this order.
    pub fn moves(&mut self, now: Duration) -> Vec<Move> {
        let Some((curve, at)) = self.wanted else {
            let gone = self.runs.iter().filter(|run| !run.ends_by_itself(now));
            return gone.map(|run| Move::End(run.number)).collect();
        };
        let mut moves = Vec::new();
        let fits = self.runs.last().is_some_and(|run| agrees(run, &curve, at, now));
        let settled = self.runs.is_empty() || Span::from(now.saturating_sub(at)) >= SETTLED;
        if !fits && settled && !self.done {
            let since = Span::from(now.saturating_sub(at));
            let present = RateCurve { position: curve.position + since, ..curve };
            let (legs, found) = Legs::of(&present, &self.phases, self.hint);
            self.hint = found.unwrap_or(self.hint);
            let run = Run { number: self.next, legs, ordered: now, began: None, guess: self.guess };
            self.next += 1;
            moves.push(Move::Order(run.clone()));
            self.runs.push(run);
        }
        // Older ones go once a newer one sends; those that never began are of no use once there is a newer one.
        let newest_began = self.runs.iter().rposition(|run| run.began.is_some());
        let last = self.runs.len().saturating_sub(1);
        for (place, run) in self.runs.iter().enumerate() {
            let replaced = newest_began.is_some_and(|newest| place < newest);
            let useless = run.began.is_none() && place < last;
            if replaced || useless {
                moves.push(Move::End(run.number));
            }
        }
        moves
    }
}

impl Run {
    /// What its script says: from where the plan is when its runners are thought to begin.
    pub fn written(&self) -> Legs {
        self.legs.after(self.guess)
    }

    /// Whether it is over by the plan and only behind it: then it may end as it should, and be judged.
    fn ends_by_itself(&self, now: Duration) -> bool {
        let whole = Duration::from(self.written().length() + GRACE);
        self.rate_at(now).is_none() && self.began.is_some_and(|began| now < began + whole)
    }

    /// The rate that the plan had for it at an instant; `None`: it is over.
    fn rate_at(&self, instant: Duration) -> Option<f64> {
        self.legs.rate_at(Span::from(instant.saturating_sub(self.ordered)))
    }
}

/// Whether a run does what is wanted, now and for a while.
fn agrees(run: &Run, curve: &RateCurve, at: Duration, now: Duration) -> bool {
    let ends = match curve.duration.is_zero() {
        true => AHEAD,
        false => AHEAD.min(curve.duration.saturating_sub(curve.position)),
    };
    let tolerance = |rate: f64| RATE.max(rate * SHARE);
    [0.0, 0.25, 0.5, 0.75, 0.98].into_iter().all(|share| {
        let instant = now + Duration::from(ends.scaled(share));
        let wanted = curve.rate_after(Span::from(instant.saturating_sub(at)));
        // Beyond the end of its phase nobody knows what will be wanted.
        let over = !curve.duration.is_zero()
            && curve.position + Span::from(instant.saturating_sub(at)) >= curve.duration;
        match run.rate_at(instant) {
            Some(rate) => over || (rate - wanted).abs() <= tolerance(wanted),
            None => over && share > 0.0,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::load::LoadPattern;

    const fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn phases() -> Vec<Phase> {
        let of = |name: &str, secs, load| Phase {
            name: name.to_owned(),
            duration: Span::from_secs(secs),
            load: Some(load),
            injections: Vec::new(),
            cards: Vec::new(),
        };
        vec![
            of("calm", 100, LoadPattern::Constant { rps: 10.0 }),
            of("rise", 100, LoadPattern::Linear { start: 10.0, end: 50.0 }),
        ]
    }

    fn curve(phase: usize, position: u64) -> RateCurve {
        let phase = &phases()[phase];
        RateCurve {
            pattern: phase.load.unwrap(),
            duration: phase.duration,
            position: Span::from_secs(position),
        }
    }

    fn orders(moves: &[Move]) -> Vec<u32> {
        let number = |one: &Move| match one {
            Move::Order(run) => Some(run.number),
            Move::End(_) => None,
        };
        moves.iter().filter_map(number).collect()
    }

    #[test]
    fn one_run_follows_the_whole_plan() {
        let mut course = Course::new(phases());
        assert!(course.moves(secs(0)).is_empty());
        course.want(curve(0, 0), secs(1));
        assert_eq!(orders(&course.moves(secs(1))), [1]);
        assert_eq!(course.began(1, secs(21)), Some(Span::from_secs(5)), "it was 5 s late");
        for now in 2..101 {
            assert!(course.moves(secs(now)).is_empty(), "at {now}");
        }
        course.want(curve(1, 0), secs(101));
        for now in 101..200 {
            assert!(course.moves(secs(now)).is_empty(), "at {now}");
        }
        assert!((course.planned(secs(101), secs(201)) - 3_000.0).abs() < 1.0);
        course.want(RateCurve::flat(0.0), secs(201));
        assert!(course.moves(secs(201)).is_empty(), "it is 5 s behind, and then is judged");
        assert_eq!(course.moves(secs(21 + 185 + 30)), [Move::End(1)], "longer nobody waits");
        course.ended(1);
        assert!(course.moves(secs(202)).is_empty());
    }

    #[test]
    fn a_rate_by_hand_gets_runners_of_its_own_and_the_old_ones_go_on_until_they_send() {
        let mut course = Course::new(phases());
        course.want(curve(0, 0), secs(0));
        let moves = course.moves(secs(0));
        assert_eq!(orders(&moves), [1]);
        course.began(1, secs(10));
        // Turned up three times, quickly.
        for (now, rps) in [(20, 11.0), (21, 12.0), (22, 13.0)] {
            course.want(RateCurve::flat(rps), secs(now));
            assert!(course.moves(secs(now)).is_empty());
        }
        assert_eq!(orders(&course.moves(secs(24))), [2]);
        assert!(course.moves(secs(30)).is_empty(), "the old one goes on");
        // The first needed ten seconds, so that was the guess.
        assert_eq!(course.began(2, secs(36)), Some(Span::from_secs(2)));
        assert_eq!(course.moves(secs(36)), [Move::End(1)]);
        course.ended(1);
        assert_eq!(course.runs().len(), 1);
        // Back to the plan, where it is by now.
        course.want(curve(0, 40), secs(40));
        let moves = course.moves(secs(42));
        let [Move::Order(run)] = moves.as_slice() else { panic!("{moves:?}") };
        assert_eq!(run.legs.length(), Span::from_secs(158));
        assert_eq!(run.written().length(), Span::from_secs(158 - 12));
    }

    #[test]
    fn what_never_began_goes_when_something_else_is_wanted() {
        let mut course = Course::new(phases());
        course.want(RateCurve::flat(10.0), secs(0));
        assert_eq!(orders(&course.moves(secs(0))), [1]);
        course.want(curve(1, 0), secs(5));
        let moves = course.moves(secs(7));
        assert_eq!((orders(&moves), moves.last()), (vec![2], Some(&Move::End(1))));
        course.ended(1);
        course.want(RateCurve::flat(0.0), secs(9));
        assert_eq!(course.moves(secs(9)), [Move::End(2)], "a halt waits for nothing");
        course.want(curve(1, 0), secs(18));
        // Over before its time: what is still wanted is ordered again.
        course.ended(2);
        assert_eq!(orders(&course.moves(secs(20))), [3]);
    }
}
