//! Where a `TestRun` is, and how long it may stay there: the operator itself waits for ever. Pure.

use crate::gameday::span::Span;

/// Stages as the operator names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nobody has looked at it: is the operator there?
    Unseen,
    /// The script is looked at.
    Initialization,
    /// It was.
    Initialized,
    /// Runners are made, and wait for each other.
    Created,
    /// They send.
    Started,
    /// They were stopped.
    Stopped,
    /// They are done.
    Finished,
    /// It could not begin.
    Error,
}

impl Stage {
    /// What `status.stage` says.
    pub fn of(word: &str) -> Self {
        match word {
            "" => Self::Unseen,
            "initialization" => Self::Initialization,
            "initialized" => Self::Initialized,
            "created" => Self::Created,
            "started" => Self::Started,
            "stopped" => Self::Stopped,
            "error" => Self::Error,
            // A later operator may know more; what it has not started is not over.
            "finished" => Self::Finished,
            _ => Self::Initialized,
        }
    }

    /// Whether runners send, or have sent.
    pub const fn has_started(self) -> bool {
        matches!(self, Self::Started | Self::Stopped | Self::Finished)
    }

    /// Whether nothing more comes of it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Finished | Self::Error | Self::Stopped)
    }

    /// How long it may stay there; `None`: as long as it likes.
    pub const fn patience(self) -> Option<Span> {
        match self {
            Self::Unseen => Some(Span::from_secs(30)),
            Self::Initialization | Self::Initialized => Some(Span::from_secs(120)),
            Self::Created => Some(Span::from_secs(180)),
            _ => None,
        }
    }

    /// Why it does not go on, and what to do.
    pub fn stuck(self) -> String {
        match self {
            Self::Unseen => "nobody takes the TestRun up; is the k6 operator running?",
            Self::Initialization | Self::Initialized => {
                "the script is still being looked at; can the initializer's pod be scheduled, and its image be pulled?"
            }
            Self::Created => {
                "the runners are not all running; is there room for each of them, and can their image be pulled?"
            }
            _ => "it does not go on",
        }
        .to_owned()
    }
}
