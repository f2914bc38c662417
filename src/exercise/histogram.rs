//! A latency histogram that can be merged and written down. Percentiles come from merged
//! histograms only; nothing here averages a percentile.

mod slots;

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer as HdrReader, Serializer as _, V2Serializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use slots::{Slot, slots};

/// Latencies in microseconds, kept to two significant digits (each within 1 % of the truth).
/// A value beyond the top counts as [`LatencyHistogram::TOP_MICROS`].
#[derive(Clone, PartialEq)]
pub struct LatencyHistogram(Histogram<u64>);

impl LatencyHistogram {
    /// The largest latency that is told apart: ten minutes.
    pub const TOP_MICROS: u64 = 600_000_000;

    /// An empty histogram.
    #[expect(
        clippy::expect_used,
        reason = "the bounds are constants; every test would fail on wrong ones"
    )]
    pub fn new() -> Self {
        Self(Histogram::new_with_bounds(1, Self::TOP_MICROS, 2).expect("valid bounds"))
    }

    /// Counts one latency.
    pub fn record(&mut self, micros: u64) {
        self.0.saturating_record(micros.clamp(1, Self::TOP_MICROS));
    }

    /// Counts one latency so many times.
    pub fn record_many(&mut self, micros: u64, times: u64) {
        self.0.saturating_record_n(micros.clamp(1, Self::TOP_MICROS), times);
    }

    /// Adds everything of `other`.
    pub fn merge(&mut self, other: &LatencyHistogram) {
        // Alike in bounds, as ours are, they are added count by count; one read from elsewhere may not fit.
        if self.0.add(&other.0).is_ok() {
            return;
        }
        for bucket in other.0.iter_recorded() {
            self.0.saturating_record_n(
                bucket.value_iterated_to().min(Self::TOP_MICROS),
                bucket.count_at_value(),
            );
        }
    }

    /// Forgets everything, keeping the memory.
    pub fn clear(&mut self) {
        self.0.reset();
    }

    /// How many latencies were counted.
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The latency, in milliseconds, that `thousandths` of a thousand stay at or below; `None` when empty.
    pub fn quantile_millis(&self, thousandths: u16) -> Option<f64> {
        (!self.0.is_empty())
            .then(|| self.0.value_at_quantile(f64::from(thousandths) / 1_000.0) as f64 / 1_000.0)
    }

    /// The mean in milliseconds; `None` when empty.
    pub fn mean_millis(&self) -> Option<f64> {
        (!self.0.is_empty()).then(|| self.0.mean() / 1_000.0)
    }

    /// The largest latency in milliseconds; `None` when empty.
    pub fn max_millis(&self) -> Option<f64> {
        (!self.0.is_empty()).then(|| self.0.max() as f64 / 1_000.0)
    }

    /// The compact form (HdrHistogram V2).
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        // Writing into memory fails only where memory is gone; an empty form then reads as "empty".
        let _ = V2Serializer::new().serialize(&self.0, &mut bytes);
        bytes
    }

    /// Reads the compact form.
    ///
    /// # Errors
    /// When the bytes are no such histogram.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let mut cursor = bytes;
        HdrReader::new()
            .deserialize::<u64, _>(&mut cursor)
            .map(Self)
            .map_err(|error| format!("not a latency histogram: {error:?}"))
    }
}

impl Default for LatencyHistogram {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for LatencyHistogram {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LatencyHistogram({} values, max {:?} ms)", self.count(), self.max_millis())
    }
}

/// What a histogram counted, smallest latency first: quick to add to another one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(Arc<[(u32, u32)]>);

impl Counts {
    /// Takes out what was counted.
    fn of(slots: &[Slot]) -> Self {
        let counted = slots.iter().map(|slot| {
            // No latency is above the top, which fits; nor does so much end in one sample.
            let value = slot.highest().min(LatencyHistogram::TOP_MICROS);
            (value as u32, u32::try_from(slot.count).unwrap_or(u32::MAX))
        });
        Self(counted.collect())
    }

    /// How many are above `millis`, and how many there are.
    pub fn above(&self, millis: f64) -> (u64, u64) {
        self.0.iter().fold((0, 0), |(above, all), (micros, count)| {
            let count = u64::from(*count);
            let slower = f64::from(*micros) / 1_000.0 > millis;
            (above + if slower { count } else { 0 }, all + count)
        })
    }

    /// Adds everything to `histogram`.
    pub fn add_to(&self, histogram: &mut LatencyHistogram) {
        for (value, count) in &*self.0 {
            histogram.0.saturating_record_n(u64::from(*value), u64::from(*count));
        }
    }
}

/// A histogram at rest: some hundred bytes instead of some ten thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedHistogram(Arc<[u8]>);

