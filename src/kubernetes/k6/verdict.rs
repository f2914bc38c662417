//! What became of the runners, by their exit codes: that a run is `finished` says nothing. Pure.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Pod;

/// What became of all runners.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// How many ended with which code.
    codes: BTreeMap<i32, usize>,
    /// How many have not ended, or vanished.
    unknown: usize,
}

impl Verdict {
    /// Looks at the pods of a run that should have had `runners` of them.
    pub fn of(pods: &[Pod], runners: u32) -> Self {
        let mut verdict = Self::default();
        for code in pods.iter().filter_map(code) {
            *verdict.codes.entry(code).or_default() += 1;
        }
        let ended: usize = verdict.codes.values().sum();
        verdict.unknown = (runners as usize).saturating_sub(ended);
        verdict
    }

    /// Whether every runner did what it should.
    pub fn is_good(&self) -> bool {
        self.unknown == 0 && self.codes.keys().all(|code| *code == 0)
    }

    /// In words.
    pub fn words(&self) -> String {
        let mut parts: Vec<String> = self
            .codes
            .iter()
            .map(|(code, count)| format!("{} {}", runners(*count), meaning(*code)))
            .collect();
        if self.unknown > 0 {
            parts.push(format!("of {} nothing is known", runners(self.unknown)));
        }
        if parts.is_empty() { "there was no runner".to_owned() } else { parts.join("; ") }
    }
}

fn runners(count: usize) -> String {
    if count == 1 { "1 runner".to_owned() } else { format!("{count} runners") }
}

/// With what the runner's container ended; of several the one that went wrong.
fn code(pod: &Pod) -> Option<i32> {
    let containers = pod.status.as_ref()?.container_statuses.as_ref()?;
    let ended = |one: &k8s_openapi::api::core::v1::ContainerStatus| {
        Some(one.state.as_ref()?.terminated.as_ref()?.exit_code)
    };
    let codes: Vec<i32> = containers.iter().filter_map(ended).collect();
    codes.iter().copied().find(|code| *code != 0).or_else(|| codes.first().copied())
}

/// What k6 means by an exit code (its `errext/exitcodes`).
pub fn meaning(code: i32) -> String {
    let words = match code {
        0 => "did everything",
        99 => "missed a threshold (99)",
        103 => "were stopped from outside by k6's own interface (103)",
        104 => "could not use their configuration (104)",
        105 => "were ended from outside (105)",
        107 => "failed in the script (107)",
        108 => "ended the test in the script (108)",
        110 => "were marked as failed in the script (110)",
        137 => "were killed, perhaps for want of memory (137)",
        143 => "were asked to end (143)",
        other => return format!("ended with {other}"),
    };
    words.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(code: Option<i32>) -> Pod {
        let state = match code {
            Some(code) => serde_json::json!({ "terminated": { "exitCode": code } }),
            None => serde_json::json!({ "running": {} }),
        };
        let container = serde_json::json!({
            "name": "k6", "image": "k6", "imageID": "", "ready": false, "restartCount": 0, "state": state,
        });
        serde_json::from_value(serde_json::json!({
            "metadata": {}, "status": { "containerStatuses": [container] },
        }))
        .unwrap()
    }

    #[test]
    fn finished_is_not_passed() {
        let good = Verdict::of(&[pod(Some(0)), pod(Some(0))], 2);
        assert!(good.is_good());
        assert_eq!(good.words(), "2 runners did everything");
        let bad = Verdict::of(&[pod(Some(0)), pod(Some(107)), pod(None)], 4);
        assert!(!bad.is_good());
        assert_eq!(
            bad.words(),
            "1 runner did everything; 1 runner failed in the script (107); of 2 runners nothing is known"
        );
        assert!(!Verdict::of(&[], 1).is_good());
        for code in [99, 103, 104, 105, 107, 108, 110] {
            assert!(meaning(code).contains(&code.to_string()));
        }
        assert_eq!(meaning(7), "ended with 7");
    }
}
