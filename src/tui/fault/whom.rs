//! Whom a fault hits, in words of the screen's language. Not what it does to them.

use crate::gameday::catalog::figures::labels_of;
use crate::gameday::fault::{Direction, Experiment, Fault, Mode, Selector};
use crate::gameday::plan::PlannedInjection;
use crate::lang::{Message, Part};

/// In few words, for a column: `2 of app=web-app`.
pub fn short(planned: &PlannedInjection) -> Message {
    let experiment = &planned.experiment;
    let of = |key| with_labels(key, "of", &experiment.selector, "hits-every-pod");
    let hits = match experiment.mode {
        Mode::One => of("hits-one"),
        Mode::All => of("hits-all"),
        Mode::Fixed(count) => of("hits-fixed").with("count", count.to_string()),
        Mode::FixedPercent(percent) => of("hits-percent").with("percent", percent.to_string()),
        Mode::RandomMaxPercent(percent) => of("hits-at-most").with("percent", percent.to_string()),
    };
    match &experiment.destination {
        None => hits,
        Some(destination) => {
            with_labels("hits-both", "other", destination, "hits-every-pod").saying("hits", hits)
        }
    }
}

/// The pods that are hit: `2 pods of app=web-app`.
pub(super) fn pods(experiment: &Experiment) -> Message {
    let whole = matches!(
        experiment.fault,
        Fault::NodeFailure
            | Fault::NodeRestart
            | Fault::NodeDrain { .. }
            | Fault::ZoneFailure { .. }
    );
    let of = |key| with_labels(key, "of", &experiment.selector, "everything");
    match experiment.mode {
        _ if whole => of("hits-all"),
        Mode::One => of("whom-one"),
        Mode::All => of("whom-all"),
        Mode::Fixed(count) => {
            of("whom-fixed").counting("count", usize::try_from(count).unwrap_or(usize::MAX))
        }
        Mode::FixedPercent(percent) => of("whom-percent").with("percent", percent.to_string()),
        Mode::RandomMaxPercent(percent) => of("whom-at-most").with("percent", percent.to_string()),
    }
}

/// From whom to whom.
pub(super) fn between(experiment: &Experiment, direction: Direction) -> Message {
    let key = match direction {
        Direction::To => "way-to",
        Direction::From => "way-from",
        Direction::Both => "way-both",
    };
    let message = match &experiment.destination {
        None => Message::plain(key).naming("other", "everyone"),
        Some(destination) => with_labels(key, "other", destination, "everything"),
    };
    message.saying("whom", pods(experiment))
}

/// A message with what a selector selects in a place; `all` is the key for everything.
fn with_labels(
    key: &'static str,
    place: &'static str,
    selector: &Selector,
    all: &'static str,
) -> Message {
    let labels = labels_of(selector).map_or(Part::Key(all.into()), Part::Text);
    Message { key, args: vec![(place, labels)] }
}
