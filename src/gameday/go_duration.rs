//! Durations as Go writes them (`1h30m`, `-1.5s`, `300ms`), which Chaos Mesh and Kubernetes read. Not the durations of game day files.

use super::span::Span;
use super::text::printable;

const NANOS_OF_MILLI: i128 = 1_000_000;

/// Go's units, in nanoseconds. Longer spellings first, so that `ms` is not read as `m`.
const UNITS: [(&str, i128); 8] = [
    ("ns", 1),
    ("us", 1_000),
    ("µs", 1_000),
    ("μs", 1_000),
    ("ms", NANOS_OF_MILLI),
    ("s", 1_000 * NANOS_OF_MILLI),
    ("m", 60_000 * NANOS_OF_MILLI),
    ("h", 3_600_000 * NANOS_OF_MILLI),
];

/// A duration in nanoseconds, with its sign.
///
/// # Errors
/// What is wrong with it, for people.
pub fn nanos(text: &str) -> Result<i128, String> {
    let wrong = |why: &str| format!("\"{}\" {why}", printable(text, 40));
    let (sign, mut rest) = match text.as_bytes().first() {
        Some(b'-') => (-1, &text[1..]),
        Some(b'+') => (1, &text[1..]),
        _ => (1, text),
    };
    if rest.is_empty() {
        return Err(wrong("is no duration"));
    }
    // The one number without a unit that Go takes.
    if rest == "0" {
        return Ok(0);
    }
    let mut total = 0_i128;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        if number.is_empty() || number == "." {
            return Err(wrong("is no duration"));
        }
        let unit = UNITS.iter().find(|(unit, _)| after.starts_with(unit));
        let Some((unit, size)) = unit else {
            return Err(wrong("has a number without a unit of ns, us, ms, s, m, h"));
        };
        let part = scaled(number, *size).ok_or_else(|| wrong("is too long"))?;
        total = total.checked_add(part).ok_or_else(|| wrong("is too long"))?;
        rest = &after[unit.len()..];
        // `5minutes`: what follows a unit is a number or nothing.
        if rest.starts_with(|c: char| !c.is_ascii_digit() && c != '.') {
            return Err(wrong("has a unit that is none of ns, us, ms, s, m, h"));
        }
    }
    // Go counts in 64 bits.
    match i64::try_from(total) {
        Ok(total) => Ok(sign * i128::from(total)),
        Err(_) => Err(wrong("is too long")),
    }
}

/// A decimal number times `size`, cut to whole nanoseconds; `None`: too large, or two points.
fn scaled(number: &str, size: i128) -> Option<i128> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    if part.contains('.') {
        return None;
    }
    let whole: i128 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut total = whole.checked_mul(size)?;
    let mut worth = size;
    for digit in part.bytes() {
        worth /= 10;
        total = total.checked_add(worth * i128::from(digit - b'0'))?;
    }
    Some(total)
}

/// A length of time, longer than nothing.
///
/// # Errors
/// What is wrong with it, for people.
pub fn length(text: &str) -> Result<Span, String> {
    let nanos = nanos(text)?;
    if nanos <= 0 {
        return Err(format!("\"{}\" is not longer than nothing", printable(text, 40)));
    }
    let millis = (nanos + NANOS_OF_MILLI - 1) / NANOS_OF_MILLI;
    Ok(Span::from_millis(u64::try_from(millis).unwrap_or(u64::MAX)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn go_durations_are_read() {
        for (text, millis) in [
            ("1h30m", 5_400_000),
            ("5m", 300_000),
            ("300ms", 300),
            ("1.5s", 1_500),
            (".5s", 500),
            ("1.s", 1_000),
            ("-10m", -600_000),
            ("+2s", 2_000),
            ("0", 0),
            ("0s", 0),
            ("1m1ms", 60_001),
        ] {
            assert_eq!(nanos(text), Ok(millis * NANOS_OF_MILLI), "{text}");
        }
        for (text, value) in [("1ns", 1), ("2us", 2_000), ("2µs", 2_000), ("0.0000001s", 100)] {
            assert_eq!(nanos(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn what_go_does_not_read_is_refused() {
        for text in [
            "",
            "-",
            "5",
            "5minutes",
            "m",
            "1..5s",
            "1.2.3s",
            ".s",
            "1 m",
            "1d",
            "5 m",
            "1h30",
            "s5",
            "9999999999h",
            "--1s",
            "1m-1s",
            "\u{1b}[31m",
            "１s",
        ] {
            assert!(nanos(text).is_err(), "{text:?}: {:?}", nanos(text));
        }
    }

    #[test]
    fn a_length_is_longer_than_nothing() {
        assert_eq!(length("1h30m"), Ok(Span::from_secs(5_400)));
        assert_eq!(length("1ns"), Ok(Span::from_millis(1)));
        for text in ["0s", "-1s", "x"] {
            assert!(length(text).is_err(), "{text}");
        }
    }

    #[test]
    fn our_own_spans_are_go_durations() {
        for span in [1, 250, 90_000, 5_400_000, 3_723_004].map(Span::from_millis) {
            assert_eq!(length(&span.to_string()), Ok(span));
        }
    }
}
