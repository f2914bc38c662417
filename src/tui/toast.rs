//! Short-lived words about what went wrong and what to do about it: what is worth one, and how long it stays. Not its
//! drawing. The same stands in the log.

use super::action::id::ActionId;
use crate::exercise::event::Event;
use crate::exercise::id::InjectionId;
use crate::exercise::said::{Said, said};
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::exercise::who::who;
use crate::gameday::plan::GuardrailAction;
use crate::gameday::span::Span;

/// So many at most are kept.
pub const MOST: usize = 3;
/// So long stays what went wrong.
const BAD: Span = Span::from_secs(20);
/// So long stays what is only news.
const NEWS: Span = Span::from_secs(8);

/// What it is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A fault did not begin, and nothing of it is there.
    FaultFailed,
    /// A fault did not begin, and what there is of it is being undone.
    FaultHalfway,
    /// A fault could not be undone.
    NotReverted,
    /// The recording cannot be written.
    NotRecording,
    /// It can again.
    RecordingAgain,
    /// Load cannot be made, before the first phase.
    NeverLoad,
    /// Load cannot be made any more.
    NoLoad,
    /// There is no target, before the first phase.
    NeverTarget,
    /// The target is gone.
    NoTarget,
    /// A guardrail fired, which does this.
    Guardrail(GuardrailAction),
    /// Everything was stopped.
    Halted,
    /// Everything was stopped when the phases were over.
    HaltedLate,
    /// Something was asked for and refused.
    Refused,
    /// The same; what was typed is back in its line.
    RefusedLine,
    /// A team's lever did not work.
    LeverFailed,
    /// Nobody knows whether data was lost.
    DataUnknown,
    /// Somebody opened an incident.
    Incident,
}

/// Keys that a text names: the place in it, and what the key does.
type Keys = &'static [(&'static str, ActionId)];

