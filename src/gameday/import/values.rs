//! Single values of other programs' files: texts, times, sizes, labels. Not what they are for.

use serde_json::{Map, Value};

use crate::gameday::fault::{Mode, Selector};
use crate::gameday::go_duration;
use crate::gameday::span::Span;

/// A text at a key.
pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// A number, also one in quotes or with a percent sign.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().trim_end_matches('%').parse().ok(),
        _ => None,
    }
    .filter(|number: &f64| number.is_finite())
}

/// A length of time as Go writes it; none of zero.
pub(super) fn span(text: &str) -> Option<Span> {
    go_duration::length(text.trim()).ok()
}

/// A length of time as Go writes it, which may be negative, in milliseconds.
pub(super) fn offset(text: &str) -> Option<i64> {
    let millis = i64::try_from(go_duration::nanos(text.trim()).ok()? / 1_000_000).ok()?;
    (millis != 0).then_some(millis)
}

/// Bytes as Chaos Mesh writes them: `256MB`, `1GiB`, `100KB`. Of these only whole ones.
pub(super) fn bytes(text: &str) -> Option<u64> {
    let text = text.trim();
    let at = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (figures, unit) = text.split_at(at);
    let factor: u64 = match unit.trim().to_ascii_uppercase().as_str() {
        "" | "B" => 1,
        "K" | "KB" | "KIB" => 1 << 10,
        "M" | "MB" | "MIB" => 1 << 20,
        "G" | "GB" | "GIB" => 1 << 30,
        _ => return None,
    };
    figures.parse::<u64>().ok()?.checked_mul(factor)
}

/// Bytes a second as `tc` writes them: `1mbps` is a million bytes, `1mbit` a million bits.
pub(super) fn rate(text: &str) -> Option<u64> {
    let text = text.trim().to_ascii_lowercase();
    let at = text.find(|c: char| !c.is_ascii_digit())?;
    let (figures, unit) = text.split_at(at);
    let (factor, over) = match unit {
        "bps" => (1, 1),
        "kbps" => (1_000, 1),
        "mbps" => (1_000_000, 1),
        "gbps" => (1_000_000_000, 1),
        "bit" => (1, 8),
        "kbit" => (1_000, 8),
        "mbit" => (1_000_000, 8),
        "gbit" => (1_000_000_000, 8),
        _ => return None,
    };
    Some(figures.parse::<u64>().ok()?.checked_mul(factor)? / over)
}

/// Labels of a selector that has nothing but labels and namespaces.
pub(super) fn plain_labels(selector: &Value) -> Option<Selector> {
    let map = selector.as_object()?;
    let known = |key: &String| key == "labelSelectors" || key == "namespaces";
    if !map.keys().all(known) {
        return None;
    }
    let labels = map.get("labelSelectors")?.as_object().filter(|labels| !labels.is_empty())?;
    labels.iter().map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

/// Labels as tools write them on one line: `app=web-app,tier=frontend`.
pub(super) fn line_of_labels(text: &str) -> Option<Selector> {
    let pair = |part: &str| {
        let (key, value) = part.split_once('=')?;
        let value = value.strip_prefix('=').unwrap_or(value).trim();
        let plain = |text: &str| !text.is_empty() && !text.contains(['!', '(', ')', ' ']);
        (plain(key.trim()) && plain(value)).then(|| (key.trim().to_owned(), value.to_owned()))
    };
    text.split(',').map(pair).collect()
}

/// How many pods, as Chaos Mesh says it.
pub(super) fn mode(spec: &Value) -> Option<Mode> {
    let whole = || spec.get("value").and_then(number).filter(|value| value.fract() == 0.0);
    let percent = || whole().filter(|value| (1.0..=100.0).contains(value)).map(|it| it as u8);
    Some(match text(spec, "mode")? {
        "one" => Mode::One,
        "all" => Mode::All,
        "fixed" => Mode::Fixed(whole().filter(|value| (1.0..=1e4).contains(value))? as u32),
        "fixed-percent" => Mode::FixedPercent(percent()?),
        "random-max-percent" => Mode::RandomMaxPercent(percent()?),
        _ => return None,
    })
}

/// Whether a map has no key but these.
pub(super) fn only(map: &Map<String, Value>, keys: &[&str]) -> bool {
    map.keys().all(|key| keys.contains(&key.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_of_others_are_understood() {
        assert_eq!(offset("-10m"), Some(-600_000));
        assert_eq!(offset("-1.5h"), Some(-5_400_000));
        assert_eq!(span("1.5m"), Some(Span::from_secs(90)));
        assert_eq!(offset("+1h30m"), Some(5_400_000));
        assert_eq!(
            (bytes("256MB"), bytes("1GiB"), bytes("1.5GB")),
            (Some(256 << 20), Some(1 << 30), None)
        );
        assert_eq!(
            (rate("1mbps"), rate("8mbit"), rate("x")),
            (Some(1_000_000), Some(1_000_000), None)
        );
        assert_eq!(line_of_labels("app=web, tier==x").unwrap().len(), 2);
        assert_eq!(line_of_labels("app in (a, b)"), None);
    }
}
