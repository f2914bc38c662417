//! The first few texts of a list from outside. Not those that are too many.

use std::fmt;

use serde::de::{IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use super::unusable::LONGEST_TEXT;
use crate::gameday::text::printable;

/// So many are kept.
const MOST: usize = 20;

/// The first few texts, each in one line and of bounded length.
#[derive(Debug, Default)]
pub(super) struct Few(pub(super) Vec<String>);

impl<'de> Deserialize<'de> for Few {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FewVisitor)
    }
}

struct FewVisitor;

impl<'de> Visitor<'de> for FewVisitor {
    type Value = Few;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of texts")
    }

    fn visit_unit<E>(self) -> Result<Few, E> {
        Ok(Few::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Few, A::Error> {
        let mut few = Vec::new();
        while few.len() < MOST {
            match list.next_element::<String>()? {
                Some(text) => few.push(printable(&text, LONGEST_TEXT)),
                None => return Ok(Few(few)),
            }
        }
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Few(few))
    }
}