impl Kind {
    /// What the catalogues have it under: `toast-<slug>` is its name, `toast-<slug>-says` what is so, `toast-<slug>-do`
    /// what to do.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::FaultFailed => "fault-failed",
            Self::FaultHalfway => "fault-halfway",
            Self::NotReverted => "not-reverted",
            Self::NotRecording => "not-recording",
            Self::RecordingAgain => "recording-again",
            Self::NeverLoad => "never-load",
            Self::NoLoad => "no-load",
            Self::NeverTarget => "never-target",
            Self::NoTarget => "no-target",
            Self::Guardrail(GuardrailAction::Warn) => "guardrail-warns",
            Self::Guardrail(GuardrailAction::Hold) => "guardrail-holds",
            Self::Guardrail(GuardrailAction::Halt) => "guardrail-halts",
            Self::Halted => "halted",
            Self::HaltedLate => "halted-late",
            Self::Refused => "refused",
            Self::RefusedLine => "refused-line",
            Self::LeverFailed => "lever-failed",
            Self::DataUnknown => "data-unknown",
            Self::Incident => "incident",
        }
    }

    /// Its shape: never the colour alone.
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Guardrail(_) | Self::Incident => "▲",
            Self::Halted | Self::HaltedLate => "■",
            Self::RecordingAgain => "✓",
            _ => "✗",
        }
    }

    /// Whether something went wrong.
    pub const fn is_bad(self) -> bool {
        !matches!(self, Self::RecordingAgain | Self::Incident)
    }

    /// The keys that its text names.
    pub const fn keys(self) -> Keys {
        use ActionId as Id;
        const HOLD: (&str, ActionId) = ("hold", Id::Hold);
        const HALT: (&str, ActionId) = ("halt", Id::Halt);
        const QUIT: (&str, ActionId) = ("quit", Id::Quit);
        const RELEASE: (&str, ActionId) = ("release", Id::Release);
        const WRITE: (&str, ActionId) = ("write", Id::Type);
        const FAULTS: (&str, ActionId) = ("faults", Id::Show(super::pane::Pane::Faults));
        match self {
            Self::FaultFailed => &[FAULTS, HOLD],
            Self::FaultHalfway => &[FAULTS],
            Self::NotReverted => &[FAULTS, ("revert", Id::Revert), HALT],
            Self::NotRecording => &[HALT],
            Self::NeverLoad | Self::NeverTarget => &[QUIT],
            Self::NoLoad | Self::NoTarget | Self::Halted => &[RELEASE, QUIT],
            Self::Guardrail(GuardrailAction::Warn) => &[HOLD, HALT],
            Self::Guardrail(GuardrailAction::Hold) => &[HOLD],
            Self::Guardrail(GuardrailAction::Halt) => &[RELEASE],
            Self::Refused => &[("help", Id::Help)],
            Self::RefusedLine | Self::Incident => &[WRITE],
            Self::LeverFailed => &[("palette", Id::Palette)],
            Self::HaltedLate | Self::RecordingAgain | Self::DataUnknown => &[],
        }
    }

    /// What participants do about it, where that is something else, with its keys; none: as everybody.
    pub const fn shared(self) -> Option<(&'static str, Keys)> {
        match self {
            Self::Halted | Self::HaltedLate => {
                Some(("toast-halted-do-shared", &[("write", ActionId::Type)]))
            }
            Self::NeverLoad | Self::NoLoad | Self::NeverTarget | Self::NoTarget => {
                Some(("toast-shared-wait", &[]))
            }
            _ => None,
        }
    }
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Toast {
    /// What it is about.
    pub kind: Kind,
    /// What stands in the places of its text, as it came from outside.
    pub facts: Vec<(&'static str, Said)>,
    /// When it came, since the recording began.
    pub came: Span,
}

impl Toast {
    fn new(kind: Kind, came: Span, facts: Vec<(&'static str, Said)>) -> Self {
        Self { kind, facts, came }
    }

    /// Until when it stays.
    pub fn until(&self) -> Span {
        self.came + if self.kind.is_bad() { BAD } else { NEWS }
    }

    /// Whether both are about the same.
    fn is_about(&self, other: &Self) -> bool {
        self.kind.slug() == other.kind.slug() && self.facts.first() == other.facts.first()
    }
}

/// What is worth telling of an event that `state` has just taken in at `at`, to somebody who is `by`; `None`: nothing.
pub fn of(event: &Event, state: &State, at: Span, by: &str) -> Option<Toast> {
    let begun = !matches!(state.stage, Stage::Preparing | Stage::Preflight | Stage::NoGo);
    let (kind, facts) = match event {
        Event::InjectionFailed { id, error, .. } => {
            let failed = state.injections.get(id.0).map(|run| run.status);
            let clean = failed == Some(InjectionStatus::Failed);
            let kind = if clean { Kind::FaultFailed } else { Kind::FaultHalfway };
            (kind, vec![("fault", fault(*id, state)), ("why", error.clone())])
        }
        Event::RevertFailed { id, error, .. } => {
            (Kind::NotReverted, vec![("fault", fault(*id, state)), ("why", error.clone())])
        }
        Event::LoadFailed { error } => {
            (if begun { Kind::NoLoad } else { Kind::NeverLoad }, vec![("why", error.clone())])
        }
        Event::TargetFailed { error } => {
            (if begun { Kind::NoTarget } else { Kind::NeverTarget }, vec![("why", error.clone())])
        }
        Event::GuardrailFired { rule, value } => {
            let rule = state.plan().guardrails.get(*rule)?;
            let value = rule.when.metric.unit().show(*value);
            let source = rule.when.source.as_str().into();
            (Kind::Guardrail(rule.then), vec![("rule", source), ("value", value.into())])
        }
        Event::Halted { by: halter, reason } => {
            let late = matches!(state.stage, Stage::Closing | Stage::Ended);
            let kind = if late { Kind::HaltedLate } else { Kind::Halted };
            let why = match reason.is_empty() {
                true => Said::default(),
                false => said!("toast-because", ": {why}", why = reason),
            };
            (kind, vec![("who", who(halter)), ("why", why)])
        }
        Event::LeverDone { id, ok: false, said } => {
            let run = state.levers.iter().find(|run| run.id == *id)?;
            let lever = format!("{} ({})", run.lever, run.team);
            (Kind::LeverFailed, vec![("lever", lever.into()), ("why", said.clone())])
        }
        Event::IntegrityFailed { error } => (Kind::DataUnknown, vec![("why", error.clone())]),
        Event::IncidentOpened { id, author, team, title, severity, .. } if author != by => {
            let what = format!("{id} {severity} {title}");
            let (team, number) = (team.as_str().into(), id.to_string().into());
            let facts = vec![("what", what.into()), ("team", team), ("number", number)];
            (Kind::Incident, facts)
        }
        _ => return None,
    };
    Some(Toast::new(kind, at, facts))
}

fn fault(id: InjectionId, state: &State) -> Said {
    state.planned(id).map(|planned| planned.name.as_str().into()).unwrap_or_default()
}

/// What is told when something was refused; `back`: what was typed is in its line again.
pub fn refused(why: &Said, back: bool, at: Span) -> Toast {
    let kind = if back { Kind::RefusedLine } else { Kind::Refused };
    Toast::new(kind, at, vec![("why", why.clone())])
}

/// What is told when the recording stops or begins again to be writable, `before` and now; `None`: nothing changed.
pub fn recording(before: Option<&str>, now: Option<&str>, at: Span) -> Option<Toast> {
    match (before, now) {
        (None, Some(why)) => Some(Toast::new(Kind::NotRecording, at, vec![("why", why.into())])),
        (Some(_), None) => Some(Toast::new(Kind::RecordingAgain, at, Vec::new())),
        _ => None,
    }
}

/// Those that are there, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Toasts {
    all: Vec<Toast>,
}

impl Toasts {
    /// Takes one, before the others; one about the same it replaces. Where there are too many, news go before errors,
    /// and the older before the newer.
    pub fn put(&mut self, toast: Toast) {
        self.all.retain(|one| !one.is_about(&toast));
        self.all.insert(0, toast);
        if self.all.len() > MOST {
            let news = self.all.iter().rposition(|one| !one.kind.is_bad());
            self.all.remove(news.unwrap_or(MOST));
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Those that are to be seen at `now`.
    pub fn at(&self, now: Span) -> impl Iterator<Item = &Toast> {
        self.all.iter().filter(move |one| one.until() > now)
    }

    /// Forgets those that are over at `now`; gives whether there was one.
    pub fn pass(&mut self, now: Span) -> bool {
        let before = self.all.len();
        self.all.retain(|one| one.until() > now);
        self.all.len() < before
    }

    /// Forgets all.
    pub fn dismiss(&mut self) {
        self.all.clear();
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::tui::pace::{Changes, Decision, Drawn, needs_draw};

    fn toast(kind: Kind, came: u64, about: &str) -> Toast {
        Toast::new(kind, Span::from_secs(came), vec![("why", about.into())])
    }

    fn names(toasts: &Toasts, now: u64) -> Vec<&str> {
        toasts.at(Span::from_secs(now)).map(|one| one.facts[0].1.english()).collect()
    }

    #[test]
    fn three_at_most_the_newest_first_and_errors_stay_longer() {
        let mut toasts = Toasts::default();
        for (kind, came, about) in [
            (Kind::Incident, 1, "a"),
            (Kind::Refused, 2, "b"),
            (Kind::Incident, 3, "c"),
            (Kind::Refused, 4, "d"),
        ] {
            toasts.put(toast(kind, came, about));
        }
        assert_eq!(names(&toasts, 4), ["d", "c", "b"], "the older news went");
        toasts.put(toast(Kind::Refused, 5, "e"));
        assert_eq!(names(&toasts, 5), ["e", "d", "b"], "news before errors");
        toasts.put(toast(Kind::Refused, 6, "f"));
        assert_eq!(names(&toasts, 6), ["f", "e", "d"]);
        toasts.put(toast(Kind::Refused, 7, "d"));
        assert_eq!(names(&toasts, 7), ["d", "f", "e"], "the same is not told twice at once");
        toasts.put(toast(Kind::Incident, 8, "g"));
        assert_eq!(names(&toasts, 8), ["d", "f", "e"], "news do not drive errors away");
        assert_eq!(names(&toasts, 25), ["d", "f"]);
        assert!(!toasts.pass(Span::from_secs(24)) && toasts.pass(Span::from_secs(25)));
        assert!(toasts.pass(Span::from_secs(1_000)) && toasts.is_empty());
        toasts.put(toast(Kind::Incident, 10, "h"));
        assert_eq!((names(&toasts, 17), names(&toasts, 18)), (vec!["h"], vec![]));
    }

    #[test]
    fn one_that_passes_is_drawn_away_once_and_idleness_draws_nothing() {
        let mut toasts = Toasts::default();
        toasts.put(toast(Kind::Refused, 0, "x"));
        let mut last = Drawn::after(None, Duration::ZERO, 7);
        let mut draws = Vec::new();
        for second in 1..120 {
            let now = Duration::from_secs(second);
            let measured = toasts.pass(now.into());
            let changes = Changes { measured, ..Changes::default() };
            if needs_draw(changes, Some(last), 7, now, false) == Decision::Now {
                last = Drawn::after(Some(last), now, 7);
                draws.push(second);
            }
        }
        assert_eq!(draws, [20]);
    }
}
