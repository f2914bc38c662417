//! Whether objectives were met, with the figures that say so. Not how a measure is written, and not how long things
//! took (see `times`).
//!
//! What has no data is not met, and never silently so: the evidence says what is missing.
//!
//! A figure `during` an injection comes from every second that touches the time from T0 until it was undone.
//!
//! A figure over a phase, or over the whole exercise (from the first phase's start to the last one's end), comes from
//! the samples that lie wholly inside. A measured rate is compared with another measured rate to within [`RATE_NOISE`],
//! because neither is exact; with a figure that was written down it is compared exactly.
//!
//! What a real incident cut short has no data, see the module `cut`.

pub(super) mod cut;
mod facts;
mod reading;
mod value;
mod window;

use super::said::{Between, Said, said};
use super::state::{Score, State};
use super::who::who;
use crate::gameday::measure::{Condition, Expr, Op};
use crate::gameday::metric::Unit;
use crate::gameday::plan::Objective;
use reading::read;
use value::Reading;
use window::Window;

/// So much, as a part of the other, two measured rates may differ and still be the same: answers do not fall into
/// seconds as evenly as requests are sent.
pub const RATE_NOISE: f64 = 0.005;

/// What came of an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Measured, or scored by the facilitator: met.
    Met,
    /// Measured, or scored by the facilitator: not met.
    NotMet,
    /// To be measured, but nothing was there to measure.
    NoData,
    /// Left to the facilitator, who has not said.
    NotScored,
}

impl Answer {
    /// The words shown for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not met",
            Self::NoData => "no data",
            Self::NotScored => "not scored",
        }
    }

    /// The same, for other languages too.
    pub fn said(self) -> Said {
        match self {
            Self::Met => said!("answer-met", "met"),
            Self::NotMet => said!("answer-not-met", "not met"),
            Self::NoData => said!("answer-no-data", "no data"),
            Self::NotScored => said!("answer-not-scored", "not scored"),
        }
    }
}

/// An answer with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub answer: Answer,
    /// Each side's figure in words, with its window. May hold text from outside: neutralise before showing.
    pub evidence: Said,
    /// The facilitator's word: the answer itself where nothing is measured, beside the measured answer otherwise.
    pub score: Option<Score>,
}

/// What all objectives together say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Overall {
    /// How many are met.
    pub met: usize,
    /// How many are not.
    pub not_met: usize,
    /// How many had no data.
    pub no_data: usize,
    /// How many wait for the facilitator.
    pub not_scored: usize,
}

impl Overall {
    /// Whether nothing is against it: everything measurable is met, and nothing was scored as not met.
    pub const fn objectives_met(&self) -> bool {
        self.not_met == 0 && self.no_data == 0
    }
}

/// `3 met, 1 not met, 1 not scored`.
impl std::fmt::Display for Overall {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let parts = [
            (self.met, Answer::Met),
            (self.not_met, Answer::NotMet),
            (self.no_data, Answer::NoData),
            (self.not_scored, Answer::NotScored),
        ];
        let shown: Vec<String> = parts
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, answer)| format!("{count} {}", answer.word()))
            .collect();
        f.write_str(if shown.is_empty() { "no objectives" } else { "" })?;
        f.write_str(&shown.join(", "))
    }
}

/// Judges the objective at `index` of the plan by what was recorded so far; `None`: there is no such objective.
pub fn judge(state: &State, index: usize) -> Option<Verdict> {
    let objective = state.plan().objectives.get(index)?;
    let score = state.scores.get(index).cloned().flatten();
    Some(verdict(state, objective, score))
}

/// Judges every objective, in the plan's order.
pub fn judge_all(state: &State) -> Vec<Verdict> {
    (0..state.plan().objectives.len()).filter_map(|index| judge(state, index)).collect()
}

/// Counts the answers.
pub fn overall(verdicts: &[Verdict]) -> Overall {
    let mut overall = Overall::default();
    for verdict in verdicts {
        match verdict.answer {
            Answer::Met => overall.met += 1,
            Answer::NotMet => overall.not_met += 1,
            Answer::NoData => overall.no_data += 1,
            Answer::NotScored => overall.not_scored += 1,
        }
    }
    overall
}

fn verdict(state: &State, objective: &Objective, score: Option<Score>) -> Verdict {
    if let Some(measure) = &objective.measure {
        let (answer, evidence) = condition(state, &measure.condition);
        return Verdict { answer, evidence, score };
    }
    let (answer, evidence) = match &score {
        None => (Answer::NotScored, unsaid()),
        Some(Score { met, by, reason }) => {
            let answer = if *met { Answer::Met } else { Answer::NotMet };
            let said = said!(
                "evidence-scored",
                "scored {answer} by {by}: {reason}",
                answer = answer.said(),
                by = who(by),
                reason = reason
            );
            (answer, said)
        }
    };
    Verdict { answer, evidence, score }
}

