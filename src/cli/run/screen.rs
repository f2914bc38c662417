//! An exercise on the screen: the reports are written as soon as it has ended, and signals end it in order.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use super::signals::Signals;
use crate::cli::report;
use crate::exercise::command::Command;
use crate::exercise::event::Event;
use crate::exercise::fold::apply;
use crate::exercise::judge::judge_all;
use crate::exercise::state::State;
use crate::port::clock::Clock;
use crate::port::feed::{Feed, FeedItem, Orders};
use crate::tui::shell::{self, Notice, Options};
use crate::tui::theme::{Depth, Theme};
use crate::tui::ui::Verdict;

/// How it looks, and what it is about.
pub(super) struct Look<'a> {
    /// The name of the theme.
    pub(super) theme: &'a str,
    /// The recording.
    pub(super) path: &'a Path,
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
    let theme = Theme::named(look.theme, Depth::detect(|name| std::env::var(name).ok()))
        .map_err(|error| error.to_string())?;
    let (notify, notices) = mpsc::unbounded_channel();
    let feed = reporting(feed, look.path.to_owned(), notify.clone());
    let options = Options {
        theme,
        by: "facilitator".into(),
        origin,
        fold: apply,
        judge: Arc::new(verdicts),
        notices,
    };
    let screen = shell::run(feed, Arc::clone(&orders), clock, options);
    tokio::pin!(screen);
    loop {
        tokio::select! {
            left = &mut screen => return left.map(drop).map_err(|error| error.to_string()),
            name = signals.next() => {
                // The screen leaves once the end is on it; whoever has no patience sends the signal again.
                let reason = "the program was told to end".into();
                orders.send(Command::End { by: name.into(), reason });
                drop(notify.send(Notice::Leave));
            }
        }
    }
}

fn verdicts(state: &State) -> Vec<Verdict> {
    judge_all(state)
        .into_iter()
        .map(|verdict| Verdict {
            word: verdict.answer.word().to_owned(),
            evidence: verdict.evidence,
        })
        .collect()
}

/// The same feed; when the end goes by, the reports are written and the screen is told where.
fn reporting(feed: Feed, path: std::path::PathBuf, notify: mpsc::UnboundedSender<Notice>) -> Feed {
    let (sender, tail) = mpsc::unbounded_channel();
    let Feed { snapshot, tail: mut source } = feed;
    tokio::spawn(async move {
        while let Some(item) = source.recv().await {
            let ended = matches!(&item, FeedItem::Event(envelope) if matches!(envelope.event, Event::Ended { .. }));
            if sender.send(item).is_err() {
                return;
            }
            if ended {
                let path = path.clone();
                let written = tokio::task::spawn_blocking(move || report::write(&path)).await;
                let notice = match written {
                    Ok(Ok(written)) => Notice::Report(
                        written.files.iter().map(|file| file.display().to_string()).collect(),
                    ),
                    Ok(Err(why)) => Notice::Say(why),
                    Err(why) => Notice::Say(why.to_string()),
                };
                drop(notify.send(notice));
            }
        }
    });
    Feed { snapshot, tail }
}
