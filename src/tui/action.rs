//! Everything that can be done at the screen, as one list of data: keymap, footer, help, palette, mouse and documents are
//! made from it. Not the doing.

mod compare;
mod debrief;
pub mod id;
pub mod kind;
mod people;
mod relay;
mod replay;

pub use self::id::ActionId;
pub use self::kind::{Action, Elsewhere, Variant};
use self::kind::{action, key, plain};
use super::draft::Edit;
use super::key::{Code, Key};
use super::layer::Layer;
use super::pane::Pane;
use super::place::Place;
use super::possible::{
    always, filtered, halted, has_hidden, has_objectives, has_themes, has_toasts, held,
    load_by_hand, load_runs, may_halt, may_hide, may_inject, may_leave_watch, may_revert,
    may_select, may_silence, may_toggle, may_turn_pages, may_zoom_in, phase_runs, pinned, planned,
    silenced, turned, zoomed, zoomed_in,
};
use super::replay::page::{goes_through, may_focus, reads};
use super::ways::{
    marked, may_back, may_begin, may_compare, may_forward, may_hold_briefing, may_launch, may_mark,
    may_override, may_plan, may_report,
};

/// Where an exercise is.
const WAY: &[Place] = &[Place::Briefing, Place::Live, Place::Debrief, Place::Report];
/// The same, and where it is replayed.
const ALONG: &[Place] =
    &[Place::Briefing, Place::Live, Place::Debrief, Place::Report, Place::Replay];
/// Where something is read.
const READ: &[Place] =
    &[Place::Launcher, Place::Briefing, Place::Debrief, Place::Report, Place::Compare];
/// Where an exercise is read about.
const PAGES: &[Place] = &[Place::Briefing, Place::Debrief, Place::Report];

/// Where the panes are.
const PANES: &[Place] = &[Place::Live, Place::Replay];

use ActionId as Id;

