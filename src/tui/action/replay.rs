//! What can be done with a recording that is replayed. Not the doing.

use super::id::ActionId as Id;
use super::kind::{Action, action, key, plain};
use crate::exercise::mark::MarkKind::{Breach, Change, Incident, Injection, Phase, Pin, Stop};
use crate::tui::key::Code;
use crate::tui::place::Place;
use crate::tui::replay::can;

/// Where a recording is replayed.
const REPLAY: &[Place] = &[Place::Replay];

/// Those of the screen itself.
pub(super) static SCREEN: &[Action] = &[
    action(Id::Play, "play", &[plain(' ')], can::replays)
        .only(REPLAY)
        .at(1)
        .called("pause", can::plays),
    action(Id::Faster, "faster", &[plain(']')], can::faster).only(REPLAY).at(2),
    action(Id::Slower, "slower", &[plain('[')], can::slower).only(REPLAY).at(2),
    action(Id::SeekBack, "seek-back", &[key(Code::Left)], can::back).only(REPLAY).at(3),
    action(Id::SeekForward, "seek-forward", &[key(Code::Right)], can::ahead).only(REPLAY).at(3),
    action(Id::StepBack, "step-back", &[plain(',')], can::back).only(REPLAY).at(4),
    action(Id::StepForward, "step-forward", &[plain('.')], can::ahead).only(REPLAY).at(4),
    action(Id::SeekTo, "seek-to", &[plain('t')], can::replays).only(REPLAY).at(5).asks(),
    action(Id::SeekStart, "seek-start", &[key(Code::Home), plain('^')], can::back).only(REPLAY),
    action(Id::SeekEnd, "seek-end", &[key(Code::End), plain('$')], can::ahead).only(REPLAY),
    action(Id::NextMark(Injection), "next-injection", &[plain('x')], can::injections)
        .only(REPLAY)
        .at(6),
    action(Id::PreviousMark(Injection), "previous-injection", &[plain('X')], can::injections)
        .only(REPLAY),
    action(Id::NextMark(Incident), "next-incident", &[plain('i')], can::incidents)
        .only(REPLAY)
        .at(6),
    action(Id::PreviousMark(Incident), "previous-incident", &[plain('u')], can::incidents)
        .only(REPLAY),
    action(Id::NextMark(Breach), "next-breach", &[plain('v')], can::breaches).only(REPLAY).at(7),
    action(Id::PreviousMark(Breach), "previous-breach", &[plain('V')], can::breaches).only(REPLAY),
    action(Id::NextMark(Phase), "next-phase", &[plain('f')], can::phases).only(REPLAY),
    action(Id::PreviousMark(Phase), "previous-phase", &[plain('F')], can::phases).only(REPLAY),
    action(Id::NextMark(Stop), "next-stop", &[plain('s')], can::stops).only(REPLAY),
    action(Id::PreviousMark(Stop), "previous-stop", &[plain('S')], can::stops).only(REPLAY),
    action(Id::NextMark(Change), "next-change", &[plain('c')], can::changes).only(REPLAY),
    action(Id::PreviousMark(Change), "previous-change", &[plain('C')], can::changes).only(REPLAY),
    action(Id::NextMark(Pin), "next-pin", &[plain('e')], can::pins).only(REPLAY),
    action(Id::PreviousMark(Pin), "previous-pin", &[plain('E')], can::pins).only(REPLAY),
    action(Id::Find, "find", &[plain('/')], can::replays).only(REPLAY).at(5).asks(),
    action(Id::NextFound, "next-found", &[plain('n')], can::found).only(REPLAY).at(5),
    action(Id::PreviousFound, "previous-found", &[plain('N')], can::found).only(REPLAY),
    action(Id::Bookmark, "bookmark", &[plain('m')], can::not_noted).only(REPLAY).at(8),
    action(Id::Annotate, "annotate", &[plain('a')], can::replays)
        .only(REPLAY)
        .at(8)
        .called("annotate-again", can::noted)
        .asks(),
    action(Id::DropNote, "drop-note", &[plain('D')], can::noted).only(REPLAY).asks(),
    action(Id::NextNote, "next-note", &[plain('\'')], can::notes).only(REPLAY),
    action(Id::PreviousNote, "previous-note", &[plain('"')], can::notes).only(REPLAY),
];
