//! What the door wants of the screen, and what they have to say to each other. Not the loop.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::watch;

use crate::lang::Lang;
use crate::report::earlier::Exercise;
use crate::tui::bindings::Bindings;
use crate::tui::looks::Looks;
use crate::tui::manners::Manners;
use crate::tui::pane::Panes;
use crate::tui::theme::Theme;

/// Keeps a value under a name; where it cannot, the reason.
pub type Keep = dyn Fn(&str, &str) -> Result<(), String> + Send + Sync;

/// Writes a text into a file beside the recording, whose name ends so; gives its path, or why it could not.
pub type WriteDown = dyn Fn(&str, &str) -> Result<String, String> + Send + Sync;

/// What the door wants of the screen.
pub struct Options {
    /// How it looks where there is no theme to choose.
    pub theme: Theme,
    /// The themes to choose from, for the depth of this terminal, and the signs it can show.
    pub looks: Looks,
    /// Keeps what was chosen for the next start: a name, and what is kept under it.
    pub keep: Option<Arc<Keep>>,
    /// What it says, in which language.
    pub lang: Lang,
    /// What it does besides with the terminal.
    pub manners: Manners,
    /// Its keys; `None`: those of the list of actions.
    pub bindings: Option<Arc<Bindings>>,
    /// The user's own template for status updates; `None`: ours.
    pub updates: Option<Arc<str>>,
    /// Writes files beside the recording; `None`: there is none here.
    pub write_down: Option<Arc<WriteDown>>,
    /// The name of the person before it, in events.
    pub by: String,
    /// The team that types at first, as an index into the plan's teams.
    pub team: usize,
    /// Where the recording's time begins on the clock.
    pub origin: Duration,
    /// How the panes are arranged; says so when that changes.
    pub panes: watch::Sender<Panes>,
    /// Lines that an earlier screen left: they are typed again.
    pub left: Vec<String>,
    /// Is told everything that is typed and not seen to be written, whenever that changes.
    pub drafts: watch::Sender<Vec<String>>,
    /// What the door has to say while the screen is open.
    pub notices: UnboundedReceiver<Notice>,
}

/// What the door has to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// The report is written; each line names a file.
    Report(Vec<String>),
    /// What earlier exercises of the same game day taught, and what of them could not be read.
    Earlier(Vec<Exercise>, Vec<String>),
    /// A word to the person.
    Say(String),
    /// Nobody is to be waited for: leave as soon as the feed has ended (a signal came).
    Leave,
}

/// Why the screen was left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The person left. The exercise may still be closing.
    Left,
    /// The feed ended before the exercise did, or after [`Notice::Leave`].
    FeedEnded,
    /// The terminal is gone.
    TerminalLost,
}
