//! What belongs to this screen alone: selection, drafts, open dialogues. Not the exercise, and not the drawing.

use std::sync::Arc;

use ratatui::layout::Position;

use super::action::id::ActionId;
use super::bindings::Bindings;
use super::chooser::Chooser;
use super::compare::Compare;
use super::debrief::learnt::Learnt;
use super::dialog::Dialog;
use super::draft::Draft;
use super::key::Key;
use super::launcher::marks::Marks;
use super::layer::Layer;
use super::ledger::Ledger;
use super::looks::Looks;
use super::offers::Offers;
use super::pane::{Pane, Panes};
use super::pending::Pending;
use super::picking::Picking;
use super::place::{Chosen, Counter, PLACES, Place};
use super::relay::tongue::Tongue;
use super::replay::Replay;
pub use super::says::Says;
use super::toast::Toasts;
use super::totals::Totals;
use super::window::Window;
use crate::exercise::board::{Board, board};
use crate::exercise::judge::Verdict;
use crate::exercise::state::State;

/// Whether keys act or type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// Keys act.
    #[default]
    Acting,
    /// Keys type into the log's line.
    Typing,
}

/// Something laid over the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overlay {
    /// Every key, from this line on.
    Help { top: usize },
    /// The objectives, with one selected.
    Objectives { selected: usize },
    /// The themes to choose from, and which was in force before.
    Themes { before: usize },
    /// The incidents and what asks for one, with one selected.
    Incidents { selected: usize },
    /// The score board: a page of it, a row selected, so many teams left out on the left.
    Board { page: usize, selected: usize, from: usize },
    /// The deck and the hints, with one selected.
    Deck { selected: usize },
    /// People, teams and roles, with one selected.
    Crew { selected: usize },
    /// The moments that were pinned, with one selected.
    Moments { selected: usize },
    /// The handover, from this line on.
    Handover { top: usize },
    /// The question whether something real happened.
    Real,
}

/// A word to the person before the screen, until the next key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// What it says.
    pub says: Says,
    /// Whether something did not work.
    pub bad: bool,
}

/// What was chosen in the palette.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recent {
    /// An action.
    Action(ActionId),
    /// A lever, as it was typed.
    Lever(String),
}

/// The screen's own state.
#[derive(Debug, Default)]
pub struct Ui {
    /// Where on the way through the exercise.
    pub place: Place,
    /// Whether keys act or type.
    pub mode: Mode,
    /// The person's name in events.
    pub by: String,
    /// The selected injection.
    pub selected: usize,
    /// The team that types, as an index into the plan's teams.
    pub team: usize,
    /// The line being typed.
    pub draft: Draft,
    /// The log shows what came before this index; `None`: the newest.
    pub log_end: Option<usize>,
    /// What is laid over.
    pub overlay: Option<Overlay>,
    /// What is to be chosen, over that.
    pub chooser: Option<Chooser>,
    /// The score board, reckoned once for each change while it is shown.
    pub board: Option<Board>,
    /// The list that is picked from.
    pub picking: Option<Picking>,
    /// The open question.
    pub dialog: Option<Dialog>,
    /// The halt asks for its confirming key. Lies over everything and changes nothing below.
    pub halting: bool,
    /// It is the participants' view at the facilitator's own screen.
    pub turned: bool,
    /// Ctrl-Z was pressed: the terminal goes to the shell as soon as everything is undone.
    pub suspending: bool,
    /// A word to the person.
    pub notice: Option<Notice>,
    /// What went wrong lately.
    pub toasts: Toasts,
    /// Why the recording cannot be written.
    pub trouble: Option<String>,
    /// How the objectives stand, as many as planned, once they are shown.
    pub verdicts: Vec<Verdict>,
    /// Where the report is, once it is written.
    pub report: Vec<String>,
    /// The palette is open.
    pub palette: bool,
    /// What is typed there.
    pub lever: Draft,
    /// The chosen line of the palette.
    pub choice: usize,
    /// What was chosen in the palette so far, the newest first.
    pub recent: Vec<Recent>,
    /// The names of each action in the language of the screen, a line each, for finding it.
    pub labels: Vec<(ActionId, String)>,
    /// The keys in force; `None`: those of the list of actions.
    pub bindings: Option<Arc<Bindings>>,
    /// How it is told to others.
    pub tongue: Tongue,
    /// Where the mouse button went down that is still down.
    pub pressed: Option<Position>,
    /// Keys of a chord that is not complete.
    pub begun: Vec<Key>,
    /// Which panes are shown, and how.
    pub panes: Panes,
    /// The stretch of time that the timeline shows.
    pub window: Window,
    /// What the instruments said so far, in sum.
    pub totals: Totals,
    /// What every promise has cost so far.
    pub ledger: Ledger,
    /// What the screen wears.
    pub looks: Looks,
    /// How far each place is scrolled: lines left out above.
    pub tops: [usize; PLACES.len()],
    /// The recording that is replayed; `None`: the exercise is live.
    pub replay: Option<Replay>,
    /// What is compared; `None`: nothing is.
    pub compare: Option<Compare>,
    /// What was learned, and where in it one is.
    pub learnt: Learnt,
    /// The countdown of the briefing was stopped here.
    pub stopped: bool,
    /// What is chosen in the launcher.
    pub chosen: Chosen,
    /// What takes the keys there before the list.
    pub counter: Counter,
    /// What is typed there to choose.
    pub filter: Draft,
    /// The recordings that are marked there.
    pub marks: Marks,
    /// Lines handed over and not yet seen to be taken; refused, they go back to the draft.
    pub unconfirmed: Vec<Pending>,
    /// Candidates for the word that is typed into the log's line.
    pub offers: Offers,
}

