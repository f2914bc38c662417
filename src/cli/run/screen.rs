//! An exercise on the screen: the reports are written as soon as it has ended, and signals end it in order.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, watch};

use super::arrangement;
use crate::cli::drafts::{Drafts, Whose};
use crate::cli::earlier::earlier;
use crate::cli::signals::Signals;
use crate::cli::{args, beside, keys, looks, output, report};
use crate::config::Folders;
use crate::exercise::command::Command;
use crate::exercise::event::{Envelope, Event};
use crate::lang::Language;
use crate::port::clock::Clock;
use crate::port::feed::{Feed, FeedItem, Orders};
use crate::tui::bindings::Bindings;
use crate::tui::looks::Looks;
use crate::tui::shell::{self, Keep, Notice, Options};

/// How it looks, and what it is about.
pub(super) struct Look<'a> {
    /// How the screen was asked for.
    pub(super) screen: &'a args::Screen,
    /// What it wears.
    pub(super) looks: Looks,
    /// Keeps what is chosen at it.
    pub(super) keep: Arc<Keep>,
    /// Its keys; `None`: those of the program.
    pub(super) bindings: Option<Arc<Bindings>>,
    /// The recording.
    pub(super) path: &'a Path,
    /// Where recordings are, for what earlier exercises taught.
    pub(super) recordings: PathBuf,
    /// The game day that is played.
    pub(super) gameday: String,
    /// The name of this exercise.
    pub(super) exercise: String,
    /// The user's own template for status updates.
    pub(super) updates: Option<Arc<str>>,
    /// Where the arrangement of the panes is kept between runs.
    pub(super) panes: &'a Path,
    /// Where what is typed and not yet written is kept.
    pub(super) drafts: &'a Path,
    /// A signal leaves it open, to be taken up again, and does not end it.
    pub(super) stays_open: bool,
}

/// The keys and the looks that are asked for; without a screen nobody needs any.
///
/// # Errors
/// When there are none such, for people.
pub(super) fn dressed(
    headless: bool,
    screen: &args::Screen,
    folders: &Folders,
) -> Result<(Option<Arc<Bindings>>, Looks), String> {
    if headless {
        return Ok((None, Looks::default()));
    }
    Ok((keys::load(screen.keys.as_deref(), folders)?, looks::load(screen, folders)?))
}

/// Shows the exercise until the person leaves, the terminal is gone, or a signal came and everything is undone.
///
/// # Errors
/// When there is no terminal, or the screen failed; the exercise itself goes on until it is closed.
pub(super) async fn show(
    feed: Feed,
    orders: Arc<dyn Orders>,
    clock: Arc<dyn Clock>,
    origin: Duration,
    mut signals: Signals,
    look: Look<'_>,
) -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).ok();
    let theme = looks::plain_theme()?;
    let lang = looks::texts(look.screen.lang, &look.looks);
    let (notify, notices) = mpsc::unbounded_channel();
    let (leave, leaving) = watch::channel(false);
    let language = look.screen.lang.unwrap_or_default();
    let feed = reporting(feed, (look.path.to_owned(), language), notify.clone(), leaving);
    look_back(&look, notify.clone());
    let found = arrangement::read(look.panes);
    if let Err(why) = &found {
        drop(notify.send(Notice::Say(why.clone())));
    }
    let mut drafts = Drafts::open(look.drafts, Whose::Facilitator, &look.exercise);
    let told = notify.clone();
    let kept = drafts.keep(Arc::clone(&clock), move |why| {
        drop(told.send(Notice::Say(format!("what is typed cannot be kept: {why}"))));
    });
    let before = found.unwrap_or_default();
    let (panes, arranged) = watch::channel(before.clone());
    let options = Options {
        theme,
        looks: look.looks,
        keep: Some(look.keep),
        lang,
        manners: look.screen.manners(variable),
        bindings: look.bindings,
        updates: look.updates,
        write_down: Some(beside::writer(look.path)),
        by: "facilitator".into(),
        team: 0,
        origin,
        panes,
        left: drafts.left.clone(),
        drafts: kept,
        notices,
    };
    let screen = shell::run(feed, Arc::clone(&orders), clock, options);
    tokio::pin!(screen);
    loop {
        tokio::select! {
            left = &mut screen => {
                if let Err(why) = drafts.close().await {
                    output::complain(&why);
                }
                let arranged = arranged.borrow();
                if *arranged != before
                    && let Err(why) = arrangement::write(look.panes, &arranged)
                {
                    output::complain(&why);
                }
                return left.map(drop).map_err(|error| error.to_string());
            }
            name = signals.next() => {
                if look.stays_open {
                    return drafts.close().await;
                }
                let reason = "the program was told to end".into();
                orders.send(Command::End { by: name.into(), reason });
                drop(notify.send(Notice::Leave));
                leave.send_replace(true);
            }
        }
    }
}

/// Reads what earlier exercises taught on a thread of its own: there may be many, and long ones.
fn look_back(look: &Look<'_>, notify: mpsc::UnboundedSender<Notice>) {
    let (folder, name, exercise) =
        (look.recordings.clone(), look.gameday.clone(), look.exercise.clone());
    tokio::task::spawn_blocking(move || {
        let found = earlier(&folder, &name, &exercise);
        drop(notify.send(Notice::Earlier(found.exercises, found.problems)));
    });
}

/// The same feed; when the end goes by, the reports are written and the screen is told where. Where nobody is to be
/// waited for, the feed ends with the exercise.
fn reporting(
    feed: Feed,
    (path, language): (PathBuf, Language),
    notify: mpsc::UnboundedSender<Notice>,
    mut leaving: watch::Receiver<bool>,
) -> Feed {
    let (sender, tail) = mpsc::unbounded_channel();
    let Feed { snapshot, tail: mut source } = feed;
    tokio::spawn(async move {
        let mut ended = false;
        loop {
            let item = tokio::select! {
                item = source.recv() => item,
                Ok(_) = leaving.wait_for(|leave| *leave), if ended => return,
            };
            let Some(item) = item else { return };
            let is_end = |envelope: &Envelope| matches!(envelope.event, Event::Ended { .. });
            let ends = matches!(&item, FeedItem::Event(envelope) if is_end(envelope));
            if sender.send(item).is_err() {
                return;
            }
            if ends {
                ended = true;
                drop(notify.send(written(path.clone(), language).await));
            }
        }
    });
    Feed { snapshot, tail }
}

/// Writes the reports; what became of it, for the screen.
async fn written(path: PathBuf, language: Language) -> Notice {
    match tokio::task::spawn_blocking(move || report::write(&path, language)).await {
        Ok(Ok(written)) => {
            let files = written.files.iter().map(|file| file.display().to_string());
            Notice::Report(files.chain(written.problem).collect())
        }
        Ok(Err(why)) => Notice::Say(why),
        Err(why) => Notice::Say(why.to_string()),
    }
}