/// Every action, in the order of the help.
pub static ACTIONS: &[Action] = &[
    action(Id::Halt, "halt", &[Key::ctrl('x')], may_halt)
        .at(0)
        .asks()
        .needed()
        .everywhere()
        .also(&[(BUT_SCREEN_AND_HALTING, &[Key::ctrl('x')])]),
    action(Id::Release, "release", &[plain('R')], halted).only(WAY).at(1).asks(),
    action(Id::Go, "go", &[plain('g')], may_begin)
        .only(&[Place::Briefing, Place::Live])
        .at(1)
        .called("override", may_override),
    action(Id::HoldBriefing, "hold-briefing", &[plain('h')], may_hold_briefing)
        .only(&[Place::Briefing])
        .at(2),
    action(Id::Silence, "silence", &[plain('m')], may_silence)
        .only(&[Place::Briefing, Place::Live])
        .at(6)
        .called("lift-silence", silenced),
    action(Id::Type, "type", &[plain('i'), key(Code::Enter)], always).only(WAY).at(2),
    action(Id::Hold, "hold", &[plain(' ')], may_toggle).at(3).called("resume", held),
    action(Id::SelectNext, "select-next", &[plain('j'), key(Code::Down)], may_select)
        .only(PANES)
        .called("down", reads),
    action(Id::SelectPrevious, "select-previous", &[plain('k'), key(Code::Up)], may_select)
        .only(PANES)
        .called("up", reads),
    action(Id::Inject, "inject", &[plain('x')], may_inject).at(5).asks(),
    action(Id::Revert, "revert", &[plain('r')], may_revert).at(4).asks(),
    action(Id::Delay, "delay", &[plain('d')], planned).at(9),
    action(Id::Cancel, "cancel", &[plain('c')], planned).at(9).asks(),
    action(Id::SkipPhase, "skip-phase", &[plain('n')], phase_runs).at(6).asks(),
    action(Id::Extend, "extend", &[plain('+')], phase_runs).at(7),
    action(Id::LoadUp, "load-up", &[plain(']')], load_runs).at(8),
    action(Id::LoadDown, "load-down", &[plain('[')], load_runs).at(8),
    action(Id::LoadSet, "load-set", &[plain('=')], load_runs).asks(),
    action(Id::LoadPlan, "load-plan", &[plain('\\')], load_by_hand).at(8),
    action(Id::Objectives, "objectives", &[plain('o')], has_objectives)
        .only(&[Place::Live, Place::Debrief, Place::Report, Place::Replay])
        .at(10),
    action(Id::LogBack, "log-back", &[key(Code::PageUp)], may_turn_pages)
        .only(PANES)
        .called("page-up", reads),
    action(Id::LogForward, "log-forward", &[key(Code::PageDown)], may_turn_pages)
        .only(PANES)
        .called("page-down", reads),
    action(Id::Palette, "palette", &[plain(':')], always).at(7).everywhere(),
    action(Id::FocusNext, "focus-next", &[key(Code::Tab)], may_focus)
        .only(PANES)
        .at(9)
        .called("next-part", goes_through),
    action(Id::FocusPrevious, "focus-previous", &[key(Code::BackTab)], may_focus)
        .only(PANES)
        .called("previous-part", goes_through),
    action(Id::Zoom, "zoom", &[plain('z')], always).only(PANES).at(9),
    action(Id::Together, "together", &[plain('0')], zoomed).only(PANES).at(5),
    action(Id::Show(Pane::Timeline), "show-timeline", &[plain('1')], always).only(PANES),
    action(Id::Show(Pane::Slos), "show-slos", &[plain('2')], always).only(PANES),
    action(Id::Show(Pane::Faults), "show-faults", &[plain('3')], always).only(PANES),
    action(Id::Show(Pane::Pods), "show-pods", &[plain('4')], always).only(PANES),
    action(Id::Show(Pane::Instruments), "show-instruments", &[plain('5')], always).only(PANES),
    action(Id::Show(Pane::Incidents), "show-incidents", &[plain('6')], always).only(PANES),
    action(Id::Show(Pane::Log), "show-log", &[plain('7')], always).only(PANES),
    action(Id::Hide, "hide", &[plain('H')], may_hide).only(PANES),
    action(Id::ShowAll, "show-all", &[plain('A')], has_hidden).only(PANES).at(9),
    action(Id::TimelineIn, "timeline-in", &[plain('>')], may_zoom_in).only(PANES),
    action(Id::TimelineOut, "timeline-out", &[plain('<')], zoomed_in).only(PANES),
    action(Id::TimelineLeft, "timeline-left", &[key(Code::Left)], zoomed_in),
    action(Id::TimelineRight, "timeline-right", &[key(Code::Right)], zoomed_in),
    action(Id::TimelineNow, "timeline-now", &[plain('.')], pinned),
    action(Id::Launch, "launch", &[key(Code::Enter)], may_launch)
        .only(&[Place::Launcher])
        .at(1)
        .also(&[(&[Layer::Filter], &[key(Code::Enter)])])
        .called("replay", may_report),
    action(Id::Plan, "plan", &[plain('p')], may_plan).only(&[Place::Launcher]).at(2),
    action(Id::Report, "report", &[plain('r')], may_report).only(&[Place::Launcher]),
    action(Id::MarkRecording, "mark-recording", &[plain(' ')], may_mark)
        .only(&[Place::Launcher])
        .at(2)
        .called("unmark-recording", marked),
    action(Id::Compare, "compare", &[plain('c')], may_compare).only(&[Place::Launcher]).at(2),
    action(Id::Filter, "filter", &[plain('/')], always).only(&[Place::Launcher]).at(3),
    action(Id::ClearFilter, "clear-filter", &[key(Code::Esc)], filtered)
        .only(&[Place::Launcher])
        .at(3),
    action(Id::Down, "down", &[plain('j'), key(Code::Down)], always)
        .only(READ)
        .also(&[(&[Layer::Filter], &[key(Code::Down)])]),
    action(Id::Up, "up", &[plain('k'), key(Code::Up)], always)
        .only(READ)
        .also(&[(&[Layer::Filter], &[key(Code::Up)])]),
    action(Id::PageDown, "page-down", &[key(Code::PageDown)], always)
        .only(READ)
        .locally(&[(PAGES, &[plain(' ')]), (&[Place::Compare], &[plain(' ')])])
        .also(&[(&[Layer::Filter], &[key(Code::PageDown)])]),
    action(Id::PageUp, "page-up", &[key(Code::PageUp)], always)
        .only(READ)
        .also(&[(&[Layer::Filter], &[key(Code::PageUp)])]),
    action(Id::Back, "back", &[key(Code::F(2))], may_back)
        .only(ALONG)
        .at(6)
        .locally(&[(PAGES, &[plain('<'), key(Code::Left)])]),
    action(Id::Forward, "forward", &[key(Code::F(3))], may_forward)
        .only(ALONG)
        .at(6)
        .locally(&[(PAGES, &[plain('>'), key(Code::Right)])]),
    action(Id::Participants, "participants", &[plain('p')], always)
        .only(PANES)
        .at(10)
        .called("facilitator", turned),
    action(Id::Dismiss, "dismiss", &[key(Code::Esc)], has_toasts)
        .only(&[Place::Briefing, Place::Live, Place::Debrief, Place::Report, Place::Replay])
        .at(3),
    action(Id::Copy, "copy", &[plain('y')], always).only(PANES),
    action(Id::Themes, "themes", &[plain('T')], has_themes).everywhere(),
    action(Id::Help, "help", &[plain('?')], always).at(11).everywhere(),
    action(Id::Suspend, "suspend", &[Key::ctrl('z')], always).everywhere().also(&[
        (BUT_SCREEN_AND_HALTING, &[Key::ctrl('z')]),
        (&[Layer::Halting], &[Key::ctrl('z')]),
    ]),
    action(Id::LeaveWatch, "leave-watch", &[plain('Q')], may_leave_watch).only(PANES).at(10),
    action(Id::Quit, "quit", &[plain('q'), Key::ctrl('c')], always)
        .at(12)
        .needed()
        .everywhere()
        .also(&[(
            &[
                Layer::Typing,
                Layer::Completing,
                Layer::Help,
                Layer::Objectives,
                Layer::Themes,
                Layer::Filter,
                Layer::Reading,
                Layer::Picking,
            ],
            &[Key::ctrl('c')],
        )]),
];

