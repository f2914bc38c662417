//! What comes next where an experiment is to be let go: one rung after the other, from asking politely to taking the finalizer
//! away, which needs consent. Pure; who climbs says what was seen and how long the last rung has been stood on.

use super::verdict::Verdict;
use crate::gameday::span::Span;

/// Whether finalizers may be taken away: what Chaos Mesh did then stays behind unless it is found and cleaned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Consent {
    /// Nobody said so.
    #[default]
    No,
    /// Somebody did, in so many words.
    ForceFinalizers,
}

/// One thing to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rung {
    /// Ask for recovery, and keep the object as evidence.
    Pause,
    /// Ask for it to be deleted: that recovers it, too, and asks no webhook.
    Delete,
    /// Let Chaos Mesh look again at once: it pauses up to a quarter of an hour between two tries.
    Kick,
    /// Take our entries out of the children in which Chaos Mesh keeps what it did to a pod.
    Unlist,
    /// Delete the pods that it is stuck on, where something makes new ones: what was done to them dies with them. The children die,
    /// too, and an injection that still waits for one then waits for ever: so this comes after them.
    ReplacePods,
    /// Ask Chaos Mesh to give the object up.
    Force,
    /// Take the finalizer away.
    Strip,
}

/// What is to be done now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// This.
    Climb(Rung),
    /// Look again.
    Wait,
    /// No rung is left that may be climbed.
    Stuck,
}

/// What was seen of an object, and what was done about it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// How it is; `None`: there is no telling (a Schedule, a Workflow).
    pub verdict: Option<Verdict>,
    /// Whether it strikes once.
    pub one_shot: bool,
    /// Whether it has been asked for its deletion.
    pub deleting: bool,
    /// Whether an earlier attempt to let it go came to nothing.
    pub earlier: bool,
    /// Whether annotations cannot be written: the webhook does not answer.
    pub mute: bool,
    /// Whether Chaos Mesh keeps what it does in children.
    pub children: bool,
    /// The rungs that were climbed in this attempt.
    pub climbed: Vec<Rung>,
    /// Since the last of them.
    pub since: Span,
    /// What may be done.
    pub consent: Consent,
}

impl Standing {
    fn has(&self, rung: Rung) -> bool {
        self.climbed.contains(&rung)
    }

    /// Chaos Mesh says that it fails.
    fn fails(&self) -> bool {
        matches!(self.verdict, Some(Verdict::RecoverStuck(_)))
    }

    /// Nothing is left of it but the object.
    fn is_over(&self) -> bool {
        self.one_shot
            || matches!(
                self.verdict,
                Some(Verdict::Recovered | Verdict::NoTarget(_) | Verdict::FinishedOneShot)
            )
    }
}

/// So long each rung is given.
pub const PATIENCE: [(Rung, Span); 7] = [
    (Rung::Pause, Span::from_secs(8)),
    (Rung::Delete, Span::from_secs(3)),
    (Rung::Kick, Span::from_secs(3)),
    (Rung::Unlist, Span::from_secs(3)),
    (Rung::ReplacePods, Span::from_secs(5)),
    (Rung::Force, Span::from_secs(5)),
    (Rung::Strip, Span::from_secs(5)),
];

/// What nobody says to fail is given so long in a second attempt, and must not have moved meanwhile.
const SLOW: Span = Span::from_secs(12);

/// What is to be done now.
pub fn next(seen: &Standing) -> Next {
    if let Some(first) = asking(seen) {
        return first;
    }
    let given = seen.climbed.iter().max().and_then(|last| {
        PATIENCE.iter().find(|(rung, _)| rung == last).map(|(_, patience)| *patience)
    });
    if seen.since < given.unwrap_or_default() {
        return Next::Wait;
    }
    if !seen.has(Rung::Kick) && !seen.mute {
        return Next::Climb(Rung::Kick);
    }
    let forced = seen.consent == Consent::ForceFinalizers;
    // What only takes its time is left in peace: it is one worker for all experiments of a kind.
    if !(seen.fails() || seen.earlier || forced) {
        return Next::Stuck;
    }
    let begun = seen.has(Rung::Unlist) || seen.has(Rung::ReplacePods);
    if !seen.fails() && !begun && seen.since < SLOW {
        return Next::Wait;
    }
    let mut rest = Vec::new();
    rest.extend(seen.children.then_some(Rung::Unlist));
    rest.push(Rung::ReplacePods);
    if forced {
        rest.extend((!seen.mute).then_some(Rung::Force));
        rest.push(Rung::Strip);
    }
    match rest.into_iter().find(|rung| !seen.has(*rung)) {
        Some(rung) => Next::Climb(rung),
        None => Next::Stuck,
    }
}

