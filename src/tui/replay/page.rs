//! Which page of the way through an exercise a recording shows: the briefing before its first phase, the live screen, the
//! debrief and the report after its end, as the live program did; and what keys of the live screen mean on those that are read.
//! Not the drawing, and nothing that could be ordered there.

use crate::exercise::state::{Stage, State};
use crate::tui::action::id::ActionId as Id;
use crate::tui::place::Place;
use crate::tui::ui::Ui;
use crate::tui::ways;

/// The page after the state became another one, from the stage `before`: as a live screen goes on by itself, and where it
/// was put back, the page that belongs there.
pub fn follow(before: Stage, state: &State, page: Place) -> Place {
    let begun = |stage| !matches!(stage, Stage::Preparing | Stage::Preflight);
    let now = state.stage;
    match page {
        page if before == now => page,
        _ if begun(before) && !begun(now) => ways::begin(state),
        Place::Briefing if begun(now) => Place::Live,
        Place::Debrief if !matches!(now, Stage::Closing | Stage::Ended) => Place::Live,
        Place::Report if now == Stage::Closing => Place::Debrief,
        Place::Report if now != Stage::Ended => Place::Live,
        page => page,
    }
}

/// Whether a page of a recording is read, where there are no panes.
pub fn is_read(ui: &Ui) -> bool {
    ui.place == Place::Replay && ui.page() != Place::Live
}

/// The same as a condition, for the names of actions.
pub(in crate::tui) fn reads(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if is_read(ui) { Ok(()) } else { Err("why-no-panes") }
}

/// Whether the debrief is gone through.
pub(in crate::tui) fn goes_through(_: &State, ui: &Ui) -> Result<(), &'static str> {
    if is_read(ui) && ui.page() == Place::Debrief { Ok(()) } else { Err("why-no-panes") }
}

/// Tab goes from pane to pane, and from part to part of the debrief.
pub(in crate::tui) fn may_focus(state: &State, ui: &Ui) -> Result<(), &'static str> {
    if is_read(ui) { goes_through(state, ui) } else { Ok(()) }
}

/// What an action of the live screen is on a page that is read.
pub const fn meant(id: Id) -> Option<Id> {
    Some(match id {
        Id::SelectNext => Id::Down,
        Id::SelectPrevious => Id::Up,
        Id::LogForward => Id::PageDown,
        Id::LogBack => Id::PageUp,
        Id::FocusNext => Id::NextPart,
        Id::FocusPrevious => Id::PreviousPart,
        _ => return None,
    })
}

/// Whether an action is about panes, of which a page that is read has none.
pub const fn needs_panes(id: Id) -> bool {
    matches!(
        id,
        Id::Zoom
            | Id::Together
            | Id::Show(_)
            | Id::Hide
            | Id::ShowAll
            | Id::TimelineIn
            | Id::TimelineOut
            | Id::Copy
    )
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::exercise::header::Header;
    use crate::gameday::read::read;
    use crate::gameday::span::Span;

    fn state(stage: Stage, briefing: bool) -> State {
        let text = "phases: [{ name: one, duration: 1m }]";
        let header = Header {
            gameday_recording: 1,
            program: String::new(),
            exercise: String::new(),
            began: 0,
            seed: 0,
            ceiling: Default::default(),
            headless: false,
            briefing: briefing.then_some(Span::from_secs(30)),
            drill: true,
            rehearsal: None,
            alertmanager: None,
            watch: None,
            plan: read(text, "one.yaml").unwrap(),
        };
        State { stage, ..State::new(Arc::new(header)) }
    }

    #[test]
    fn a_page_goes_on_as_the_live_screen_and_back_to_where_it_belongs() {
        use Place::{Briefing, Debrief, Live, Report};
        use Stage::{Closing, Ended, NoGo, Preflight, Preparing, Running};
        for (before, now, page, follows) in [
            (Preparing, Preflight, Briefing, Briefing),
            (Preparing, Preflight, Live, Live),
            (Preflight, NoGo, Briefing, Live),
            (Preflight, Running, Briefing, Live),
            (NoGo, Running, Briefing, Live),
            (Running, Running, Briefing, Briefing),
            (Running, Closing, Live, Live),
            (Closing, Ended, Live, Live),
            (Closing, Ended, Debrief, Debrief),
            // Put back.
            (Ended, Closing, Report, Debrief),
            (Ended, Closing, Debrief, Debrief),
            (Ended, Running, Report, Live),
            (Closing, Running, Debrief, Live),
            (Ended, Preparing, Debrief, Briefing),
            (Running, Preflight, Live, Briefing),
            // Put forward.
            (Preparing, Ended, Briefing, Live),
        ] {
            let shown = follow(before, &state(now, true), page);
            assert_eq!(shown, follows, "{page:?} from {before:?} to {now:?}");
        }
        assert_eq!(follow(Running, &state(Preparing, false), Live), Live, "there was no briefing");
    }
}
