//! What the instruments of the target said in one second, and what it noticed itself. Not how it was read.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use super::said::Said;
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::Metric;
use crate::gameday::query::Query;
use crate::gameday::span::Span;

/// One second of the target's instruments.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(from = "Read", into = "Written")]
pub struct Reading {
    /// Start of the window since the recording began.
    pub start: Span,
    /// Its length.
    pub length: Span,
    /// Counts of this window, and states at its end; what nobody could read is absent.
    pub values: BTreeMap<Instrument, f64>,
    /// What a source of metrics last answered to each query; what has no current answer is absent.
    pub asked: BTreeMap<Query, f64>,
    /// Every circuit breaker that answered, by owner and what it guards.
    pub breakers: Vec<BreakerReading>,
    /// What instruments said that this program does not know: a later one wrote it. Kept as it is.
    pub foreign: BTreeMap<String, Value>,
}

/// A reading as it is written: what is known and what is not stands side by side.
#[derive(Serialize)]
struct Written {
    start: Span,
    length: Span,
    values: BTreeMap<Name, Value>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    asked: BTreeMap<Query, f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breakers: Vec<BreakerReading>,
}

/// The name of an instrument.
#[derive(PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(untagged)]
enum Name {
    Known(Instrument),
    Foreign(String),
}

impl From<Reading> for Written {
    fn from(reading: Reading) -> Self {
        let mut reading = reading;
        let known = std::mem::take(&mut reading.values).into_iter();
        let known = known.map(|(instrument, value)| (Name::Known(instrument), value.into()));
        let foreign = std::mem::take(&mut reading.foreign).into_iter();
        let foreign = foreign.map(|(name, value)| (Name::Foreign(name), value));
        let values = known.chain(foreign).collect();
        let Reading { start, length, asked, breakers, .. } = reading;
        Self { start, length, values, asked, breakers }
    }
}

/// A reading as it is read.
#[derive(Deserialize)]
struct Read {
    start: Span,
    length: Span,
    values: Values,
    #[serde(default)]
    asked: BTreeMap<Query, f64>,
    #[serde(default)]
    breakers: Vec<BreakerReading>,
}

impl From<Read> for Reading {
    fn from(read: Read) -> Self {
        let Read { start, length, values: Values { known, foreign }, asked, breakers } = read;
        Self { start, length, values: known, asked, breakers, foreign }
    }
}

/// What is known, and what is not.
#[derive(Default)]
struct Values {
    known: BTreeMap<Instrument, f64>,
    foreign: BTreeMap<String, Value>,
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ValuesVisitor)
    }
}

struct ValuesVisitor;

impl<'de> Visitor<'de> for ValuesVisitor {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the values of instruments")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Values, A::Error> {
        let mut values = Values::default();
        while let Some(Key(name)) = map.next_key()? {
            match name {
                Name::Known(instrument) => {
                    let figure = map.next_value::<Value>()?.as_f64();
                    let why = || A::Error::custom(format!("{} is no figure", instrument.name()));
                    values.known.insert(instrument, figure.ok_or_else(why)?);
                }
                Name::Foreign(name) => drop(values.foreign.insert(name, map.next_value()?)),
            }
        }
        Ok(values)
    }
}

/// The name of an instrument as it is read: a known one costs no memory.
struct Key(Name);

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(KeyVisitor)
    }
}

struct KeyVisitor;

impl Visitor<'_> for KeyVisitor {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of an instrument")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Key, E> {
        let known = Instrument::ALL.into_iter().find(|one| one.name() == name);
        Ok(Key(known.map_or_else(|| Name::Foreign(name.to_owned()), Name::Known)))
    }
}

impl Reading {
    /// Where it ends, since the recording began.
    pub fn end(&self) -> Span {
        self.start + self.length
    }

    /// The value of `metric` in this second; `None`: nobody read it, or customers feel it and nothing inside does.
    pub fn value(&self, metric: Metric) -> Option<f64> {
        match metric {
            Metric::Inside(instrument) => self.values.get(&instrument).copied(),
            Metric::Asked(query) => self.asked.get(&query).copied(),
            Metric::CacheHitRate => {
                let count = |instrument| self.values.get(&instrument).copied();
                let (hits, misses) = (count(Instrument::CacheHits), count(Instrument::CacheMisses));
                let asked = hits.unwrap_or_default() + misses.unwrap_or_default();
                (asked > 0.0).then(|| hits.unwrap_or_default() / asked)
            }
            _ => None,
        }
    }
}

/// The breakers of one app that guard calls to one other, all pods together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BreakerReading {
    /// The app in whose pods they are.
    pub owner: String,
    /// The app (perhaps with a route, after a space) that they guard calls to.
    pub guards: String,
    /// How many there are.
    pub count: u32,
    /// How many are open or half-open at the end of the window.
    pub open: u32,
    /// How often one opened in this window.
    pub opened: u32,
    /// How long in this window at least one was open.
    pub open_for: Span,
}

/// The replica took over from the primary.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failover {
    /// The pod that was primary.
    pub from: String,
    /// The pod that is primary now.
    pub to: String,
    /// From the last sign of life of the old primary to the first write the new one took.
    pub took: Span,
    /// How long before the old primary's last sign of life the last commit was made that the new one has (RPO).
    pub behind: Span,
    /// By whom: the lab's controller, or a team.
    pub by: Said,
}

/// One table, before against after.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableComparison {
    /// Its name.
    pub table: String,
    /// Rows it has now.
    pub rows: u64,
    /// Rows that were there, or were acknowledged since, and are not there now.
    pub missing: u64,
    /// Rows that nobody asked for.
    pub extra: u64,
    /// Rows that were there and differ although nobody asked for it, or differ between primary and replica.
    pub changed: u64,
}

/// The data of the target compared with its checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntegrityCheck {
    /// Every table.
    pub tables: Vec<TableComparison>,
    /// Writes that customers were told are done, since the checkpoint.
    pub acknowledged: u64,
    /// Those of them that are nowhere: not in the database, not waiting in the queue.
    pub lost: u64,
}

impl IntegrityCheck {
    /// Rows of all tables that are missing, extra or changed.
    pub fn discrepancies(&self) -> u64 {
        let each = |table: &TableComparison| {
            table.missing.saturating_add(table.extra).saturating_add(table.changed)
        };
        self.tables.iter().fold(0, |sum, table| sum.saturating_add(each(table)))
    }
}

/// Rows per table when the exercise began.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// Table and rows.
    pub tables: Vec<(String, u64)>,
}
