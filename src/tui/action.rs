//! Everything a key can do, as one list of data: the footer, the help and the keymap are made from it. Not the doing.

use super::key::{Code, Key};
use super::place::Place;
use super::possible::{
    always, halted, has_injections, has_log, has_objectives, held, load_by_hand, load_runs,
    may_halt, may_hold, may_inject, may_pull, may_revert, no_go, phase_runs, planned,
};
use super::ui::Ui;
use super::ways::{
    may_back, may_forward, may_go, may_hold_briefing, may_launch, may_plan, may_report, may_score,
};
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
    /// End the briefing.
    Go,
    /// Let the briefing wait.
    HoldBriefing,
    /// The next place on the way.
    Forward,
    /// The place before.
    Back,
    /// A line down, or the next one.
    Down,
    /// A line up, or the one before.
    Up,
    /// A page down.
    PageDown,
    /// A page up.
    PageUp,
    /// The next part of the debrief.
    NextPart,
    /// The selected objective is met.
    Met,
    /// It is not.
    NotMet,
    /// Write a lesson.
    Lesson,
    /// Run the chosen game day, or show the chosen recording's report.
    Launch,
    /// Show what the chosen game day would do.
    Plan,
    /// Show the report.
    Report,
    /// Choose by typing.
    Filter,
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

    const fn only(mut self, places: &'static [Place]) -> Self {
        self.places = places;
        self
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

/// Where an exercise is.
const WAY: &[Place] = &[Place::Briefing, Place::Live, Place::Debrief, Place::Report];
/// Where something is read.
const READ: &[Place] = &[Place::Launcher, Place::Briefing, Place::Debrief, Place::Report];
const EVERYWHERE: &[Place] =
    &[Place::Launcher, Place::Briefing, Place::Live, Place::Debrief, Place::Report];

const fn plain(one: char) -> Key {
    Key::char(one)
}

use ActionId as Id;

/// Every action, in the order of the help.
pub static ACTIONS: [Action; 41] = [
    action(Id::Halt, "halt", &[Key::ctrl('x')], may_halt).only(WAY).at(0).asks(),
    action(Id::Go, "go", &[plain('g')], may_go).only(&[Place::Briefing]).at(1),
    action(Id::Release, "release", &[plain('R')], halted).at(1).asks(),
    action(Id::Override, "override", &[plain('g')], no_go)
        .only(&[Place::Briefing, Place::Live])
        .at(1)
        .asks(),
    action(Id::HoldBriefing, "hold-briefing", &[plain('h')], may_hold_briefing)
        .only(&[Place::Briefing])
        .at(2),
    action(Id::Type, "type", &[plain('i'), Key::plain(Code::Enter)], always)
        .only(&[Place::Briefing, Place::Live, Place::Debrief])
        .at(2),
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
    action(Id::Objectives, "objectives", &[plain('o')], has_objectives)
        .only(&[Place::Live, Place::Debrief])
        .at(10),
    action(Id::LogBack, "log-back", &[Key::plain(Code::PageUp)], has_log),
    action(Id::LogForward, "log-forward", &[Key::plain(Code::PageDown)], has_log),
    action(Id::Lever, "lever", &[plain(':')], may_pull).at(7),
    action(Id::Instruments, "instruments", &[Key::plain(Code::Tab)], always).at(9),
    action(Id::Launch, "launch", &[Key::plain(Code::Enter)], may_launch)
        .only(&[Place::Launcher])
        .at(1),
    action(Id::Plan, "plan", &[plain('p')], may_plan).only(&[Place::Launcher]).at(2),
    action(Id::Report, "report", &[plain('r'), Key::plain(Code::Enter)], may_report)
        .only(&[Place::Launcher])
        .at(2),
    action(Id::Filter, "filter", &[plain('/')], always).only(&[Place::Launcher]).at(3),
    action(Id::Met, "met", &[plain('m')], may_score).only(&[Place::Debrief]).at(3).asks(),
    action(Id::NotMet, "not-met", &[plain('n')], may_score).only(&[Place::Debrief]).at(3).asks(),
    action(Id::Lesson, "lesson", &[plain('l')], always).only(&[Place::Debrief]).at(4),
    action(Id::NextPart, "next-part", &[Key::plain(Code::Tab)], always)
        .only(&[Place::Debrief])
        .at(5),
    action(Id::Down, "down", &[plain('j'), Key::plain(Code::Down)], always).only(READ),
    action(Id::Up, "up", &[plain('k'), Key::plain(Code::Up)], always).only(READ),
    action(Id::PageDown, "page-down", &[Key::plain(Code::PageDown), plain(' ')], always).only(READ),
    action(Id::PageUp, "page-up", &[Key::plain(Code::PageUp)], always).only(READ),
    action(Id::Forward, "forward", &[plain('>'), Key::plain(Code::Right)], may_forward)
        .only(WAY)
        .at(6),
    action(Id::Back, "back", &[plain('<'), Key::plain(Code::Left)], may_back).only(WAY).at(7),
    action(Id::Help, "help", &[plain('?')], always).only(EVERYWHERE).at(11),
    action(Id::Quit, "quit", &[plain('q'), Key::ctrl('c')], always).only(EVERYWHERE).at(12),
];

/// An action by its name in the program.
pub fn find(id: ActionId) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.id == id)
}
