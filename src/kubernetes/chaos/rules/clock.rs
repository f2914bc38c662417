//! TimeChaos.

use super::super::choose::words;
use super::super::pod;
use super::look::Look;
use crate::gameday::go_duration;

const CLOCKS: [&str; 10] = [
    "CLOCK_REALTIME",
    "CLOCK_MONOTONIC",
    "CLOCK_PROCESS_CPUTIME_ID",
    "CLOCK_THREAD_CPUTIME_ID",
    "CLOCK_MONOTONIC_RAW",
    "CLOCK_REALTIME_COARSE",
    "CLOCK_MONOTONIC_COARSE",
    "CLOCK_BOOTTIME",
    "CLOCK_REALTIME_ALARM",
    "CLOCK_BOOTTIME_ALARM",
];

pub(super) fn check(look: &mut Look<'_>) {
    match go_duration::nanos(look.text("timeOffset")) {
        Err(why) => look.no("timeOffset", why, "write one such as -10m"),
        Ok(0) => look.no("timeOffset", "the clock would be right", "write one such as -10m"),
        Ok(_) => {}
    }
    for clock in words(look.get("clockIds")) {
        if !CLOCKS.contains(&clock) {
            let why =
                format!("there is no clock {}, and it would fail for ever", pod::shown(clock));
            look.no("clockIds", why, "write CLOCK_REALTIME");
        }
    }
}
