//! Reads a histogram at rest (HdrHistogram V2) without building the one that counts: what stands in a recording may be
//! anything, and a recording holds thousands. Not the counting, and not the merging.

/// How the form begins: version 2, counts of any length.
const COOKIE: u32 = 0x1c84_9303 | 0x10;
/// The fixed part: cookie, length, offset, digits, lowest, highest, ratio.
const HEAD: usize = 40;
/// Two digits tell 256 values apart in each power of two; the upper half of them is used.
const DIGITS: u32 = 2;
const HALF: u32 = 128;
const HALF_MAGNITUDE: u32 = 7;
/// No histogram of ours tells so many latencies apart.
const MOST_SLOTS: u64 = 8_192;
/// More than any generator counts in one window.
const MOST: u64 = 1_000_000_000_000;

/// Latencies that are told apart no further, and how many there were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    index: u32,
    /// How many.
    pub(super) count: u64,
}

impl Slot {
    fn bucket(self) -> u32 {
        (self.index >> HALF_MAGNITUDE).saturating_sub(1)
    }

    fn lowest(self) -> u64 {
        let within = if self.index < HALF { self.index } else { (self.index & (HALF - 1)) + HALF };
        u64::from(within) << self.bucket()
    }

    /// The largest of them.
    pub(super) fn highest(self) -> u64 {
        self.lowest() + (1 << self.bucket()) - 1
    }

    /// The one in the middle.
    pub(super) fn median(self) -> u64 {
        self.lowest() + ((1 << self.bucket()) >> 1)
    }
}

/// What was counted, smallest latency first.
///
/// # Errors
/// When the bytes are no histogram from 1 to `top` with two digits, as all of ours are.
pub(super) fn slots(bytes: &[u8], top: u64) -> Result<Vec<Slot>, &'static str> {
    let (head, counts) = bytes.split_at_checked(HEAD).ok_or("it is too short")?;
    let word = |at: usize| head.get(at..at + 4).and_then(|word| word.first_chunk::<4>());
    let word = |at| word(at).map(|word| u32::from_be_bytes(*word));
    let long = |at| Some(u64::from(word(at)?) << 32 | u64::from(word(at + 4)?));
    if word(0) != Some(COOKIE) {
        return Err("it is of another form");
    }
    if word(4).map(|length| length as usize) != Some(counts.len()) {
        return Err("its length is another");
    }
    let ratio = Some(1.0_f64.to_bits());
    let bounds = (word(8), word(12), long(16), long(24), long(32));
    if bounds != (Some(0), Some(DIGITS), Some(1), Some(top), ratio) {
        return Err("its bounds are others");
    }
    let mut left = counts;
    let (mut found, mut index, mut all) = (Vec::with_capacity(left.len().min(512)), 0_u64, 0_u64);
    while !left.is_empty() {
        let number = number(&mut left).ok_or("it is cut off")?;
        let (half, odd) = (number >> 1, number & 1 == 1);
        // Zigzag: odd is negative, and stands for so many zeros.
        if odd {
            index = index.saturating_add(half).saturating_add(1);
            if index > MOST_SLOTS {
                return Err("it counts latencies beyond its bounds");
            }
            continue;
        }
        if half > 0 {
            let slot = u32::try_from(index).map(|index| Slot { index, count: half });
            let slot = slot.ok().filter(|slot| slot.bucket() < 32 && slot.lowest() <= top);
            found.push(slot.ok_or("it counts latencies beyond its bounds")?);
            all = all.saturating_add(half);
        }
        index = index.saturating_add(1);
    }
    if all > MOST { Err("it counts beyond any count") } else { Ok(found) }
}

/// The next number: seven bits a byte, the lowest first; the ninth byte is whole.
fn number(left: &mut &[u8]) -> Option<u64> {
    let mut value = 0_u64;
    for place in 0..9 {
        let (byte, rest) = left.split_first()?;
        *left = rest;
        if place == 8 {
            return Some(value | u64::from(*byte) << 56);
        }
        value |= u64::from(byte & 0x7f) << (7 * place);
        if byte & 0x80 == 0 {
            return Some(value);
        }
    }
    None
}
