//! What is around every answer of Prometheus: whether it is one, and what else the server wants to say. Not what was asked
//! for.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::few::Few;
use super::unusable::{LONGEST_TEXT, Refusal, Unusable};
use crate::exercise::found::Found;
use crate::gameday::text::printable;

/// An answer that says that it is one.
#[derive(Deserialize)]
#[serde(expecting = "an answer with a status")]
pub(super) struct Envelope<'a> {
    #[serde(borrow)]
    status: Cow<'a, str>,
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
    #[serde(rename = "errorType", default)]
    kind: Option<String>,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    warnings: Few,
    #[serde(default)]
    infos: Few,
    #[serde(rename = "isPartial", default)]
    partial: bool,
}

/// Opens an answer.
///
/// # Errors
/// When it says that it is an error, or is no answer at all.
pub(super) fn open(body: &[u8]) -> Result<Envelope<'_>, Unusable> {
    let envelope: Envelope<'_> = serde_json::from_slice(body)?;
    match envelope.status.as_ref() {
        "success" => Ok(envelope),
        "error" => Err(Unusable::Refused(Refusal {
            kind: printable(&envelope.kind.unwrap_or_default(), 40),
            why: printable(&envelope.error.unwrap_or_default(), LONGEST_TEXT),
        })),
        other => {
            let other = printable(other, 40);
            Err(Unusable::Garbage(format!("its status is {other:?}")))
        }
    }
}

impl Envelope<'_> {
    /// What the server says besides the data. Remarks about the query tell nothing of what is missing, and every other
    /// warning does: of a store that did not answer, of a limit that was reached.
    pub(super) fn marks(&self) -> Found {
        let mut found = Found { partial: self.partial, ..Found::default() };
        found.infos.clone_from(&self.infos.0);
        for warning in &self.warnings.0 {
            if warning.starts_with("PromQL info") {
                found.infos.push(warning.clone());
            } else {
                found.partial |= !warning.starts_with("PromQL");
                found.warnings.push(warning.clone());
            }
        }
        found
    }
}

/// Opens an answer and takes out what was asked for.
pub(super) fn data(body: &[u8]) -> Result<(&RawValue, Envelope<'_>), Unusable> {
    let envelope = open(body)?;
    let data = envelope.data.ok_or_else(|| Unusable::Garbage("it has no \"data\"".to_owned()))?;
    Ok((data, envelope))
}

/// What the server said for a refusal, where the body of an answer says that; whatever its status code.
pub fn refusal(body: &[u8]) -> Option<Refusal> {
    match open(body) {
        Err(Unusable::Refused(refusal)) => Some(refusal),
        _ => None,
    }
}