/// Why there is no answer where only the facilitator can give one.
pub(super) fn unsaid() -> Said {
    said!("evidence-unsaid", "left to the facilitator, who has not said")
}

/// Why there is no data.
pub(super) fn no_data(why: &Said) -> Said {
    said!("evidence-no-data", "no data: {why}", why = why)
}

/// Whether a condition holds, and the figures that say so.
pub fn condition(state: &State, condition: &Condition) -> (Answer, Said) {
    match condition {
        Condition::Compare { left, op, right, phase, during } => {
            let about = (phase.as_deref(), during.as_deref());
            if cut::side(state, left, about) || cut::side(state, right, about) {
                return (Answer::NoData, no_data(&cut::cut_short()));
            }
            let window = match during {
                Some(name) => Window::during(state, name),
                None => Window::of(state, phase.as_deref()),
            };
            compare(state, (left, *op, right), window)
        }
        Condition::All(parts) => joined(state, parts, Between::And, Answer::NotMet, Answer::Met),
        Condition::Any(parts) => joined(state, parts, Between::Or, Answer::Met, Answer::NotMet),
    }
}

/// One part with the `strong` answer decides; one without data leaves it open; else it is `weak`.
fn joined(
    state: &State,
    parts: &[Condition],
    between: Between,
    strong: Answer,
    weak: Answer,
) -> (Answer, Said) {
    let judged: Vec<(Answer, Said)> = parts.iter().map(|part| condition(state, part)).collect();
    let any = |wanted| judged.iter().any(|(answer, _)| *answer == wanted);
    let answer = if any(strong) {
        strong
    } else if any(Answer::NoData) || judged.is_empty() {
        Answer::NoData
    } else {
        weak
    };
    let mut evidence: Vec<Said> = judged.into_iter().map(|(_, evidence)| evidence).collect();
    // Several parts may lack the same thing: once is enough.
    evidence.dedup();
    (answer, Said::all(evidence, between))
}

fn compare(
    state: &State,
    (left, op, right): (&Expr, Op, &Expr),
    window: Result<Window<'_>, Said>,
) -> (Answer, Said) {
    let window = match window {
        Ok(window) => window,
        Err(why) => return (Answer::NoData, no_data(&why)),
    };
    let measured = is_measured(left) && is_measured(right);
    let (left, right) = (read(state, left, &window), read(state, right, &window));
    let sides = |left: &Said, right: &Said| {
        let right = said!("evidence-bound", "{op} {right}", op = op.symbol(), right = right);
        said!("evidence-wanted", "{left}; wanted {right}", left = left, right = right)
    };
    match (left, right) {
        (Reading::Known(left), Reading::Known(right)) => {
            let mut met = op.holds(left.value, right.value);
            let mut evidence = sides(&left.words, &right.words);
            let rates = measured && left.is_rate() && right.is_rate();
            if !met && rates && same_rate(left.value, op, right.value) {
                met = true;
                evidence = said!(
                    "evidence-same",
                    "{what} (the same to within {noise}, as exactly as rates are measured)",
                    what = evidence,
                    noise = Unit::Share.show(RATE_NOISE)
                );
            } else if left.shown() == right.shown() && left.value != right.value {
                evidence = said!(
                    "evidence-exactly",
                    "{what} (exactly: {left} and {right})",
                    what = evidence,
                    left = left.value.to_string(),
                    right = right.value.to_string()
                );
            }
            (if met { Answer::Met } else { Answer::NotMet }, evidence)
        }
        // What never came is not below any bound; nothing else can be said of it.
        (Reading::Never(words), Reading::Known(right)) => {
            let answer = match op {
                Op::Less | Op::AtMost => Answer::NotMet,
                Op::More | Op::AtLeast | Op::Equal | Op::Differs => Answer::NoData,
            };
            (answer, sides(&words, &right.words))
        }
        (Reading::Missing(why), _) | (_, Reading::Missing(why)) => (Answer::NoData, no_data(&why)),
        (_, Reading::Never(why)) => (Answer::NoData, no_data(&why)),
    }
}

/// Whether a side rests on something that was measured.
fn is_measured(expr: &Expr) -> bool {
    match expr {
        Expr::Metric { .. } => true,
        Expr::Arithmetic { left, right, .. } => is_measured(left) || is_measured(right),
        Expr::Number { .. }
        | Expr::Injection { .. }
        | Expr::Incidents(_)
        | Expr::Breaker { .. }
        | Expr::Fact(_)
        | Expr::Time { .. } => false,
    }
}

/// Whether two measured rates are the same, where being the same is enough.
fn same_rate(left: f64, op: Op, right: f64) -> bool {
    matches!(op, Op::AtLeast | Op::AtMost | Op::Equal)
        && (left - right).abs() <= RATE_NOISE * right.abs()
}