/// Where the emergency stop and others are besides the screen itself.
const BUT_SCREEN_AND_HALTING: &[Layer] = &[
    Layer::Typing,
    Layer::Completing,
    Layer::Palette,
    Layer::Help,
    Layer::Objectives,
    Layer::Themes,
    Layer::Filter,
    Layer::Reading,
    Layer::Incidents,
    Layer::Board,
    Layer::Deck,
    Layer::Crew,
    Layer::Moments,
    Layer::Handover,
    Layer::Choosing,
    Layer::Declaring,
    Layer::Picking,
    Layer::Question,
    Layer::Answer,
];

/// An action of one layer that is the same in every place.
const fn within(
    id: ActionId,
    slug: &'static str,
    layers: &'static [Layer],
    keys: &'static [Key],
) -> Action {
    action(id, slug, keys, always).on(layers).everywhere()
}

const LINES: &[Layer] =
    &[Layer::Typing, Layer::Completing, Layer::Palette, Layer::Filter, Layer::Answer];
const LOG_LINE: &[Layer] = &[Layer::Typing, Layer::Completing];
const OFFERS: &[Layer] = &[Layer::Completing];
const LISTS: &[Layer] = &[
    Layer::Help,
    Layer::Objectives,
    Layer::Themes,
    Layer::Reading,
    Layer::Incidents,
    Layer::Board,
    Layer::Deck,
    Layer::Crew,
    Layer::Moments,
    Layer::Handover,
    Layer::Choosing,
];
const PEOPLE: &[Layer] =
    &[Layer::Incidents, Layer::Board, Layer::Deck, Layer::Crew, Layer::Choosing, Layer::Declaring];
const OVERLAYS: &[Layer] = &[Layer::Help, Layer::Objectives, Layer::Reading];
const PICKING: &[Layer] = &[Layer::Picking];
const ASKED: &[Layer] = &[Layer::Question, Layer::Answer];

