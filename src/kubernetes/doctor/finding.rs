//! What the doctor says of one thing. Pure.

use std::fmt::Write as _;

use serde::Serialize;

use crate::gameday::text::printable;

/// So much is said of one thing.
const SHOWN: usize = 500;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// As it should be.
    Ok,
    /// A game day can run, but look at it.
    Warning,
    /// A game day cannot run, or could not be undone.
    Error,
}

/// What the doctor says of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub level: Level,
    /// What it is about: `api`, `manager`, …
    pub about: &'static str,
    pub what: String,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mend: Option<String>,
}

impl Finding {
    /// As it should be.
    pub fn ok(about: &'static str, what: impl Into<String>) -> Self {
        Self { level: Level::Ok, about, what: printable(&what.into(), SHOWN), mend: None }
    }

    /// To be looked at.
    pub fn warning(about: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self { level: Level::Warning, ..Self::wrong(about, what.into(), mend.into()) }
    }

    /// To be mended.
    pub fn error(about: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::wrong(about, what.into(), mend.into())
    }

    fn wrong(about: &'static str, what: String, mend: String) -> Self {
        let mend = Some(printable(&mend, SHOWN));
        Self { level: Level::Error, about, what: printable(&what, SHOWN), mend }
    }
}

/// Findings as lines for people.
pub fn text(findings: &[Finding]) -> String {
    let mut text = String::new();
    for one in findings {
        let level = match one.level {
            Level::Ok => "ok",
            Level::Warning => "warning",
            Level::Error => "error",
        };
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{level:<8} {:<12} {}", one.about, one.what);
        if let Some(mend) = &one.mend {
            let _ = writeln!(text, "{:<21} → {mend}", "");
        }
    }
    let count = |level| findings.iter().filter(|one| one.level == level).count();
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    let _ = writeln!(text, "{errors} errors, {warnings} warnings, {} ok", count(Level::Ok));
    text
}

/// Findings for programs.
///
/// # Errors
/// When they cannot be written as JSON.
pub fn json(findings: &[Finding]) -> Result<String, String> {
    let sound = !findings.iter().any(|one| one.level == Level::Error);
    let whole = serde_json::json!({"ok": sound, "findings": findings});
    serde_json::to_string_pretty(&whole).map(|text| text + "\n").map_err(|error| error.to_string())
}
