//! The record of one target: a state machine of phases, as Chaos Mesh keeps it. Pure; what an operation does is told to it.

use serde::{Deserialize, Serialize};

/// Events kept of a record.
const EVENTS: usize = 100;

pub const NOT_INJECTED: &str = "Not Injected";
pub const INJECTED: &str = "Injected";
pub const NOT_INJECTED_WAIT: &str = "Not Injected/Wait";
pub const INJECTED_WAIT: &str = "Injected/Wait";

/// As in `status.experiment.containerRecords`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub id: String,
    pub selector_key: String,
    pub phase: String,
    pub injected_count: u32,
    pub recovered_count: u32,
    #[serde(default)]
    pub events: Vec<Event>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    #[serde(rename = "type")]
    pub type_: String,
    pub operation: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub message: String,
    pub timestamp: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desired {
    Run,
    Stop,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Apply,
    Recover,
}

/// What came of an operation: the next phase, and an error beside it.
pub struct Outcome {
    pub phase: &'static str,
    pub error: Option<String>,
}

impl Outcome {
    pub fn now(phase: &'static str) -> Self {
        Self { phase, error: None }
    }

    pub fn failed(phase: &'static str, error: impl Into<String>) -> Self {
        Self { phase, error: Some(error.into()) }
    }
}

impl Record {
    pub fn new(id: String, selector_key: &str) -> Self {
        Self {
            id,
            selector_key: selector_key.to_owned(),
            phase: NOT_INJECTED.to_owned(),
            injected_count: 0,
            recovered_count: 0,
            events: Vec::new(),
        }
    }

    /// What is to be done now. Whatever is begun is finished before it is undone.
    pub fn operation(&self, desired: Desired) -> Option<Operation> {
        let settled = match desired {
            Desired::Run => INJECTED,
            Desired::Stop => NOT_INJECTED,
        };
        if self.phase == settled {
            return None;
        }
        if self.phase.starts_with(NOT_INJECTED) {
            Some(Operation::Apply)
        } else {
            Some(Operation::Recover)
        }
    }

    /// Notes what came of it. Whether it ended well, with nothing to wait for.
    pub fn note(&mut self, operation: Operation, outcome: &Outcome, now: &str) -> bool {
        self.phase = outcome.phase.to_owned();
        let done = match operation {
            Operation::Apply => outcome.phase == INJECTED,
            Operation::Recover => outcome.phase == NOT_INJECTED,
        } && outcome.error.is_none();
        if done {
            match operation {
                Operation::Apply => self.injected_count += 1,
                Operation::Recover => self.recovered_count += 1,
            }
        }
        if done || outcome.error.is_some() {
            self.events.push(Event {
                type_: if done { "Succeeded" } else { "Failed" }.to_owned(),
                operation: format!("{operation:?}"),
                message: outcome.error.clone().unwrap_or_default(),
                timestamp: now.to_owned(),
            });
        }
        let surplus = self.events.len().saturating_sub(EVENTS);
        self.events.drain(..surplus);
        done
    }

    /// The name of its pod.
    pub fn pod(&self) -> Option<(&str, &str)> {
        let mut parts = self.id.split('/');
        Some((parts.next()?, parts.next()?))
    }

    /// The name of its container.
    pub fn container(&self) -> Option<&str> {
        self.id.split('/').nth(2)
    }
}

/// `Selected`, `AllInjected`, `AllRecovered` of these records; `None`: nothing was selected yet.
pub fn conditions(records: Option<&[Record]>) -> [(&'static str, bool); 3] {
    let all = |phase: &str| {
        records.is_some_and(|records| records.iter().all(|record| record.phase == phase))
    };
    [
        ("Selected", records.is_some()),
        ("AllInjected", all(INJECTED)),
        ("AllRecovered", all(NOT_INJECTED)),
    ]
}

/// `chaos-mesh.md`, 1.4: a prefix decides, not the whole phase; what waits to be injected is first injected, then recovered.
#[test]
fn operations_follow_the_prefix_of_the_phase() {
    use Desired::{Run, Stop};
    use Operation::{Apply, Recover};
    let cases = [
        (NOT_INJECTED, Run, Some(Apply)),
        (NOT_INJECTED, Stop, None),
        (NOT_INJECTED_WAIT, Run, Some(Apply)),
        (NOT_INJECTED_WAIT, Stop, Some(Apply)),
        (INJECTED, Run, None),
        (INJECTED, Stop, Some(Recover)),
        (INJECTED_WAIT, Run, Some(Recover)),
        (INJECTED_WAIT, Stop, Some(Recover)),
    ];
    for (phase, desired, expected) in cases {
        let mut record = Record::new("shop/a".to_owned(), ".");
        record.phase = phase.to_owned();
        assert_eq!(record.operation(desired), expected, "{phase} {desired:?}");
    }
}

#[test]
fn counts_move_only_when_an_operation_is_done_and_old_events_go() {
    let mut record = Record::new("shop/a/app".to_owned(), ".");
    assert!(!record.note(Operation::Apply, &Outcome::now(NOT_INJECTED_WAIT), "t"));
    assert_eq!((record.injected_count, record.events.len()), (0, 0));
    for _ in 0..EVENTS + 5 {
        record.note(Operation::Apply, &Outcome::failed(NOT_INJECTED_WAIT, "no"), "t");
    }
    assert_eq!((record.injected_count, record.events.len()), (0, EVENTS));
    assert!(record.note(Operation::Apply, &Outcome::now(INJECTED), "t"));
    assert!(record.note(Operation::Recover, &Outcome::now(NOT_INJECTED), "t"));
    assert_eq!((record.injected_count, record.recovered_count), (1, 1));
    assert_eq!((record.pod(), record.container()), (Some(("shop", "a")), Some("app")));
    // Also true between selection and injection.
    assert_eq!(conditions(Some(&[record]))[2], ("AllRecovered", true));
    assert!(conditions(None).iter().all(|(_, yes)| !yes));
}
