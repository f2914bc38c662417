//! Times and figures as they stand in a report. Not the sentences around them.

use chrono::DateTime;

use super::model::{Length, Moment};
use crate::lang::Lang;

/// Shown where nothing was measured.
pub const NO_DATA: &str = "no data";

/// `2026-11-22 16:05:00 UTC`.
pub fn date(wall_ms: i64) -> String {
    DateTime::from_timestamp_millis(wall_ms).map_or_else(
        || format!("{wall_ms} ms since 1970"),
        |at| at.format("%Y-%m-%d %H:%M:%S UTC").to_string(),
    )
}

/// `16:17:30`.
pub fn day(wall_ms: i64) -> String {
    DateTime::from_timestamp_millis(wall_ms).map_or_else(
        || format!("{wall_ms} ms since 1970"),
        |wall| wall.format("%H:%M:%S").to_string(),
    )
}

/// `14.4×`.
pub fn times(times: f64) -> String {
    if times.abs() < 100.0 { format!("{times:.1}×") } else { format!("{times:.0}×") }
}

/// `+12m30s (16:17:30)`; before the first phase only the time of day. Of a watch `16:17:30`, with its date where it needs one.
pub fn moment(lang: &Lang, at: Moment) -> String {
    let day = day(at.wall_ms);
    match at.dated {
        Some(true) => return date(at.wall_ms).trim_end_matches(" UTC").to_owned(),
        Some(false) => return day,
        None => {}
    }
    match at.clock_ms {
        Some(clock) => format!("{} ({day})", clock_words(clock)),
        None => lang.tell("report-before-start", &[("time", (&*day).into())]).into_owned(),
    }
}

/// A length by both clocks: one figure where they agree.
pub fn taken(lang: &Lang, taken: Length) -> String {
    let running = length(taken.running_ms);
    if taken.running_ms == taken.total_ms {
        return running;
    }
    let total = length(taken.total_ms);
    let places = [("running", (&*running).into()), ("total", (&*total).into())];
    lang.tell("report-with-holds", &places).into_owned()
}

/// A word of the report (`not met`) in another language; itself where that has none.
pub fn word(lang: &Lang, word: &str) -> String {
    let key = format!("report-word-{}", word.replace(' ', "-"));
    let said = lang.say(&key);
    if said == key { word.to_owned() } else { said.into_owned() }
}

/// `+12m30s`, `+1h00m05s`: the exercise clock, in whole seconds that are over.
pub fn clock_words(millis: u64) -> String {
    let (minutes, seconds) = (millis / 60_000, millis / 1_000 % 60);
    match minutes / 60 {
        0 => format!("+{minutes}m{seconds:02}s"),
        hours => format!("+{hours}h{:02}m{seconds:02}s", minutes % 60),
    }
}

/// `850ms`, `12.3s`, `4m05s`, `1h00m05s`, rounded to what is shown.
pub fn length(millis: u64) -> String {
    if millis < 1_000 {
        return format!("{millis}ms");
    }
    let tenths = millis.saturating_add(50) / 100;
    if tenths < 600 {
        return format!("{}.{}s", tenths / 10, tenths % 10);
    }
    clock_words(millis.saturating_add(500)).trim_start_matches('+').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_clocks_read_well() {
        for (millis, shown) in [
            (0, "0ms"),
            (999, "999ms"),
            (1_000, "1.0s"),
            (36_667, "36.7s"),
            (59_949, "59.9s"),
            (59_950, "1m00s"),
            (245_499, "4m05s"),
            (3_605_000, "1h00m05s"),
            (359_999_600, "100h00m00s"),
        ] {
            assert_eq!(length(millis), shown, "{millis}");
        }
        assert_eq!(clock_words(59_999), "+0m59s", "a clock does not run ahead");
        assert_eq!(date(1_795_363_500_000), "2026-11-22 16:05:00 UTC");
        assert_eq!(date(i64::MAX), "9223372036854775807 ms since 1970");
    }
}
