//! Questions the screen asks, and what their answers ask for. Not their drawing.

use super::chooser::Typed;
use super::debrief::asked::Asked;
use super::draft::Draft;
use super::replay;
use super::says::Says;
use crate::exercise::id::InjectionId;
use crate::gameday::span::Span;
use crate::lang::Message;

/// What a confirmed question, or an answered one, leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum Pending {
    /// End the phase.
    SkipPhase,
    /// Start an injection now.
    Inject(InjectionId),
    /// Take an injection out.
    Cancel(InjectionId),
    /// Undo an injection.
    Revert(InjectionId),
    /// Go on after a halt; the answer is the reason.
    Release,
    /// Go on in spite of a no-go; the answer is the reason.
    Override,
    /// Silence the alerts that are offered to be.
    Silence,
    /// Follow another load; the answer is the rate.
    SetLoad,
    /// Score an objective; the answer is the reason.
    Score { objective: usize, met: bool },
    /// Somebody or some team; the answer is the name.
    Name(Typed),
    /// End the exercise.
    End,
    /// Leave the screen before everything is undone.
    Leave,
    /// Something of the debrief; the answer is what is asked for.
    Debrief(Box<Asked>),
    /// Something of a recording; the answer is what is asked for.
    Replay(replay::Asked),
    /// A status update for this team; the answer is its text.
    Update { team: String },
}

/// A question.
#[derive(Debug)]
pub struct Dialog {
    /// What is asked.
    pub question: Message,
    /// What it means, line by line.
    pub details: Vec<Says>,
    /// What is typed as the answer; `None`: yes or no.
    pub answer: Option<Draft>,
    /// Why the answer was not taken.
    pub problem: Option<Message>,
    /// What it leads to.
    pub pending: Pending,
}

impl Dialog {
    /// A yes-or-no question.
    pub fn confirm(pending: Pending, question: Message, details: Vec<Says>) -> Self {
        Self { question, details, answer: None, problem: None, pending }
    }

    /// A question with an answer to type.
    pub fn ask(pending: Pending, question: Message, details: Vec<Says>) -> Self {
        Self { question, details, answer: Some(Draft::new()), problem: None, pending }
    }
}

/// How much time `+` gives a phase and `d` delays an injection: a tenth of the phase, in steps of five seconds, at
/// most a minute. So a game day that is scaled down has smaller steps.
pub fn step(phase: Span) -> Span {
    let tenth = phase.as_millis() / 10_000;
    Span::from_secs((tenth / 5 * 5).clamp(5, 60))
}
