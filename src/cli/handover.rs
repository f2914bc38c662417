//! `gameday handover FILE`: what the next people on duty need to know of the last hour of a recording, which may still grow.
//! Not what stands in it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::fresh::filled;
use super::recorded::{noted, recorded};
use super::said::Said;
use crate::exercise::event::Envelope;
use crate::exercise::fold::{apply, folded};
use crate::exercise::header::Header;
use crate::exercise::participant::{Teller, begin, reveal};
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::lang::{Lang, Language};
use crate::report::handover::render;

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// How far to look back.
    pub last: Span,
    /// What participants know.
    pub participants: bool,
    /// A new file; `None`: standard output.
    pub out: Option<PathBuf>,
    /// Its language.
    pub language: Language,
    /// Also of a recording that was changed after it was written.
    pub anyway: bool,
}

/// Makes a handover of a recording.
pub fn run(path: &Path, asked: &Asked) -> Said {
    let recorded = match recorded(path, asked.anyway, "hand it over all the same") {
        Ok(recorded) => recorded,
        Err(said) => return said,
    };
    let mut notes: String = recorded.warnings.iter().map(|one| noted(path, one)).collect();
    let state = if asked.participants {
        told(recorded.header, &recorded.envelopes)
    } else {
        folded(recorded.header, &recorded.envelopes)
    };
    let text = render(&state, asked.last, &Lang::new(asked.language));
    match placed(text, asked.out.as_deref()) {
        Ok(text) => Said { text, notes, success: true },
        Err(why) => {
            notes += &format!("{why}\n");
            Said { text: String::new(), notes, success: false }
        }
    }
}

/// What participants know after all of `envelopes`.
fn told(header: Header, envelopes: &[Envelope]) -> State {
    let mut teller = Teller::new(Arc::new(header));
    let mut state = begin(teller.header());
    for told in envelopes.iter().filter_map(|envelope| teller.tell(envelope)) {
        if let Some(plan) = &told.plan {
            reveal(&mut state, plan);
        }
        apply(&mut state, &told.envelope);
    }
    state
}

/// The text itself, or where it was written.
fn placed(text: String, out: Option<&Path>) -> Result<String, String> {
    let Some(out) = out else { return Ok(text) };
    let shown = plain(&out.display().to_string());
    filled("--out", out, &text)?;
    Ok(format!("wrote {shown}\n"))
}
