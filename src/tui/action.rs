//! Everything a key can do, as one list of data: the footer, the help and the keymap are made from it. Not the doing.

use super::key::{Code, Key};
use super::pane::Pane;
use super::place::Place;
use super::possible::{
    always, halted, has_hidden, has_injections, has_log, has_objectives, held, load_by_hand,
    load_runs, may_halt, may_hide, may_hold, may_inject, may_pull, may_revert, may_zoom_in, no_go,
    phase_runs, pinned, planned, zoomed, zoomed_in,
};
use super::ui::Ui;
use crate::exercise::state::State;

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionId {
    /// Type into the log.
    Type,
    /// Stop the exercise clock.
    Hold,
    /// Let it go on.
    Resume,
    /// End the phase.
    SkipPhase,
    /// Give the phase more time.
    Extend,
    /// Select the next injection.
    SelectNext,
    /// Select the one before.
    SelectPrevious,
    /// Start the selected injection now.
    Inject,
    /// Delay the selected injection.
    Delay,
    /// Take the selected injection out.
    Cancel,
    /// Undo the selected injection.
    Revert,
    /// Ten percent more load.
    LoadUp,
    /// Ten percent less.
    LoadDown,
    /// Set the load.
    LoadSet,
    /// Give the load back to the plan.
    LoadPlan,
    /// Emergency stop.
    Halt,
    /// Release it.
    Release,
    /// Go on in spite of a no-go.
    Override,
    /// Show and score objectives.
    Objectives,
    /// Scroll the log back.
    LogBack,
    /// Scroll it forward.
    LogForward,
    /// Pull a lever.
    Lever,
    /// Focus the next pane.
    FocusNext,
    /// Focus the one before.
    FocusPrevious,
    /// Give the pane in focus the screen to itself, or give it back.
    Zoom,
    /// All panes beside each other.
    Together,
    /// Give this pane the screen to itself.
    Show(Pane),
    /// Hide the pane in focus.
    Hide,
    /// Hide none.
    ShowAll,
    /// Show less of the timeline, larger.
    TimelineIn,
    /// Show more of it.
    TimelineOut,
    /// Show what was before.
    TimelineLeft,
    /// Show what comes after.
    TimelineRight,
    /// Go along with the present.
    TimelineNow,
    /// Show every key.
    Help,
    /// End the exercise, or leave when it has ended.
    Quit,
}

/// One thing that can be done.
#[derive(Clone, Copy)]
pub struct Action {
    /// What.
    pub id: ActionId,
    /// Its name in keymap files and documents. The catalogues have it in one or two words as `action-<slug>`, and in
    /// a sentence as `action-<slug>-help`.
    pub slug: &'static str,
    /// Where.
    pub places: &'static [Place],
    /// The keys that do it, unless a keymap says otherwise.
    pub keys: &'static [Key],
    /// Whether it can be done now; where it cannot, the key of the reason in the catalogues.
    pub when: fn(&State, &Ui) -> Result<(), &'static str>,
    /// Place in the footer, the lower the more important; `None`: only in the help.
    pub footer: Option<u8>,
    /// Whether a question comes first.
    pub asks: bool,
}

const fn action(
    id: ActionId,
    slug: &'static str,
    keys: &'static [Key],
    when: fn(&State, &Ui) -> Result<(), &'static str>,
) -> Action {
    Action { id, slug, places: &[Place::Live], keys, when, footer: None, asks: false }
}

impl Action {
    /// The key of its short name in the catalogues.
    pub fn name_key(&self) -> String {
        format!("action-{}", self.slug)
    }

    /// The key of its description there.
    pub fn help_key(&self) -> String {
        format!("action-{}-help", self.slug)
    }

    const fn at(mut self, place: u8) -> Self {
        self.footer = Some(place);
        self
    }
    const fn asks(mut self) -> Self {
        self.asks = true;
        self
    }
}

const fn plain(one: char) -> Key {
    Key::char(one)
}

use ActionId as Id;

/// Every action, in the order of the help.
pub static ACTIONS: [Action; 42] = [
    action(Id::Halt, "halt", &[Key::ctrl('x')], may_halt).at(0).asks(),
    action(Id::Release, "release", &[plain('R')], halted).at(1).asks(),
    action(Id::Override, "override", &[plain('g')], no_go).at(1).asks(),
    action(Id::Type, "type", &[plain('i'), Key::plain(Code::Enter)], always).at(2),
    action(Id::Hold, "hold", &[plain(' ')], may_hold).at(3),
    action(Id::Resume, "resume", &[plain(' ')], held).at(3),
    action(Id::SelectNext, "select-next", &[plain('j'), Key::plain(Code::Down)], has_injections),
    action(
        Id::SelectPrevious,
        "select-previous",
        &[plain('k'), Key::plain(Code::Up)],
        has_injections,
    ),
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
    action(Id::Objectives, "objectives", &[plain('o')], has_objectives).at(10),
    action(Id::LogBack, "log-back", &[Key::plain(Code::PageUp)], has_log),
    action(Id::LogForward, "log-forward", &[Key::plain(Code::PageDown)], has_log),
    action(Id::Lever, "lever", &[plain(':')], may_pull).at(7),
    action(Id::FocusNext, "focus-next", &[Key::plain(Code::Tab)], always).at(9),
    action(Id::FocusPrevious, "focus-previous", &[Key::plain(Code::BackTab)], always),
    action(Id::Zoom, "zoom", &[plain('z')], always).at(9),
    action(Id::Together, "together", &[plain('0')], zoomed).at(5),
    action(Id::Show(Pane::Timeline), "show-timeline", &[plain('1')], always),
    action(Id::Show(Pane::Slos), "show-slos", &[plain('2')], always),
    action(Id::Show(Pane::Faults), "show-faults", &[plain('3')], always),
    action(Id::Show(Pane::Pods), "show-pods", &[plain('4')], always),
    action(Id::Show(Pane::Instruments), "show-instruments", &[plain('5')], always),
    action(Id::Show(Pane::Incidents), "show-incidents", &[plain('6')], always),
    action(Id::Show(Pane::Log), "show-log", &[plain('7')], always),
    action(Id::Hide, "hide", &[plain('H')], may_hide),
    action(Id::ShowAll, "show-all", &[plain('A')], has_hidden).at(9),
    action(Id::TimelineIn, "timeline-in", &[plain('>')], may_zoom_in),
    action(Id::TimelineOut, "timeline-out", &[plain('<')], zoomed_in),
    action(Id::TimelineLeft, "timeline-left", &[Key::plain(Code::Left)], zoomed_in),
    action(Id::TimelineRight, "timeline-right", &[Key::plain(Code::Right)], zoomed_in),
    action(Id::TimelineNow, "timeline-now", &[plain('.')], pinned),
    action(Id::Help, "help", &[plain('?')], always).at(11),
    action(Id::Quit, "quit", &[plain('q'), Key::ctrl('c')], always).at(12),
];

/// An action by its name in the program.
pub fn find(id: ActionId) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}
