//! A latency histogram that can be merged and written down. Percentiles come from merged
//! histograms only; nothing here averages a percentile.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use hdrhistogram::Histogram;
use hdrhistogram::serialization::{Deserializer as HdrReader, Serializer as _, V2Serializer};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

    /// The same for several, in rising order, in one go.
    pub fn quantiles_millis<const N: usize>(&self, thousandths: [u16; N]) -> Option<[f64; N]> {
        let shares = thousandths.into_iter().map(|one| f64::from(one) / 1_000.0);
        let mut found = self.0.value_at_quantiles(shares);
        (!self.0.is_empty())
            .then(|| thousandths.map(|_| found.next().unwrap_or_default() as f64 / 1_000.0))
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
pub struct Counts(Box<[(u32, u32)]>);

impl Counts {
    /// Takes out what was counted.
    pub fn of(histogram: &LatencyHistogram) -> Self {
        let counted = histogram.0.iter_recorded().map(|slot| {
            // No latency is above the top, which fits; nor does so much end in one sample.
            let value = slot.value_iterated_to().min(LatencyHistogram::TOP_MICROS);
            (value as u32, u32::try_from(slot.count_at_value()).unwrap_or(u32::MAX))
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
        for (value, count) in &self.0 {
            histogram.0.saturating_record_n(u64::from(*value), u64::from(*count));
        }
    }
}

/// A histogram at rest: some hundred bytes instead of some ten thousand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PackedHistogram(Vec<u8>);

impl PackedHistogram {
    /// Packs a histogram; an empty one takes no room.
    pub fn pack(histogram: &LatencyHistogram) -> Self {
        if histogram.count() == 0 { Self::default() } else { Self(histogram.to_bytes()) }
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
            LatencyHistogram::from_bytes(&bytes).map_err(D::Error::custom)?;
        }
        Ok(Self(bytes))
    }
}
