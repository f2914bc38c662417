//! What became of each thing that had to be let go, for people. Pure.

use std::fmt::Write as _;

use serde::Serialize;

use crate::gameday::text::printable;

/// So much is told of one thing.
const SHOWN: usize = 600;

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It is as before, which was looked at.
    Recovered,
    /// Nobody can say.
    Unknown,
    /// It is not as before.
    Failed,
}

impl Outcome {
    const fn word(self) -> &'static str {
        match self {
            Self::Recovered => "recovered",
            Self::Unknown => "unknown",
            Self::Failed => "FAILED",
        }
    }
}

/// One thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What it is: `PodChaos shop/gd-…`.
    pub what: String,
    pub outcome: Outcome,
    /// What was seen, or what went wrong.
    pub said: String,
    /// The command by which a person does it, where one is needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<String>,
}

impl Line {
    /// It is as before.
    pub fn recovered(what: impl Into<String>, said: impl Into<String>) -> Self {
        let (what, said) = (what.into(), said.into());
        Self { what, outcome: Outcome::Recovered, said, by_hand: None }
    }

    /// It is not as before, or nobody can say; `by_hand` is how a person does it.
    pub fn left(outcome: Outcome, what: &str, said: &str, by_hand: &str) -> Self {
        let by_hand = Some(by_hand.to_owned());
        Self { what: what.to_owned(), outcome, said: said.to_owned(), by_hand }
    }
}

/// Everything that was let go, or was to be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The runs that were found.
    pub runs: Vec<String>,
    pub lines: Vec<Line>,
    /// What else there is to know.
    pub notes: Vec<String>,
}

impl Report {
    /// Whether nothing is left.
    pub fn is_clean(&self) -> bool {
        self.lines.iter().all(|line| line.outcome == Outcome::Recovered)
    }

    /// The report as lines for people.
    pub fn text(&self) -> String {
        let mut text = String::new();
        if self.runs.is_empty() && self.lines.is_empty() {
            text.push_str("no run of gameday was found there\n");
        }
        for run in &self.runs {
            // Writing to a String cannot fail.
            let _ = writeln!(text, "run {}", printable(run, SHOWN));
        }
        for line in &self.lines {
            let (what, said) = (printable(&line.what, SHOWN), printable(&line.said, SHOWN));
            let colon = if said.is_empty() { "" } else { ": " };
            let _ = writeln!(text, "{:<9}  {what}{colon}{said}", line.outcome.word());
            if let Some(by_hand) = &line.by_hand {
                let _ = writeln!(text, "{:<9}  by hand: {}", "", printable(by_hand, SHOWN));
            }
        }
        for note in &self.notes {
            let _ = writeln!(text, "note       {}", printable(note, SHOWN));
        }
        let left = self.lines.iter().filter(|line| line.outcome != Outcome::Recovered).count();
        if left > 0 {
            let _ = writeln!(
                text,
                "{left} of {} left; the same command may be given again",
                self.lines.len()
            );
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_thing_has_its_line_and_what_is_left_its_command() {
        let report = Report {
            runs: vec!["r-1".into()],
            lines: vec![
                Line::recovered("PodChaos shop/a", "gone"),
                Line::left(Outcome::Failed, "PodChaos shop/\u{1b}b", "stuck", "kubectl delete"),
            ],
            notes: vec!["the program lives".into()],
        };
        assert!(!report.is_clean());
        let text = report.text();
        assert_eq!(
            text,
            "run r-1\nrecovered  PodChaos shop/a: gone\nFAILED     PodChaos shop/\u{fffd}b: stuck\n           by hand: kubectl delete\nnote       the program lives\n1 of 2 left; the same command may be given again\n"
        );
        assert!(
            Report::default().is_clean() && Report::default().text().contains("no run of gameday")
        );
    }
}
