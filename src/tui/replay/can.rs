//! What can be done with a recording that is replayed, and why not where it cannot. Not the doing.

use crate::exercise::mark::MarkKind;
use crate::exercise::state::State;
use crate::tui::action::id::ActionId as Id;
use crate::tui::replay::{Replay, SPEEDS};
use crate::tui::ui::Ui;

type Can = Result<(), &'static str>;

fn of(ui: &Ui) -> Result<&Replay, &'static str> {
    ui.replay.as_ref().ok_or("why-no-replay")
}

fn unless(what: bool, why: &'static str) -> Can {
    if what { Err(why) } else { Ok(()) }
}

pub(in crate::tui) fn replays(_: &State, ui: &Ui) -> Can {
    of(ui).map(drop)
}

pub(in crate::tui) fn plays(_: &State, ui: &Ui) -> Can {
    if of(ui)?.playing { Ok(()) } else { Err("why-paused") }
}

pub(in crate::tui) fn faster(_: &State, ui: &Ui) -> Can {
    unless(of(ui)?.speed + 1 >= SPEEDS.len(), "why-fastest")
}

pub(in crate::tui) fn slower(_: &State, ui: &Ui) -> Can {
    unless(of(ui)?.speed == 0, "why-slowest")
}

pub(in crate::tui) fn back(_: &State, ui: &Ui) -> Can {
    let replay = of(ui)?;
    unless(replay.seq == 0 && replay.at.is_zero(), "why-at-start")
}

pub(in crate::tui) fn ahead(state: &State, ui: &Ui) -> Can {
    let replay = of(ui)?;
    // Participants are not told where it ends.
    let over = !state.participants && replay.seq == replay.last && replay.at >= replay.length;
    unless(over, "why-at-end")
}

fn has(kind: MarkKind, ui: &Ui, why: &'static str) -> Can {
    unless(!of(ui)?.marks.iter().any(|mark| mark.kind == kind), why)
}

pub(in crate::tui) fn phases(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Phase, ui, "why-no-phases")
}

pub(in crate::tui) fn injections(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Injection, ui, "why-no-injections")
}

pub(in crate::tui) fn incidents(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Incident, ui, "why-no-incident-marks")
}

pub(in crate::tui) fn breaches(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Breach, ui, "why-no-breaches")
}

pub(in crate::tui) fn stops(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Stop, ui, "why-no-stops")
}

pub(in crate::tui) fn changes(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Change, ui, "why-no-changes")
}

pub(in crate::tui) fn pins(_: &State, ui: &Ui) -> Can {
    has(MarkKind::Pin, ui, "why-no-pins")
}

pub(in crate::tui) fn found(_: &State, ui: &Ui) -> Can {
    unless(of(ui)?.found.is_empty(), "why-nothing-sought")
}

pub(in crate::tui) fn notes(_: &State, ui: &Ui) -> Can {
    unless(of(ui)?.notes.is_empty(), "why-no-notes")
}

pub(in crate::tui) fn noted(_: &State, ui: &Ui) -> Can {
    if of(ui)?.note().is_some() { Ok(()) } else { Err("why-no-note-here") }
}

pub(in crate::tui) fn not_noted(_: &State, ui: &Ui) -> Can {
    unless(of(ui)?.note().is_some(), "why-note-here")
}

/// What is read of a recording to be passed on, or gone to.
const fn is_read_there(id: Id) -> bool {
    matches!(id, Id::Handover | Id::CopyHandover | Id::KeepHandover | Id::Moments | Id::GoToMoment)
}

/// Whether there is an action where a recording is replayed. A list of what there is not would let through what a later list
/// of actions adds.
pub const fn is_replayed(id: Id) -> bool {
    if is_read_there(id) {
        return true;
    }
    matches!(
        id,
        Id::Play
            | Id::Faster
            | Id::Slower
            | Id::StepBack
            | Id::StepForward
            | Id::SeekBack
            | Id::SeekForward
            | Id::SeekStart
            | Id::SeekEnd
            | Id::SeekTo
            | Id::NextMark(_)
            | Id::PreviousMark(_)
            | Id::Find
            | Id::NextFound
            | Id::PreviousFound
            | Id::Bookmark
            | Id::Annotate
            | Id::DropNote
            | Id::NextNote
            | Id::PreviousNote
            | Id::Forward
            | Id::Back
            | Id::Down
            | Id::Up
            | Id::PageDown
            | Id::PageUp
            | Id::NextPart
            | Id::PreviousPart
            | Id::SelectNext
            | Id::SelectPrevious
            | Id::Objectives
            | Id::LogBack
            | Id::LogForward
            | Id::Palette
            | Id::FocusNext
            | Id::FocusPrevious
            | Id::Zoom
            | Id::Together
            | Id::Show(_)
            | Id::Hide
            | Id::ShowAll
            | Id::TimelineIn
            | Id::TimelineOut
            | Id::Participants
            | Id::Dismiss
            | Id::Copy
            | Id::Themes
            | Id::KeepTheme
            | Id::Help
            | Id::Suspend
            | Id::Quit
            | Id::Edit(_)
            | Id::Choose
            | Id::Complete
            | Id::ChoiceDown
            | Id::ChoiceUp
            | Id::ClosePalette
            | Id::OverlayDown
            | Id::OverlayUp
            | Id::OverlayPageDown
            | Id::OverlayPageUp
            | Id::Close
            | Id::Confirm
            | Id::Decline
            | Id::Incidents
            | Id::Board
            | Id::NextKind
            | Id::TeamsLeft
            | Id::TeamsRight
            | Id::Crew
    )
}

/// Whether participants may be shown it where a recording is replayed: to move about, and nothing that is the
/// facilitator's.
pub const fn is_shared(id: Id) -> bool {
    match id {
        Id::Play
        | Id::Faster
        | Id::Slower
        | Id::StepBack
        | Id::StepForward
        | Id::SeekBack
        | Id::SeekForward
        | Id::SeekStart
        | Id::SeekEnd
        | Id::SeekTo
        | Id::Find
        | Id::NextFound
        | Id::PreviousFound
        | Id::Participants
        | Id::Confirm => true,
        Id::NextMark(kind) | Id::PreviousMark(kind) => !matches!(kind, MarkKind::Injection),
        _ => false,
    }
}
