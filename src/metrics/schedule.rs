//! Which query is asked when: one budget for all of them. Pure: instants, and the seed of its chance, are passed in. Not the
//! asking (see `round`).
//!
//! A query that fails is left alone for a while. When nobody gets through, or the server says that it has too much to do,
//! all of them are left alone, and then a single one goes ahead to see.

use oorandom::Rand32;

use super::backoff::Waits;
use crate::exercise::said::Said;
use crate::exercise::standing::Standing;
use crate::gameday::span::Span;
use crate::port::trouble::{Remedy, Trouble};

/// What a server is asked at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How often each query is asked, as far as the rest of the budget goes.
    pub interval: Span,
    /// Between two questions, whichever they are, lies at least so much.
    pub gap: Span,
    /// So many questions are under way at the same time.
    pub most_under_way: usize,
    /// How long who is in trouble is left alone.
    pub waits: Waits,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            interval: Span::from_secs(5),
            gap: Span::from_millis(200),
            most_under_way: 4,
            waits: Waits { first: Span::from_secs(1), longest: Span::from_secs(60) },
        }
    }
}

/// A query that the server refuses is asked again after so long: what it lacked may have come.
const REFUSED_AGAIN: Span = Span::from_secs(30);

/// After so many failures in a row, of whatever queries, it is taken for the server's trouble.
const IN_A_ROW: u32 = 3;

/// Data is current for so many intervals, and at least for so long.
const CURRENT: u64 = 3;
const CURRENT_AT_LEAST: Span = Span::from_secs(10);

/// What came of a question.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    /// An answer with data in it.
    Data,
    /// An answer with nothing in it.
    Empty,
    /// No answer.
    Failed(&'a Trouble),
}

#[derive(Clone, Debug, Default)]
struct Seat {
    /// It is not asked more often than this.
    least: Span,
    /// Not asked before.
    next: Span,
    under_way: Option<Span>,
    failures: u32,
    wanted: Span,
    data: Option<Span>,
    /// What came last: `None`, nothing yet.
    last: Option<Last>,
}

#[derive(Clone, Debug)]
enum Last {
    Data,
    Empty,
    Failed(Said),
}

/// The door that all queries go through.
#[derive(Clone, Copy, Debug, Default)]
struct Gate {
    /// Closed until then.
    until: Span,
    /// When it was closed last; who was under way then says nothing new.
    closed: Option<Span>,
    /// How often it was closed since somebody got through.
    failures: u32,
    /// Failures of any query since somebody got through.
    in_a_row: u32,
}

/// The budget and who is asked when.
#[derive(Debug)]
pub struct Schedule {
    pace: Pace,
    seats: Vec<Seat>,
    gate: Gate,
    begun: Span,
    last_asked: Option<Span>,
    chance: Rand32,
}

impl Schedule {
    /// For so many queries, from `now` on.
    pub fn new(pace: Pace, queries: usize, seed: u64, now: Span) -> Self {
        let seat = |index: usize| Seat {
            // The first time as soon as the budget allows.
            next: now + times(pace.gap, index),
            wanted: now,
            ..Seat::default()
        };
        Self {
            pace,
            seats: (0..queries).map(seat).collect(),
            gate: Gate::default(),
            begun: now,
            last_asked: None,
            chance: Rand32::new(seed),
        }
    }

    /// The same, where queries are not asked more often than so, in their order.
    #[must_use]
    pub fn not_more_often(mut self, least: impl IntoIterator<Item = Span>) -> Self {
        for (seat, least) in self.seats.iter_mut().zip(least) {
            seat.least = least;
        }
        self
    }

    /// How often each query is asked in truth: the more there are, the less often. Whoever is asked seldom leaves room to
    /// the others.
    pub fn every(&self) -> Span {
        let interval = self.pace.interval.max(Span::from_millis(1));
        let part = |seat: &Seat| interval.as_secs_f64() / seat.least.max(interval).as_secs_f64();
        let load: f64 = self.seats.iter().map(part).sum();
        // What floating point adds is nothing.
        let shared = (self.pace.gap.as_millis() as f64 * load - 1e-6).ceil().max(0.0);
        interval.max(Span::from_millis(shared as u64))
    }

    /// How often one query is asked.
    fn every_of(&self, which: usize) -> Span {
        let least = self.seats.get(which).map_or(Span::ZERO, |seat| seat.least);
        self.every().max(least)
    }

    /// How many questions are under way.
    pub fn under_way(&self) -> usize {
        self.seats.iter().filter(|seat| seat.under_way.is_some()).count()
    }

    /// How many may be: as long as nobody got through after the door was closed, one.
    fn most(&self) -> usize {
        if self.gate.failures > 0 { 1 } else { self.pace.most_under_way.max(1) }
    }