/// What can be done in the layers above the screen itself, in the order of the help.
pub static ABOVE: &[Action] = &[
    within(Id::Write, "write", LOG_LINE, &[key(Code::Enter)]).at(1).needed(),
    within(Id::NextTeam, "next-team", &[Layer::Typing], &[key(Code::Tab)])
        .at(2)
        .also(&[(&[Layer::Palette], &[key(Code::BackTab)])]),
    within(Id::PreviousTeam, "previous-team", LOG_LINE, &[key(Code::BackTab)]),
    within(Id::StopWriting, "stop-writing", &[Layer::Typing], &[key(Code::Esc)]).at(3).needed(),
    within(Id::TakeOffer, "take-offer", OFFERS, &[key(Code::Tab)]).at(2),
    within(Id::OfferDown, "offer-down", OFFERS, &[key(Code::Down), Key::ctrl('n')]).at(3),
    within(Id::OfferUp, "offer-up", OFFERS, &[key(Code::Up), Key::ctrl('p')]).at(3),
    within(Id::CloseOffers, "close-offers", OFFERS, &[key(Code::Esc)]).at(4).needed(),
    within(Id::Choose, "choose", &[Layer::Palette], &[key(Code::Enter)]).at(1).needed(),
    within(Id::Complete, "complete", &[Layer::Palette], &[key(Code::Tab)]).at(2),
    within(Id::ChoiceDown, "choice-down", &[Layer::Palette], &[key(Code::Down), Key::ctrl('n')])
        .at(4),
    within(Id::ChoiceUp, "choice-up", &[Layer::Palette], &[key(Code::Up), Key::ctrl('p')]).at(4),
    within(Id::ClosePalette, "close-palette", &[Layer::Palette], &[key(Code::Esc), Key::ctrl('c')])
        .at(3)
        .needed(),
    within(Id::Edit(Edit::Undo), "undo", LINES, &[Key::ctrl('u'), Key::ctrl('_'), Key::ctrl('7')])
        .at(5),
    within(Id::Edit(Edit::Redo), "redo", LINES, &[Key::ctrl('r')]).at(6),
    within(Id::Edit(Edit::DeleteWord), "delete-word", LINES, &[Key::ctrl('w')]),
    within(Id::Edit(Edit::DeleteToEnd), "delete-to-end", LINES, &[Key::ctrl('k')]),
    within(Id::Edit(Edit::LineStart), "line-start", LINES, &[Key::ctrl('a')]),
    within(Id::Edit(Edit::LineEnd), "line-end", LINES, &[Key::ctrl('e')]),
    within(Id::OverlayDown, "overlay-down", LISTS, &[plain('j'), key(Code::Down)])
        .at(1)
        .also(&[(PICKING, &[plain('j'), key(Code::Down)])]),
    within(Id::OverlayUp, "overlay-up", LISTS, &[plain('k'), key(Code::Up)])
        .at(1)
        .also(&[(PICKING, &[plain('k'), key(Code::Up)])]),
    within(Id::OverlayPageDown, "overlay-page-down", LISTS, &[key(Code::PageDown), plain(' ')])
        .at(9)
        .also(&[(PICKING, &[key(Code::PageDown)])]),
    within(Id::OverlayPageUp, "overlay-page-up", LISTS, &[key(Code::PageUp)])
        .at(9)
        .also(&[(PICKING, &[key(Code::PageUp)])]),
    within(Id::KeepTheme, "keep-theme", &[Layer::Themes], &[key(Code::Enter)]).at(2).needed(),
    within(Id::ScoreMet, "score-met", &[Layer::Objectives], &[plain('m')]).at(2).asks(),
    within(Id::ScoreNotMet, "score-not-met", &[Layer::Objectives], &[plain('n')]).at(2).asks(),
    within(Id::Close, "close", OVERLAYS, &[key(Code::Esc), key(Code::Enter), plain('q')])
        .at(4)
        .needed()
        .also(&[
            (&[Layer::Help], &[plain('?')]),
            (&[Layer::Objectives], &[plain('o')]),
            (&[Layer::Reading], &[plain('<'), key(Code::Left)]),
            (&[Layer::Themes], &[key(Code::Esc), plain('q'), plain('T')]),
            (PEOPLE, &[key(Code::Esc), plain('q'), Key::ctrl('c')]),
            (
                &[Layer::Handover],
                &[key(Code::Esc), plain('q'), Key::ctrl('c'), plain('W'), key(Code::Enter)],
            ),
            (&[Layer::Incidents], &[plain('I')]),
            (&[Layer::Board], &[key(Code::Enter), plain('b')]),
            (&[Layer::Deck], &[plain('C')]),
            (&[Layer::Crew], &[plain('w')]),
            (&[Layer::Moments], &[key(Code::Esc), plain('q'), Key::ctrl('c'), plain('M')]),
        ]),
    within(Id::LeaveFilter, "leave-filter", &[Layer::Filter], &[key(Code::Esc)])
        .only(&[Place::Launcher])
        .at(2)
        .needed(),
    within(Id::Confirm, "confirm", ASKED, &[key(Code::Enter)])
        .at(1)
        .needed()
        .also(&[(&[Layer::Question], &[plain('y')])]),
    within(Id::Decline, "decline", ASKED, &[key(Code::Esc), Key::ctrl('c')])
        .at(2)
        .needed()
        .also(&[(&[Layer::Question], &[plain('n'), plain('q')])]),
    within(Id::ConfirmHalt, "confirm-halt", &[Layer::Halting], &[Key::ctrl('x'), key(Code::Enter)])
        .at(0)
        .needed(),
    within(Id::DeclineHalt, "decline-halt", &[Layer::Halting], &[key(Code::Esc)]).at(1),
];

/// Every action: those of the screen, then those of the layers above; each time those about people behind the others.
pub fn all() -> impl Iterator<Item = &'static Action> {
    let screen = ACTIONS.iter().chain(debrief::SCREEN).chain(people::SCREEN).chain(replay::SCREEN);
    let screen = screen.chain(compare::SCREEN).chain(relay::SCREEN);
    let above = ABOVE.iter().chain(debrief::ABOVE).chain(people::ABOVE).chain(relay::ABOVE);
    screen.chain(above)
}

/// An action by its name in the program.
pub fn find(id: ActionId) -> Option<&'static Action> {
    all().find(|action| action.id == id)
}
