//! Amounts of memory: as Chaos Mesh writes them, and as Kubernetes does. Not those of game day files.

/// `256MB`, `1GiB`, `4096B`. What is meant is at most this: a kilobyte is read as 1024 bytes.
pub(super) fn human(text: &str) -> Option<u64> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let (number, unit) = text.split_at(end);
    let unit = unit.trim().to_ascii_lowercase();
    let unit = unit.strip_suffix("ib").or_else(|| unit.strip_suffix('b')).unwrap_or(&unit);
    let exponent = match unit {
        "" => 0,
        "k" => 1,
        "m" => 2,
        "g" => 3,
        "t" => 4,
        "p" => 5,
        _ => return None,
    };
    bytes(number, 1024_f64.powi(exponent)).filter(|bytes| *bytes > 0)
}

/// `256Mi`, `1G`, `128974848`, `1e9`.
pub(super) fn quantity(text: &str) -> Option<u64> {
    const UNITS: [(&str, f64); 12] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("m", 1e-3),
    ];
    let found = UNITS.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)));
    let (number, size) = found.unwrap_or((text, 1.0));
    bytes(number, size)
}

fn bytes(number: &str, size: f64) -> Option<u64> {
    let number: f64 = number.parse().ok()?;
    let bytes = number * size;
    (bytes.is_finite() && bytes >= 0.0).then_some(bytes as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read() {
        for (text, bytes) in
            [("256MB", 256 << 20), ("1GiB", 1 << 30), ("4096B", 4096), ("1.5k", 1536)]
        {
            assert_eq!(human(text), Some(bytes), "{text}");
        }
        for text in ["", "MB", "1X", "0MB", "-1MB", "1.2.3MB"] {
            assert_eq!(human(text), None, "{text}");
        }
        for (text, bytes) in
            [("256Mi", 256 << 20), ("1G", 1_000_000_000), ("1e3", 1000), ("500m", 0)]
        {
            assert_eq!(quantity(text), Some(bytes), "{text}");
        }
        assert_eq!(quantity("x"), None);
    }
}
