//! When a reaper acts. Pure: what it saw goes in, what comes next comes out.

use std::time::Duration;

use super::super::journal::page::Page;

/// What comes next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Everything is as it should be.
    Wait,
    /// These entries are over their deadline.
    Undo(Vec<String>),
    /// The program is dead.
    UndoAll,
    /// There is nothing to watch over any more.
    Leave,
}

/// What comes next for a run with this journal, whose lease nobody renewed for `silent` as far as we could look.
pub fn next(page: Option<&Page>, silent: Duration, stale: Duration, now: i64) -> Next {
    let Some(page) = page else { return Next::Leave };
    if page.reaped.is_some() && page.entries.is_empty() {
        return Next::Leave;
    }
    if silent > stale {
        return Next::UndoAll;
    }
    let over = page.entries.iter().filter(|entry| entry.deadline < now);
    let over: Vec<String> = over.map(|entry| entry.key.clone()).collect();
    if over.is_empty() { Next::Wait } else { Next::Undo(over) }
}

/// For how long a lease was seen not to be renewed, by our own clock: that of who renews it may be wrong.
#[derive(Clone, Debug, Default)]
pub struct Pulse {
    /// What the lease said last, and since when.
    last: Option<(Option<i64>, Duration)>,
}

impl Pulse {
    /// The lease said this, `None`: there is none. Gives for how long that is so.
    pub fn seen(&mut self, renewed: Option<i64>, at: Duration) -> Duration {
        match self.last {
            Some((before, since)) if before == renewed => at.saturating_sub(since),
            _ => {
                self.last = Some((renewed, at));
                Duration::ZERO
            }
        }
    }

    /// It could not be looked at: perhaps it could not be renewed, either. The time begins anew.
    pub const fn hidden(&mut self) {
        self.last = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kubernetes::journal::page::Entry;
    use crate::kubernetes::undo::UndoData;

    const STALE: Duration = Duration::from_secs(60);

    fn page(deadlines: &[i64], reaped: bool) -> Page {
        let undo = UndoData {
            run: "r".into(),
            context: String::new(),
            server: String::new(),
            namespace: "shop".into(),
            parts: Vec::new(),
        };
        let entry = |deadline: &i64| Entry {
            key: format!("until {deadline}"),
            order: 1,
            step: String::new(),
            deadline: *deadline,
            undo: undo.clone(),
        };
        let entries = deadlines.iter().map(entry).collect();
        Page { entries, reaped: reaped.then(|| "now".into()), ..Page::default() }
    }

    #[test]
    fn it_acts_when_nobody_renews_or_a_deadline_passes_and_else_it_waits() {
        let secs = Duration::from_secs;
        for (page, silent, wanted) in [
            (None, secs(0), Next::Leave),
            (None, secs(90), Next::Leave),
            (Some(page(&[], false)), secs(10), Next::Wait),
            (Some(page(&[], false)), secs(61), Next::UndoAll),
            (Some(page(&[2_000], false)), secs(60), Next::Wait),
            (Some(page(&[500, 2_000], false)), secs(0), Next::Undo(vec!["until 500".into()])),
            (Some(page(&[500, 2_000], false)), secs(61), Next::UndoAll),
            (Some(page(&[], true)), secs(61), Next::Leave),
            // Something was left the last time.
            (Some(page(&[2_000], true)), secs(61), Next::UndoAll),
        ] {
            assert_eq!(next(page.as_ref(), silent, STALE, 1_000), wanted, "{page:?} {silent:?}");
        }
    }

    #[test]
    fn silence_is_what_was_seen_and_not_what_could_not_be_seen() {
        let secs = Duration::from_secs;
        let mut pulse = Pulse::default();
        assert_eq!(pulse.seen(Some(5), secs(0)), secs(0));
        assert_eq!(pulse.seen(Some(5), secs(40)), secs(40));
        assert_eq!(pulse.seen(Some(6), secs(50)), secs(0));
        assert_eq!(pulse.seen(Some(6), secs(100)), secs(50));
        pulse.hidden();
        assert_eq!(pulse.seen(Some(6), secs(200)), secs(0));
        assert_eq!(pulse.seen(None, secs(210)), secs(0));
        assert_eq!(pulse.seen(None, secs(280)), secs(70));
    }
}
