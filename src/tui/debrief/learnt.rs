//! What the screen knows for the debrief and the report: the report, proposals, lessons of earlier exercises, and where in
//! it one is. Not what can be done with it.

use std::collections::BTreeSet;

use crate::exercise::expectation::judge;
use crate::exercise::judge::Verdict;
use crate::exercise::log::EntryKind;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::State;
use crate::lang::Lang;
use crate::report::earlier::{Exercise, Known, known};
use crate::report::markdown;
use crate::report::model::Report;
use crate::report::proposal::{self, Proposed};

/// How many parts the debrief has.
pub(super) const PARTS: usize = 9;

/// A line that is proposed, in the language of the screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Went well, went badly, or lucky.
    pub kind: EntryKind,
    /// What it says.
    pub text: String,
    /// The events it rests on.
    pub evidence: Vec<u64>,
    /// When that was.
    pub at: Stamp,
}

/// The debrief and the report, once there is something to learn.
#[derive(Debug, Default)]
pub struct Learnt {
    /// What the report says.
    pub report: Option<Box<Report>>,
    /// The same as Markdown.
    pub markdown: String,
    /// Whether each injection went as expected; `None`: nothing was expected.
    pub expected: Vec<Option<Verdict>>,
    /// The part of the debrief that keys act on.
    pub part: usize,
    /// The place of the selected one in each part.
    pub at: [usize; PARTS],
    /// What is proposed to be written down.
    pub lines: Vec<Line>,
    /// What is proposed to become better.
    pub improvements: Vec<Proposed>,
    /// Proposals that were set aside here, or taken over.
    aside: BTreeSet<String>,
    /// Earlier exercises of the same game day; `None`: they are not read yet.
    pub earlier: Option<Vec<Exercise>>,
    /// What of them could not be read.
    pub problems: Vec<String>,
    /// What they taught, as it stands now.
    pub known: Vec<Known>,
}

impl Learnt {
    /// Learns from `state` as it stands, in a language.
    pub fn learn(&mut self, state: &State, lang: &Lang) {
        self.expected = state.injections.iter().map(|run| judge(state, run)).collect();
        let report = Report::in_language(state, lang);
        self.markdown = markdown::render(&report, lang);
        self.report = Some(Box::new(report));
        self.look_back(state);
    }

    /// Proposes what the recording shows, in the words of `lang`.
    pub fn propose(&mut self, state: &State, lang: &Lang) {
        let lines = proposal::lines(state).into_iter().map(|line| Line {
            kind: line.kind,
            text: lang.message(&line.says).into_owned(),
            evidence: line.evidence,
            at: line.at,
        });
        self.lines = lines.collect();
        let report = self.report.as_deref();
        self.improvements =
            report.map(|report| proposal::improvements(report, lang)).unwrap_or_default();
    }

    /// Takes what earlier exercises taught.
    pub fn remember(&mut self, earlier: Vec<Exercise>, problems: Vec<String>, state: &State) {
        self.earlier = Some(earlier);
        self.problems = problems;
        self.look_back(state);
    }

    /// Works out anew how the lessons of earlier exercises stand.
    pub fn look_back(&mut self, state: &State) {
        let earlier = self.earlier.as_deref().unwrap_or_default();
        if !earlier.is_empty() {
            self.known = known(earlier, &Exercise::from_state(state));
        }
    }

    /// Proposes it no more.
    pub fn set_aside(&mut self, text: &str) {
        self.aside.insert(text.to_owned());
    }

    /// Whether it is proposed no more.
    pub fn is_aside(&self, text: &str) -> bool {
        self.aside.contains(text)
    }
}
