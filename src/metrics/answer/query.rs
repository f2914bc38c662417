//! The answer to a query: what kind of result it is, and the result. Not what a server says of its metrics.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::bounds::Bounds;
use super::element::{self, Number, Stamped, Tracks};
use super::envelope::data;
use super::unusable::{LONGEST_TEXT, Unusable};
use crate::exercise::found::{Found, Labels, Track};
use crate::gameday::text::printable;

/// What is under `data` of an answer to a query, instant or range.
#[derive(Deserialize)]
#[serde(expecting = "the kind of a result and the result")]
struct Data<'a> {
    #[serde(rename = "resultType")]
    kind: String,
    #[serde(borrow)]
    result: &'a RawValue,
}

/// Understands the answer to a query, instant or range.
///
/// # Errors
/// When the server refused, when there are too many values, and when it is something else.
pub fn found(body: &[u8], bounds: Bounds) -> Result<Found, Unusable> {
    let (data, envelope) = data(body)?;
    let data: Data<'_> = serde_json::from_str(data.get())?;
    let mut found = envelope.marks();
    match data.kind.as_str() {
        "vector" | "matrix" => {
            let Tracks { tracks, left_off } = element::tracks(data.result.get(), bounds)?;
            found.tracks = tracks;
            found.left_off = left_off;
        }
        "scalar" => {
            let Stamped(at, Number(value)) = serde_json::from_str(data.result.get())?;
            found.tracks =
                vec![Track { labels: Labels::default(), dots: vec![element::dot(at, value)] }];
        }
        "string" => {
            let Stamped(_, text): Stamped<String> = serde_json::from_str(data.result.get())?;
            found.text = Some(printable(&text, LONGEST_TEXT));
        }
        other => {
            let other = printable(other, 40);
            return Err(Unusable::Garbage(format!("{other:?} is no kind of result")));
        }
    }
    Ok(found)
}
