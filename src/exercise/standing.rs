//! How far what a panel shows can be trusted just now: whether data comes, since when it does not, and why. Not the data.

use super::said::{Said, said};
use crate::gameday::span::Span;

/// How it stands with one query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// How long ago data last came; `None`: it never did.
    pub data: Option<Span>,
    /// For how long there has been no data although there should be; `None`: it is current, or was only just asked for.
    pub silent: Option<Span>,
    /// What went wrong the last time, where something did.
    pub why: Option<Said>,
    /// Whether answers come with nothing in them.
    pub empty: bool,
}

impl Standing {
    /// Whether the query is answered just now. An answer with nothing in it is one: then it is known that there is no data.
    pub const fn is_answered(&self) -> bool {
        self.silent.is_none() || self.empty
    }

    /// In words; `None`: all is well.
    pub fn said(&self) -> Option<Said> {
        let silent = Span::from_secs(self.silent?.as_millis() / 1_000);
        let what = match self.data {
            Some(_) => said!("standing-since", "no data for {span}", span = silent),
            None => said!("standing-never", "no data yet, for {span}", span = silent),
        };
        Some(match (&self.why, self.empty) {
            (Some(why), _) => said!("standing-why", "{what}: {why}", what = what, why = why),
            (None, true) => {
                said!("standing-empty", "{what}: the query finds nothing", what = what)
            }
            (None, false) => what,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_told_with_its_reason() {
        let secs = |secs: u64| Some(Span::from_millis(secs * 1_000 + 400));
        let standing = |data, silent, why: Option<&str>, empty| Standing {
            data,
            silent,
            why: why.map(Said::from),
            empty,
        };
        for (standing, words) in [
            (standing(secs(2), None, None, false), None),
            (standing(None, None, None, false), None),
            (standing(secs(40), secs(40), None, false), Some("no data for 40s")),
            (standing(secs(75), secs(75), Some("x"), false), Some("no data for 1m15s: x")),
            (
                standing(secs(9), secs(9), None, true),
                Some("no data for 9s: the query finds nothing"),
            ),
            (standing(None, secs(9), Some("x"), false), Some("no data yet, for 9s: x")),
        ] {
            assert_eq!(standing.said().as_deref(), words, "{standing:?}");
        }
    }
}
