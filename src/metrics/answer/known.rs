//! What a server says of the metrics it has: names, kinds, label sets. Not their values.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer as _};

use super::element::Written;
use super::envelope::data;
use super::unusable::Unusable;
use crate::exercise::found::Labels;
use crate::gameday::span::Span;
use crate::gameday::text::{is_plain, printable};

/// A list, as far as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// What is kept, as the server had it.
    pub all: Vec<T>,
    /// Whether there were more.
    pub more: bool,
}

/// What kind of metric it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It only grows.
    Counter,
    /// A state.
    Gauge,
    /// Observations in buckets, classic or native.
    Histogram,
    /// Quantiles that were computed where it was measured.
    Summary,
    /// The server does not know, or says something else.
    Other,
}

/// Understands a list of names or label values, of which at most `most` are kept. A name that would not be the same after
/// it was made harmless is none to ask for, and is left out.
///
/// # Errors
/// When the server refused, or it is something else.
pub fn names(body: &[u8], most: usize) -> Result<Listed<String>, Unusable> {
    let (data, _) = data(body)?;
    let mut list: Listed<String> = list(data.get(), most)?;
    list.all.retain(|name| !name.is_empty() && name.chars().all(is_plain));
    Ok(list)
}

/// Understands a list of label sets, of which at most `most` are kept.
///
/// # Errors
/// When the server refused, or it is something else.
pub fn series(body: &[u8], most: usize) -> Result<Listed<Labels>, Unusable> {
    let (data, _) = data(body)?;
    let Listed { all, more } = list::<Written>(data.get(), most)?;
    Ok(Listed { all: all.into_iter().map(|Written(labels)| labels).collect(), more })
}

/// Understands what a server knows of its metrics: the kind of each, of at most `most`. Where it has several opinions of
/// one, none counts.
///
/// # Errors
/// When the server refused, or it is something else.
pub fn kinds(body: &[u8], most: usize) -> Result<BTreeMap<String, Kind>, Unusable> {
    let (data, _) = data(body)?;
    let mut deserializer = serde_json::Deserializer::from_str(data.get());
    Ok(deserializer.deserialize_map(KindsVisitor { most })?)
}

/// Understands what a server says of itself: for how long it keeps what it has seen, where that is a time.
///
/// # Errors
/// When the server refused, or it is something else.
pub fn retention(body: &[u8]) -> Result<Option<Span>, Unusable> {
    #[derive(Deserialize)]
    #[serde(expecting = "what a server says of itself")]
    struct Runtime {
        #[serde(rename = "storageRetention", default)]
        retention: String,
    }
    let (data, _) = data(body)?;
    let runtime: Runtime = serde_json::from_str(data.get())?;
    // `15d`, or `15d or 10GiB`, whichever comes first.
    let times =
        runtime.retention.split(" or ").filter_map(|one| humantime::parse_duration(one).ok());
    Ok(times.map(Span::from).find(|span| !span.is_zero()))
}

/// Understands a list that nothing is around.
///
/// # Errors
/// When it is something else.
pub(in crate::metrics) fn some<'a, T: Deserialize<'a>>(
    body: &'a [u8],
    most: usize,
) -> Result<Listed<T>, Unusable> {
    let mut deserializer = serde_json::Deserializer::from_slice(body);
    let visitor = ListVisitor { most, kind: std::marker::PhantomData };
    let list = deserializer.deserialize_any(visitor)?;
    deserializer.end()?;
    Ok(list)
}

fn list<'a, T: Deserialize<'a>>(text: &'a str, most: usize) -> Result<Listed<T>, Unusable> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let visitor = ListVisitor { most, kind: std::marker::PhantomData };
    Ok(deserializer.deserialize_any(visitor)?)
}

struct ListVisitor<T> {
    most: usize,
    kind: std::marker::PhantomData<T>,
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for ListVisitor<T> {
    type Value = Listed<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E>(self) -> Result<Listed<T>, E> {
        Ok(Listed { all: Vec::new(), more: false })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Listed<T>, A::Error> {
        let mut all = Vec::new();
        while all.len() < self.most {
            match list.next_element()? {
                Some(one) => all.push(one),
                None => return Ok(Listed { all, more: false }),
            }
        }
        let mut more = false;
        while list.next_element::<IgnoredAny>()?.is_some() {
            more = true;
        }
        Ok(Listed { all, more })
    }
}

/// One opinion of a metric.
#[derive(Deserialize)]
#[serde(expecting = "what is known of a metric")]
struct Opinion {
    #[serde(rename = "type", default)]
    kind: String,
}

impl Opinion {
    fn kind(&self) -> Kind {
        match self.kind.as_str() {
            "counter" => Kind::Counter,
            "gauge" => Kind::Gauge,
            "histogram" => Kind::Histogram,
            "summary" => Kind::Summary,
            _ => Kind::Other,
        }
    }
}

struct KindsVisitor {
    most: usize,
}

impl<'de> Visitor<'de> for KindsVisitor {
    type Value = BTreeMap<String, Kind>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("metrics and what is known of each")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut kinds = BTreeMap::new();
        while let Some(name) = map.next_key::<String>()? {
            if kinds.len() == self.most {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            let opinions: Vec<Opinion> = map.next_value()?;
            let mut opinions = opinions.iter().map(Opinion::kind);
            let first = opinions.next().unwrap_or(Kind::Other);
            let kind = if opinions.all(|other| other == first) { first } else { Kind::Other };
            kinds.insert(printable(&name, 200), kind);
        }
        Ok(kinds)
    }
}
