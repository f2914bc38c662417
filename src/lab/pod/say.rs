//! What a pod says to its lab: one line on stdout. What it hears is `leash`'s.

use std::io::{self, Write};

use crate::lab::channel::Notice;

/// Says something to the lab.
pub(super) fn say(notice: &Notice) {
    let Ok(mut line) = serde_json::to_vec(notice) else { return };
    line.push(b'\n');
    let mut out = io::stdout().lock();
    // Without a lab to listen the end of stdin follows at once.
    let _ = out.write_all(&line).and_then(|()| out.flush());
}
