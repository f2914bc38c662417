//! `gameday rehearse`: what a rehearsal found, as lines. Not the finding.

use crate::exercise::rehearsal::Rehearsal;
use crate::exercise::state::State;
use crate::gameday::text::plain;
use crate::lang::{Lang, Language};
use crate::report::rehearsal::{Weight, findings};

/// What was found, a line each, and whether nothing is wrong.
pub(super) fn told(state: &State, rehearsal: Rehearsal, language: Language) -> (Vec<String>, bool) {
    let lang = Lang::new(language);
    let found = findings(state, rehearsal);
    let line = |sign: char, text: &str| format!("{sign} {}", plain(text));
    let mut lines = vec![line('·', &lang.said(&rehearsal.said()))];
    lines.extend(found.iter().map(|one| line(one.weight.sign(), &lang.said(&one.said))));
    (lines, found.iter().all(|one| one.weight != Weight::Wrong))
}
