//! What comes of news from a monitoring, and that a watch touches nothing.

use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::Event;
use crate::exercise::said::said;
use crate::exercise::service::Heard;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};

/// Whoever only watches has no plan to conduct and nothing to inject, load or repair.
pub(super) fn touches_nothing(state: &State, command: &Command) -> Result<(), Refusal> {
    let touches = matches!(
        command,
        Command::Go { .. }
            | Command::HoldBriefing { .. }
            | Command::OverrideNoGo { .. }
            | Command::Hold { .. }
            | Command::Resume { .. }
            | Command::SkipPhase { .. }
            | Command::ExtendPhase { .. }
            | Command::InjectNow { .. }
            | Command::CancelInjection { .. }
            | Command::DelayInjection { .. }
            | Command::Revert { .. }
            | Command::SilenceAlerts { .. }
            | Command::LiftSilences { .. }
            | Command::Halt { .. }
            | Command::Release { .. }
            | Command::ChangeLoad { .. }
            | Command::PullLever { .. }
            | Command::DeclareReal { .. }
            | Command::DrawCard { .. }
            | Command::GiveHint { .. }
    );
    if touches && state.is_watch() {
        return refuse(said!(
            "refused-watch",
            "this is a watch over a real system: there is nothing here to start, stop, inject or repair"
        ));
    }
    Ok(())
}

/// What is news is remembered; what is known already is not written once more.
pub(super) fn decide(state: &State, command: Command, now: Stamp) -> Vec<Event> {
    if state.stage == Stage::Ended {
        return Vec::new();
    }
    let watching = &state.watching;
    let news = match command {
        Command::WatchIsTakenUp if state.watching.since.is_some() => {
            Event::WatchResumed { away: now.since(state.now) }
        }
        Command::ThenIsKnown(readings) if !readings.is_empty() => Event::ThenKnown { readings },
        Command::AskingStands { query, asking } => {
            let known = watching.asking.get(query);
            if known.is_none_or(|known| *known == asking) {
                return Vec::new();
            }
            Event::AskingChanged { query, asking }
        }
        Command::ShareIs { service, over, share } => {
            let Some(account) = watching.accounts.get(service) else { return Vec::new() };
            if matches!(account.heard(over), Some(Heard { share: known, .. }) if known == share) {
                return Vec::new();
            }
            Event::ShareHeard { service, over, share }
        }
        Command::AlertsAre(alerts) => {
            let same = watching.alerts.now.as_ref() == Some(&alerts);
            if same && watching.alerts.unknown.is_none() {
                return Vec::new();
            }
            Event::AlertsChanged { alerts }
        }
        Command::AlertsAreUnknown { why } => {
            if matches!(&watching.alerts.unknown, Some((_, known)) if *known == why) {
                return Vec::new();
            }
            Event::AlertsUnknown { why }
        }
        _ => return Vec::new(),
    };
    vec![news]
}
