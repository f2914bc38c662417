//! What a pod writes to stderr for whoever reads its log: one line each, with the time. Never what was done to it.

use std::collections::BTreeSet;
use std::io::Write;

use chrono::DateTime;

use super::context::Context;
use crate::lab::channel::Endpoint;

/// Writes a line.
pub(super) fn note(context: &Context, text: &str) {
    let time = DateTime::from_timestamp_millis(context.clock.wall_millis()).unwrap_or_default();
    // Without a lab that reads it nobody misses it.
    let _ = writeln!(std::io::stderr(), "{} {text}", time.format("%H:%M:%S%.3f"));
}

/// Writes down which apps can be called now and could not before, and the other way round.
pub(super) fn note_endpoints(context: &Context, before: &[Endpoint], now: &[Endpoint]) {
    let apps =
        |list: &[Endpoint]| -> BTreeSet<&str> { list.iter().map(|one| one.role.app()).collect() };
    let (before, now) = (apps(before), apps(now));
    for app in before.difference(&now) {
        note(context, &format!("no pod of {app} can be called any more"));
    }
    for app in now.difference(&before) {
        note(context, &format!("{app} can be called"));
    }
}