/// Asking it to stop, and then to go.
fn asking(seen: &Standing) -> Option<Next> {
    if seen.deleting || seen.has(Rung::Delete) {
        return None;
    }
    let delete = Some(Next::Climb(Rung::Delete));
    if seen.is_over() || seen.mute {
        return delete;
    }
    if !seen.has(Rung::Pause) {
        return Some(Next::Climb(Rung::Pause));
    }
    // A Schedule or Workflow has no records to wait for; what it made goes with it.
    if seen.verdict.is_none() {
        return delete;
    }
    let patience = PATIENCE[0].1;
    match (seen.fails(), seen.since < patience) {
        // It is looked at once more at once, while its object still tells why.
        (true, _) if !seen.has(Rung::Kick) => Some(Next::Climb(Rung::Kick)),
        (_, true) if !seen.has(Rung::Kick) => Some(Next::Wait),
        (true, true) if seen.since < PATIENCE[2].1 => Some(Next::Wait),
        _ => delete,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(verdict: Verdict) -> Standing {
        Standing {
            verdict: Some(verdict),
            one_shot: false,
            deleting: false,
            earlier: false,
            mute: false,
            children: true,
            climbed: Vec::new(),
            since: Span::ZERO,
            consent: Consent::No,
        }
    }

    /// Climbs to the end, with the same verdict all along, and says which way it went.
    fn way(mut seen: Standing) -> Vec<Rung> {
        for _ in 0..200 {
            match next(&seen) {
                Next::Climb(rung) => {
                    assert!(!seen.has(rung), "{rung:?} twice");
                    seen.climbed.push(rung);
                    seen.since = Span::ZERO;
                    seen.mute |= false;
                    seen.deleting |= rung == Rung::Delete;
                }
                Next::Wait => seen.since += Span::from_millis(500),
                Next::Stuck => return seen.climbed,
            }
        }
        panic!("it never ends: {seen:?}");
    }

    #[test]
    fn what_is_over_is_only_deleted() {
        for verdict in [Verdict::Recovered, Verdict::NoTarget(String::new())] {
            assert_eq!(next(&standing(verdict)), Next::Climb(Rung::Delete));
        }
        let shot = Standing { one_shot: true, ..standing(Verdict::Injecting) };
        assert_eq!(next(&shot), Next::Climb(Rung::Delete));
    }

    #[test]
    fn what_takes_its_time_is_asked_and_left_in_peace() {
        let slow = way(standing(Verdict::Recovering));
        assert_eq!(slow, [Rung::Pause, Rung::Delete, Rung::Kick]);
    }

    #[test]
    fn what_fails_is_climbed_after_without_force() {
        use Rung::{Delete, Kick, Pause, ReplacePods, Unlist};
        let stuck = Verdict::RecoverStuck("why".into());
        assert_eq!(way(standing(stuck)), [Pause, Kick, Delete, Unlist, ReplacePods]);
        let again = Standing { earlier: true, deleting: true, ..standing(Verdict::Recovering) };
        assert_eq!(way(again.clone()), [Kick, Unlist, ReplacePods]);
        assert_eq!(way(Standing { children: false, ..again }), [Kick, ReplacePods]);
    }

    #[test]
    fn force_needs_consent() {
        use Rung::{Delete, Force, Kick, Pause, ReplacePods, Strip, Unlist};
        let consent = Consent::ForceFinalizers;
        let stuck = Verdict::RecoverStuck("why".into());
        let all = [Pause, Kick, Delete, Unlist, ReplacePods, Force, Strip];
        assert_eq!(way(Standing { consent, ..standing(stuck) }), all);
    }

    #[test]
    fn without_webhooks_it_is_deleted_straight_away() {
        let stuck = Verdict::RecoverStuck("why".into());
        let seen = Standing { mute: true, ..standing(stuck.clone()) };
        assert_eq!(way(seen), [Rung::Delete, Rung::Unlist, Rung::ReplacePods]);
        let consent = Consent::ForceFinalizers;
        let seen = Standing { mute: true, consent, ..standing(stuck) };
        assert_eq!(way(seen).last(), Some(&Rung::Strip));
    }

    #[test]
    fn a_schedule_is_paused_and_deleted() {
        let seen = Standing { verdict: None, ..standing(Verdict::Pending) };
        assert_eq!(way(seen)[..2], [Rung::Pause, Rung::Delete]);
    }
}
