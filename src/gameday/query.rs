//! What a source of metrics is asked for again and again, by name: an SLO or a rule can stand on it. Not the text of the
//! question, which is the source's.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

use super::unit::Unit;

/// No name is longer.
pub const LONGEST_NAME: usize = 64;

/// A program meets no more different names than these; a recording that has more is no recording of ours.
const MOST_NAMES: usize = 10_000;

/// Every name met so far. They stay for as long as the program runs, so that a metric is as cheap to copy as before.
static NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

/// Something that is asked for, with the unit of its values. As text: `ms:checkout-latency`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Query {
    name: Name,
    unit: Unit,
}

/// A name that is kept for good.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Name(&'static str);

impl Query {
    /// A query by its name.
    ///
    /// # Errors
    /// When the name is none: lower-case letters, digits, dashes and underscores, and not longer than [`LONGEST_NAME`].
    pub fn new(name: &str, unit: Unit) -> Result<Self, String> {
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        if name.is_empty() || name.len() > LONGEST_NAME || !name.chars().all(fits) {
            return Err(format!(
                "{name:?} cannot name a query: use lower-case letters, digits, dashes and underscores, at most {LONGEST_NAME}"
            ));
        }
        Ok(Self { name: Name(kept(name)?), unit })
    }

    /// Its name.
    pub const fn name(self) -> &'static str {
        self.name.0
    }

    /// The unit of its values.
    pub const fn unit(self) -> Unit {
        self.unit
    }
}

fn kept(name: &str) -> Result<&'static str, String> {
    let mut names = NAMES.lock().map_err(|_| "the names of queries are lost".to_owned())?;
    if let Some(known) = names.get(name) {
        return Ok(known);
    }
    if names.len() >= MOST_NAMES {
        return Err(format!("more than {MOST_NAMES} different queries"));
    }
    let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.insert(name);
    Ok(name)
}

const fn word(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "share",
        Unit::Millis => "ms",
        Unit::PerSecond => "per-second",
        Unit::Count => "count",
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", word(self.unit), self.name.0)
    }
}

impl FromStr for Query {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (unit, name) = text.split_once(':').ok_or_else(|| format!("{text:?} has no unit"))?;
        let units = [Unit::Share, Unit::Millis, Unit::PerSecond, Unit::Count];
        let unit = units.into_iter().find(|one| word(*one) == unit);
        Self::new(name, unit.ok_or_else(|| format!("{text:?} has no unit"))?)
    }
}

impl TryFrom<String> for Query {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Query> for String {
    fn from(query: Query) -> Self {
        query.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_written_as_it_is_read_and_nothing_else_is_one() {
        for (name, unit, text) in [
            ("availability", Unit::Share, "share:availability"),
            ("checkout-p99", Unit::Millis, "ms:checkout-p99"),
            ("rps_2", Unit::PerSecond, "per-second:rps_2"),
            ("queue", Unit::Count, "count:queue"),
        ] {
            let query = Query::new(name, unit).unwrap();
            assert_eq!((query.to_string().as_str(), text.parse::<Query>()), (text, Ok(query)));
            let json = serde_json::to_string(&query).unwrap();
            assert_eq!(serde_json::from_str::<Query>(&json).unwrap(), query);
        }
        let long = format!("ms:{}", "x".repeat(LONGEST_NAME + 1));
        for text in ["", "ms:", "ms", "s:x", "ms:X", "ms:a b", "ms:\u{1b}", long.as_str()] {
            assert!(text.parse::<Query>().is_err(), "{text:?}");
        }
    }
}