impl PackedHistogram {
    /// Packs a histogram; an empty one takes no room.
    pub fn pack(histogram: &LatencyHistogram) -> Self {
        if histogram.count() == 0 { Self::default() } else { Self(histogram.to_bytes().into()) }
    }

    /// What was counted; of a damaged one nothing (it was checked when it was read).
    fn slots(&self) -> Vec<Slot> {
        if self.0.is_empty() {
            return Vec::new();
        }
        slots(&self.0, LatencyHistogram::TOP_MICROS).unwrap_or_default()
    }

    /// The counts, the latencies that each of `thousandths` (in rising order) of a thousand stay at or below, and the
    /// mean, in milliseconds; `None`: nothing was counted. The same figures as of the histogram unpacked.
    pub fn figures<const N: usize>(
        &self,
        thousandths: [u16; N],
    ) -> (Counts, Option<([f64; N], f64)>) {
        let slots = self.slots();
        let all: u64 = slots.iter().map(|slot| slot.count).sum();
        let counts = Counts::of(&slots);
        if all == 0 {
            return (counts, None);
        }
        let mut seen = 0;
        let mut each = slots.iter();
        let mut highest = 0;
        let quantiles = thousandths.map(|one| {
            let target = ((f64::from(one) / 1_000.0 * all as f64).ceil() as u64).max(1);
            while seen < target
                && let Some(slot) = each.next()
            {
                seen += slot.count;
                highest = slot.highest();
            }
            highest as f64 / 1_000.0
        });
        let mean = slots
            .iter()
            .fold(0.0, |sum, slot| sum + slot.median() as f64 * slot.count as f64 / all as f64);
        (counts, Some((quantiles, mean / 1_000.0)))
    }

    /// Unpacks; a damaged one is empty (it was checked when it was read).
    pub fn unpack(&self) -> LatencyHistogram {
        if self.0.is_empty() {
            return LatencyHistogram::new();
        }
        LatencyHistogram::from_bytes(&self.0).unwrap_or_default()
    }
}

impl Serialize for PackedHistogram {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&STANDARD_NO_PAD.encode(&self.0))
    }
}

impl<'de> Deserialize<'de> for PackedHistogram {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error;
        let text = String::deserialize(deserializer)?;
        let bytes = STANDARD_NO_PAD.decode(text).map_err(D::Error::custom)?;
        if !bytes.is_empty() {
            let checked = slots(&bytes, LatencyHistogram::TOP_MICROS);
            checked.map_err(|why| D::Error::custom(format!("not a latency histogram: {why}")))?;
        }
        Ok(Self(bytes.into()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const ASKED: [u16; 5] = [0, 500, 900, 990, 1000];

    fn micros() -> impl Strategy<Value = u64> {
        prop_oneof![0..300_u64, 0..100_000_u64, 0..700_000_000_u64]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        /// The histogram that counts is the measure of the one at rest, to the last bit.
        #[test]
        fn a_histogram_at_rest_says_the_same(values in vec(micros(), 0..200)) {
            let mut histogram = LatencyHistogram::new();
            values.into_iter().for_each(|value| histogram.record(value));
            let packed = PackedHistogram::pack(&histogram);
            let (counts, figures) = packed.figures(ASKED);
            prop_assert_eq!(packed.unpack().0.len(), histogram.count());
            let slots: Vec<_> = histogram.0.iter_recorded().map(|slot| {
                let value = slot.value_iterated_to().min(LatencyHistogram::TOP_MICROS);
                (value as u32, slot.count_at_value() as u32)
            }).collect();
            prop_assert_eq!(&*counts.0, &slots[..]);
            let quantiles = ASKED.map(|one| histogram.quantile_millis(one));
            match figures {
                None => prop_assert_eq!(histogram.count(), 0),
                Some((found, mean)) => {
                    // The very lowest is not asked for by anyone.
                    prop_assert_eq!(&found.map(Some)[1..], &quantiles[1..]);
                    prop_assert_eq!(Some(mean), histogram.mean_millis());
                }
            }
        }

        #[test]
        fn any_bytes_are_answered(bytes in vec(any::<u8>(), 0..80), whole in any::<bool>()) {
            let mut head = LatencyHistogram::new();
            head.record(1);
            let mut form = head.to_bytes();
            form.truncate(40);
            form.extend(&bytes);
            form[4..8].copy_from_slice(&(bytes.len() as u32).to_be_bytes());
            let form = if whole { form } else { bytes };
            if let Ok(slots) = slots(&form, LatencyHistogram::TOP_MICROS) {
                let packed = PackedHistogram(form.into());
                prop_assert_eq!(packed.slots(), slots);
                let (_, figures) = packed.figures(ASKED);
                prop_assert_eq!(figures.is_some(), packed.unpack().count() > 0);
            }
        }
    }
}