    /// Which query is to be asked now; it counts as asked. There may be another: ask again.
    pub fn due(&mut self, now: Span) -> Option<usize> {
        if self.wake()? > now {
            return None;
        }
        let which = self.first()?;
        let next = self.on_grid(which, now);
        let seat = self.seats.get_mut(which)?;
        seat.under_way = Some(now);
        seat.next = next;
        self.last_asked = Some(now);
        Some(which)
    }

    /// When there is something to ask, unless an answer comes before; `None`: not before an answer comes.
    pub fn wake(&self) -> Option<Span> {
        if self.under_way() >= self.most() {
            return None;
        }
        let next = self.seats.get(self.first()?)?.next;
        let gap = self.last_asked.map_or(Span::ZERO, |last| last + self.pace.gap);
        Some(next.max(gap).max(self.gate.until))
    }

    /// Who waits longest of those that are not under way.
    fn first(&self) -> Option<usize> {
        let idle = self.seats.iter().enumerate().filter(|(_, seat)| seat.under_way.is_none());
        idle.min_by_key(|(_, seat)| seat.next).map(|(index, _)| index)
    }

    /// The next time of a query after `now`: each has its own place in the interval, so that they never come together.
    fn on_grid(&self, which: usize, now: Span) -> Span {
        let every = self.every_of(which).as_millis();
        let queries = self.seats.len().max(1) as u64;
        let place = self.begun.as_millis() + every * which as u64 / queries;
        let after = now.as_millis() + every / 2;
        let rounds = after.saturating_sub(place).div_ceil(every);
        Span::from_millis(place + rounds * every)
    }

    /// Takes in what came of a question.
    pub fn heard(&mut self, which: usize, now: Span, outcome: Outcome<'_>) {
        let every = self.every_of(which);
        let Some(seat) = self.seats.get_mut(which) else { return };
        let Some(asked) = seat.under_way.take() else { return };
        // Whoever takes long is asked less often: no query is under way more than half of the time.
        seat.next = seat.next.max(now + (now - asked));
        let trouble = match outcome {
            Outcome::Data | Outcome::Empty => {
                seat.failures = 0;
                let data = matches!(outcome, Outcome::Data);
                if data {
                    seat.data = Some(now);
                }
                seat.last = Some(if data { Last::Data } else { Last::Empty });
                self.gate.failures = 0;
                self.gate.in_a_row = 0;
                return;
            }
            Outcome::Failed(trouble) => trouble,
        };
        seat.last = Some(Last::Failed(trouble.said()));
        if trouble.remedy() == Remedy::Query {
            seat.next = seat.next.max(now + every.max(REFUSED_AGAIN));
            // The server is well: it said so.
            self.gate.failures = 0;
            self.gate.in_a_row = 0;
            return;
        }
        if !trouble.is_of_the_way() {
            seat.failures = seat.failures.saturating_add(1);
            let wait = self.pace.waits.after(seat.failures, &mut self.chance);
            seat.next = seat.next.max(now + wait);
        }
        self.gate.in_a_row = self.gate.in_a_row.saturating_add(1);
        if trouble.is_of_the_way() || self.gate.failures > 0 || self.gate.in_a_row >= IN_A_ROW {
            self.close(asked, now, trouble);
        }
    }

    /// Leaves the server alone for a while. Who was asked before it was last left alone adds no time of its own.
    fn close(&mut self, asked: Span, now: Span, trouble: &Trouble) {
        if self.gate.closed.is_none_or(|closed| asked >= closed) {
            self.gate.failures = self.gate.failures.saturating_add(1);
            self.gate.closed = Some(now);
            let wait = self.pace.waits.after(self.gate.failures, &mut self.chance);
            self.gate.until = self.gate.until.max(now + wait);
        }
        if let Trouble::Busy { wait: Some(wait), .. } = trouble {
            let wait = Waits::granted(*wait, &mut self.chance);
            self.gate.until = self.gate.until.max(now + wait);
        }
    }

    /// How it stands with a query.
    pub fn standing(&self, which: usize, now: Span) -> Standing {
        let Some(seat) = self.seats.get(which) else { return Standing::default() };
        let age = now - seat.data.unwrap_or(seat.wanted);
        let current = times(self.every_of(which), CURRENT as usize).max(CURRENT_AT_LEAST);
        let comes = matches!(seat.last, Some(Last::Data) | None);
        Standing {
            data: seat.data.map(|at| now - at),
            silent: (!comes || age > current).then_some(age),
            why: match &seat.last {
                Some(Last::Failed(why)) => Some(why.clone()),
                _ => None,
            },
            empty: matches!(seat.last, Some(Last::Empty)),
        }
    }

    /// Until when nothing is asked at all, because the server is left alone.
    pub fn left_alone(&self, now: Span) -> Option<Span> {
        (self.gate.until > now).then(|| self.gate.until - now)
    }
}

fn times(span: Span, count: usize) -> Span {
    Span::from_millis(span.as_millis().saturating_mul(count as u64))
}
