//! What a team can do to the target to repair it, as data and as words. Not the doing.

pub mod complete;
pub mod names;
pub mod parse;
pub mod wrong;

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::LeverId;
use super::said::Said;
use super::stamp::Stamp;

/// Something a team does to the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "lever", rename_all = "kebab-case")]
pub enum Lever {
    /// An app runs in so many pods.
    Scale { app: String, replicas: u32 },
    /// A pod is ended and started again.
    Restart { pod: String },
    /// The replica becomes the primary.
    Promote,
    /// The cache forgets everything.
    FlushCache,
    /// The cache gets every page.
    WarmCache,
    /// The gateway gets a new certificate.
    RenewCertificate,
    /// A service account gets its permissions back.
    RestorePermission { account: String },
    /// A configuration is set back to what it was.
    RollBackConfiguration { app: String },
    /// The gateway refuses a share (0 to 1) of requests; 0 ends it.
    ShedLoad { share: f64 },
    /// The last lines a pod wrote.
    ReadLog { pod: String, lines: u32 },
    /// A GET request to a pod.
    Curl { pod: String, path: String },
}

/// A lever that was pulled.
#[derive(Clone, Debug, PartialEq)]
pub struct LeverRun {
    /// Which.
    pub id: LeverId,
    /// What.
    pub lever: Lever,
    /// By which team.
    pub team: String,
    /// By whom.
    pub author: String,
    /// When.
    pub at: Stamp,
    /// What came of it, when, in words; `Err`: it did not work.
    pub outcome: Option<(Stamp, Result<Said, Said>)>,
}

/// The form of a lever, for help and completion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LeverForm {
    /// The words: `scale APP COUNT`.
    pub form: &'static str,
    /// The key of what it does, in the texts of every language.
    pub about: &'static str,
}

/// Every lever.
pub const LEVERS: [LeverForm; 11] = [
    LeverForm { form: "scale APP COUNT", about: "lever-scale" },
    LeverForm { form: "restart POD", about: "lever-restart" },
    LeverForm { form: "promote", about: "lever-promote" },
    LeverForm { form: "flush-cache", about: "lever-flush-cache" },
    LeverForm { form: "warm-cache", about: "lever-warm-cache" },
    LeverForm { form: "renew-certificate", about: "lever-renew-certificate" },
    LeverForm { form: "restore-permission ACCOUNT", about: "lever-restore-permission" },
    LeverForm { form: "roll-back APP", about: "lever-roll-back" },
    LeverForm { form: "shed PERCENT", about: "lever-shed" },
    LeverForm { form: "log POD [LINES]", about: "lever-log" },
    LeverForm { form: "curl POD PATH", about: "lever-curl" },
];

impl Lever {
    /// Whether it changes the target, and does not only look.
    pub const fn changes(&self) -> bool {
        !matches!(self, Self::ReadLog { .. } | Self::Curl { .. })
    }
}

/// The words it is typed as.
impl fmt::Display for Lever {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scale { app, replicas } => write!(f, "scale {app} {replicas}"),
            Self::Restart { pod } => write!(f, "restart {pod}"),
            Self::Promote => f.write_str("promote"),
            Self::FlushCache => f.write_str("flush-cache"),
            Self::WarmCache => f.write_str("warm-cache"),
            Self::RenewCertificate => f.write_str("renew-certificate"),
            Self::RestorePermission { account } => write!(f, "restore-permission {account}"),
            Self::RollBackConfiguration { app } => write!(f, "roll-back {app}"),
            Self::ShedLoad { share } => {
                // What floating point makes of a percentage is nothing that anybody typed.
                write!(f, "shed {}%", (share * 100_000.0).round() / 1_000.0)
            }
            Self::ReadLog { pod, lines } => write!(f, "log {pod} {lines}"),
            Self::Curl { pod, path } => write!(f, "curl {pod} {path}"),
        }
    }
}