impl Ui {
    /// A fresh screen for the person `by`.
    pub fn new(by: impl Into<String>) -> Self {
        Self { by: by.into(), ..Self::default() }
    }

    /// Arranges it for participants: they have no faults to look at.
    pub fn for_participants(&mut self) {
        self.panes.bar(Pane::Faults);
    }

    /// The place that is shown: of a recording the one it has come to.
    pub fn page(&self) -> Place {
        match &self.replay {
            Some(replay) if self.place == Place::Replay => replay.page,
            // What participants saw of a recording, before it is told where it is.
            None if self.place == Place::Replay => Place::Live,
            _ => self.place,
        }
    }

    /// What takes the keys.
    pub fn layer(&self) -> Layer {
        if self.halting {
            return Layer::Halting;
        }
        if let Some(dialog) = &self.dialog {
            return if dialog.answer.is_some() { Layer::Answer } else { Layer::Question };
        }
        if self.palette {
            return Layer::Palette;
        }
        if self.chooser.is_some() {
            return Layer::Choosing;
        }
        if self.picking.is_some() {
            return Layer::Picking;
        }
        match self.overlay {
            Some(Overlay::Help { .. }) => Layer::Help,
            Some(Overlay::Objectives { .. }) => Layer::Objectives,
            Some(Overlay::Themes { .. }) => Layer::Themes,
            Some(Overlay::Incidents { .. }) => Layer::Incidents,
            Some(Overlay::Board { .. }) => Layer::Board,
            Some(Overlay::Deck { .. }) => Layer::Deck,
            Some(Overlay::Crew { .. }) => Layer::Crew,
            Some(Overlay::Moments { .. }) => Layer::Moments,
            Some(Overlay::Handover { .. }) => Layer::Handover,
            Some(Overlay::Real) => Layer::Declaring,
            None if self.place == Place::Launcher => match self.counter {
                Counter::Reach => Layer::Question,
                Counter::Text => Layer::Reading,
                Counter::Filter => Layer::Filter,
                Counter::Free => Layer::Screen,
            },
            None if self.mode == Mode::Typing && self.offers.is_empty() => Layer::Typing,
            None if self.mode == Mode::Typing => Layer::Completing,
            None => Layer::Screen,
        }
    }

    /// Whether the question that takes the keys is the launcher's.
    pub fn asks_reach(&self) -> bool {
        self.layer() == Layer::Question && self.dialog.is_none()
    }

    /// Takes what was measured into what is kept added up.
    pub fn catch_up(&mut self, state: &State) {
        self.totals.catch_up(&state.readings);
        self.ledger.catch_up(state);
    }

    /// Reckons the score board anew where it is shown: called after something happened that is no measurement, for no
    /// time on it depends on those.
    pub fn reckon(&mut self, state: &State) {
        let shown = matches!(self.overlay, Some(Overlay::Board { .. }));
        self.board = shown.then(|| board(state));
    }

    /// Says that something worked, or is so.
    pub fn say(&mut self, says: impl Into<Says>) {
        self.notice = Some(Notice { says: says.into(), bad: false });
    }

    /// Says that something did not work.
    pub fn complain(&mut self, says: impl Into<Says>) {
        self.notice = Some(Notice { says: says.into(), bad: true });
    }
}
