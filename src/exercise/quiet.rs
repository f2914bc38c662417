//! What is to be silenced as an exercise stands: whether anything is, with which order and way back. Not a silence's own life
//! (see `silencing`).

use serde_json::json;

use super::alert::SilenceOrder;
use super::said::{Said, said};
use super::silencing::{LASTS, called};
use super::stamp::Stamp;
use super::state::{Stage, State};
use super::undo::Undo;

/// Whether alerts are silenced while things are as they are: only while phases run, and not where something is wrong.
pub const fn may_silence(state: &State) -> bool {
    matches!(state.stage, Stage::Running) && state.halted.is_none() && state.real.is_none()
}

/// The order for a silence, and its way back; `None`: there is no such silence.
pub fn order(state: &State, index: usize, now: Stamp) -> Option<(SilenceOrder, Undo)> {
    let header = &state.header;
    let silence = header.plan.silences.get(index)?;
    let place = header.alertmanager.as_deref()?;
    let agreed = state.silencings.get(index)?.agreed.as_ref();
    let until = now.wall.saturating_add_unsigned(LASTS.as_millis());
    let key = format!("{}-silence-{}", header.exercise, index + 1);
    let why = silence.why.clone().unwrap_or_else(|| format!("game day {}", header.plan.name));
    let order = SilenceOrder {
        key: key.clone(),
        matchers: silence.matchers.clone(),
        from: now.wall,
        until,
        by: format!("gameday ({})", agreed.map_or("nobody", |(_, by)| by)),
        comment: why,
    };
    let what = said!(
        "undo-silence",
        "lift the silence of {alerts} at {place}",
        alerts = silence.to_string(),
        place = place
    );
    Some((order, Undo { key, what, data: json!({ "alertmanager": place }) }))
}

/// The same of a silence of this exercise; its number where it has none of this number.
pub fn name_of(state: &State, index: usize) -> Said {
    state.plan().silences.get(index).map_or_else(|| index.to_string().into(), called)
}
