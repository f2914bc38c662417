//! Everything a key can do, as one list of data: the footer, the help and the keymap are made from it. Not the doing.

use super::key::{Code, Key};
use super::possible::{
    always, halted, has_injections, has_log, has_objectives, held, load_by_hand, load_runs,
    may_halt, may_hold, may_inject, may_pull, may_revert, no_go, phase_runs, planned,
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
    /// Show the instruments, or what stands in their place.
    Instruments,
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
    /// In one or two words, for the footer.
    pub name: &'static str,
    /// In a sentence, for the help.
    pub description: &'static str,
    /// The keys that do it, unless a keymap says otherwise.
    pub keys: &'static [Key],
    /// Whether it can be done now; the reason where it cannot.
    pub when: fn(&State, &Ui) -> Result<(), &'static str>,
    /// Place in the footer, the lower the more important; `None`: only in the help.
    pub footer: Option<u8>,
    /// Whether a question comes first.
    pub asks: bool,
}

const fn action(
    id: ActionId,
    keys: &'static [Key],
    name: &'static str,
    description: &'static str,
    when: fn(&State, &Ui) -> Result<(), &'static str>,
) -> Action {
    Action { id, name, description, keys, when, footer: None, asks: false }
}

impl Action {
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
pub static ACTIONS: [Action; 25] = [
    action(
        Id::Halt,
        &[Key::ctrl('x')],
        "HALT ALL",
        "Emergency stop, from everywhere: load off, every fault reverted, nothing new starts",
        may_halt,
    )
    .at(0)
    .asks(),
    action(
        Id::Release,
        &[plain('R')],
        "release",
        "Release the emergency stop, with a reason",
        halted,
    )
    .at(1)
    .asks(),
    action(
        Id::Override,
        &[plain('g')],
        "go anyway",
        "Start in spite of a no-go, with a reason",
        no_go,
    )
    .at(1)
    .asks(),
    action(
        Id::Type,
        &[plain('i'), Key::plain(Code::Enter)],
        "write log",
        "Write to the log; !2 and a title opens an incident",
        always,
    )
    .at(2),
    action(
        Id::Hold,
        &[plain(' ')],
        "hold",
        "Stop the exercise clock; active faults keep running out, load stays",
        may_hold,
    )
    .at(3),
    action(Id::Resume, &[plain(' ')], "resume", "Let the exercise clock go on", held).at(3),
    action(
        Id::SelectNext,
        &[plain('j'), Key::plain(Code::Down)],
        "next fault",
        "Select the next injection",
        has_injections,
    ),
    action(
        Id::SelectPrevious,
        &[plain('k'), Key::plain(Code::Up)],
        "fault before",
        "Select the injection before",
        has_injections,
    ),
    action(
        Id::Inject,
        &[plain('x')],
        "inject",
        "Inject the selected fault now instead of at its time",
        may_inject,
    )
    .at(5)
    .asks(),
    action(Id::Revert, &[plain('r')], "revert", "Revert the selected fault now", may_revert)
        .at(4)
        .asks(),
    action(
        Id::Delay,
        &[plain('d')],
        "delay",
        "Delay the selected injection by a tenth of its phase, at most a minute",
        planned,
    )
    .at(9),
    action(
        Id::Cancel,
        &[plain('c')],
        "cancel",
        "Take the selected injection out of the exercise",
        planned,
    )
    .at(9)
    .asks(),
    action(
        Id::SkipPhase,
        &[plain('n')],
        "next phase",
        "End this phase now; its injections that have not started are skipped",
        phase_runs,
    )
    .at(6)
    .asks(),
    action(
        Id::Extend,
        &[plain('+')],
        "extend",
        "Give this phase a tenth more time, at most a minute",
        phase_runs,
    )
    .at(7),
    action(Id::LoadUp, &[plain(']')], "load +10%", "Raise the load by 10 %", load_runs).at(8),
    action(Id::LoadDown, &[plain('[')], "load -10%", "Lower the load by 10 %", load_runs).at(8),
    action(
        Id::LoadSet,
        &[plain('=')],
        "set load",
        "Set the load in requests per second",
        load_runs,
    )
    .asks(),
    action(
        Id::LoadPlan,
        &[plain('\\')],
        "load by plan",
        "Give the load back to the plan",
        load_by_hand,
    )
    .at(8),
    action(
        Id::Objectives,
        &[plain('o')],
        "objectives",
        "Show the objectives and score those that nothing measures",
        has_objectives,
    )
    .at(10),
    action(Id::LogBack, &[Key::plain(Code::PageUp)], "log back", "Scroll the log back", has_log),
    action(
        Id::LogForward,
        &[Key::plain(Code::PageDown)],
        "log forward",
        "Scroll the log forward, to the newest at last",
        has_log,
    ),
    action(
        Id::Lever,
        &[plain(':')],
        "lever",
        "Do something to the target as a team: scale, restart, promote, log, curl, …",
        may_pull,
    )
    .at(7),
    action(
        Id::Instruments,
        &[Key::plain(Code::Tab)],
        "instruments",
        "Show breakers, cache, replica, queue and security, or what else stands there",
        always,
    )
    .at(9),
    action(Id::Help, &[plain('?')], "help", "Show every key", always).at(11),
    action(
        Id::Quit,
        &[plain('q'), Key::ctrl('c')],
        "quit",
        "End the exercise (every fault is reverted), or leave when it has ended",
        always,
    )
    .at(12),
];

/// An action by its name in the program.
pub fn find(id: ActionId) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}
