//! What of the exercise asks for an incident by itself: an SLO outside its limit, a guardrail, dead pods. Not the asking,
//! which is `suggestion`'s.

use serde::{Deserialize, Serialize};

use super::stamp::Stamp;

/// One such thing. Places count from 0, so that each has one name for good.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Signal {
    /// The `nth` time that an SLO was outside its limit.
    Slo { slo: usize, nth: usize },
    /// The `nth` time that a guardrail fired.
    Guardrail { rule: usize, nth: usize },
    /// The `nth` alert that fired.
    Alert { nth: usize },
    /// The `nth` time that pods of the target were dead.
    Pods { nth: usize },
}

/// Pods of an app that are dead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outage {
    /// The app.
    pub app: String,
    /// Every pod that was dead at some time of it.
    pub pods: Vec<String>,
    /// Since when.
    pub from: Stamp,
    /// Until none was; `None`: still.
    pub to: Option<Stamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_is_written_as_it_is_read() {
        for signal in [
            Signal::Slo { slo: 1, nth: 0 },
            Signal::Guardrail { rule: 0, nth: 2 },
            Signal::Pods { nth: 3 },
            Signal::Alert { nth: 0 },
        ] {
            let text = serde_json::to_string(&signal).unwrap();
            assert_eq!(serde_json::from_str::<Signal>(&text).unwrap(), signal, "{text}");
        }
    }
}
