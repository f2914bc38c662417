//! `gameday` on a terminal: fills the launcher from files, runs what is chosen, and comes back. Not its drawing.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use color_eyre::eyre::{Result, eyre};
use serde::Deserialize;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::args::{Cli, Run, Screen, Verb};
use super::library::{self, Entry, Origin};
use super::manifests::fill;
use super::run::{self, preview, runnable};
use super::signals::Signals;
use super::{blank, compare, keys, looks, memory, plan, replay, report};
use crate::config::Folders;
use crate::exercise::blast::Ceiling;
use crate::exercise::event::Outcome;
use crate::gameday::problem::show::render;
use crate::gameday::read::inspect;
use crate::gameday::span::Span;
use crate::gameday::text::plain_lines;
use crate::lang::Language;
use crate::port::clock::Clock;
use crate::recording::file::is_live;
use crate::recording::folder::Folder;
use crate::recording::input::Input;
use crate::recording::read::{Reader, Trust};
use crate::tui::launcher::{Came, Day, Desk, Launcher, Ready, Record, Records, Text, Wish};
use crate::tui::palette;
use crate::tui::shell::launcher::{Left, Looks, News, run as show};
use crate::tui::ui::Ui;

/// So many recordings are shown.
const MOST: usize = 200;

/// Shows the launcher until the person leaves.
pub(super) async fn launcher(
    folders: &Folders,
    clock: Arc<dyn Clock>,
    looks: Screen,
    here: &Path,
) -> Result<ExitCode> {
    let variable = |name: &str| std::env::var(name).ok();
    let theme = looks::plain_theme().map_err(|why| eyre!(why))?;
    let worn = looks::load(&looks, folders).map_err(|why| eyre!(why))?;
    let bindings = keys::load(looks.keys.as_deref(), folders).map_err(|why| eyre!(why))?;
    let lang = looks::texts(looks.lang, &worn);
    let keep = memory::keeper(folders);
    let ceiling = arguments("", None, &looks)?.blast_radius.into();
    let mut launcher = Launcher {
        days: days(here, folders, &*clock),
        records: Records::Reading,
        empty: blank::empty(&*clock).map_err(|why| eyre!(why))?,
        ceiling,
    };
    let labels = palette::labels(&lang);
    let ui = Ui { labels, bindings, looks: worn, ..Ui::new("facilitator") };
    let mut desk = Desk { ui, ..Desk::default() };
    let (sender, mut news) = unbounded_channel();
    leave_on_signals(sender.clone())?;
    loop {
        look_for_records(folders.recordings(), sender.clone());
        let manners = looks.manners(variable);
        let looks_now = Looks { theme: &theme, lang: &lang, manners, keep: &*keep };
        match show(&mut launcher, &mut desk, looks_now, &mut news).await? {
            Left::Gone | Left::Wish(Wish::Leave | Wish::Suspend | Wish::Remember(..)) => {
                return Ok(ExitCode::SUCCESS);
            }
            Left::Wish(Wish::Report(path)) => {
                make_report(PathBuf::from(path), lang.language(), sender.clone());
            }
            Left::Wish(Wish::Replay(path)) => {
                let shown = Path::new(&path);
                let told = replay::replay(shown, true, &looks, folders, Arc::clone(&clock)).await;
                if let Err(why) = told {
                    let title = path.rsplit('/').next().unwrap_or_default().to_owned();
                    desk.text = Some(Text { title, body: plain_lines(&why), ..Text::default() });
                }
            }
            Left::Wish(Wish::Compare(paths)) => {
                if let Err(why) = compare::screen::open(paths, &looks, folders, &*clock).await {
                    let title = lang.say("compare-heading").into_owned();
                    desk.text = Some(Text { title, body: plain_lines(&why), ..Text::default() });
                }
            }
            Left::Wish(Wish::Run(name, reach)) => {
                let args = arguments(&name, Some(reach), &looks)?;
                if let Err(why) = run::exercise(args, None, folders, Arc::clone(&clock)).await {
                    let body = plain_lines(&why);
                    desk.text = Some(Text { title: name, body, ..Text::default() });
                }
            }
        }
    }
}

/// The arguments with which a game day is run from here: as if they were typed, so the environment counts; the screen stays as it
/// was asked for.
fn arguments(name: &str, reach: Option<Ceiling>, looks: &Screen) -> Result<Run> {
    let mut words = vec!["gameday".to_owned(), "run".into(), name.into()];
    if let Some(reach) = reach {
        words.extend(["--blast-radius".to_owned(), reach.to_string()]);
    }
    match Cli::try_parse_from(words)?.command {
        Some(Verb::Run(run)) => Ok(Run { screen: looks.clone(), ..run }),
        _ => Err(eyre!("{name} cannot be run")),
    }
}

fn leave_on_signals(news: UnboundedSender<News>) -> Result<()> {
    let mut signals = Signals::listen()?;
    tokio::spawn(async move {
        signals.next().await;
        drop(news.send(News::Leave));
    });
    Ok(())
}

fn days(here: &Path, folders: &Folders, clock: &dyn Clock) -> Vec<Day> {
    let entries = library::entries(here, Some(&folders.gamedays()));
    entries.iter().map(|entry| day(entry, clock)).collect()
}

fn day(entry: &Entry, clock: &dyn Clock) -> Day {
    let from = match entry.origin {
        Origin::Here => "launcher-from-here",
        Origin::User => "launcher-from-user",
        Origin::BuiltIn => "launcher-built-in",
    };
    Day { name: entry.name.clone(), from, plan: ready(entry, clock) }
}

fn ready(entry: &Entry, clock: &dyn Clock) -> Result<Ready, String> {
    let (text, file) = library::load(entry)?;
    let (found, problems) = inspect(&text, &file);
    let Some(mut day) = found else { return Err(render(&problems, &text, &file)) };
    fill(&mut day, &file)?;
    runnable(&day)?;
    let mut warnings: Vec<String> = problems.iter().map(ToString::to_string).collect();
    let (needs, cannot) = preview::needs(&day, 0);
    warnings.extend(cannot);
    let does = plan::plan(&day);
    Ok(Ready { does, warnings, needs, state: blank::state(day, clock) })
}

/// Reads the recordings' results on a thread of its own; there may be many.
fn look_for_records(folder: PathBuf, news: UnboundedSender<News>) {
    tokio::task::spawn_blocking(move || {
        let records = match Folder::at(&folder).list() {
            Ok(paths) => {
                let more = paths.len().saturating_sub(MOST);
                Records::Read(paths.iter().take(MOST).map(|path| record(path)).collect(), more)
            }
            Err(error) => Records::Failed(format!("{}: {error}", folder.display())),
        };
        drop(news.send(News::Records(records)));
    });
}

fn record(path: &Path) -> Record {
    let shown = path.display().to_string();
    let header = Input::open(path).and_then(|input| Reader::new(input, Trust::Anyway));
    let header = match header {
        Ok(reader) => reader.header().clone(),
        Err(error) => {
            return Record {
                path: shown,
                name: String::new(),
                title: String::new(),
                began: 0,
                rehearsal: false,
                result: Came::Unreadable(error.to_string()),
            };
        }
    };
    let result = if is_live(path).unwrap_or(false) { Came::Running } else { came(path) };
    Record {
        path: shown,
        name: header.plan.name.clone(),
        title: header.plan.title.clone(),
        began: header.began,
        rehearsal: header.rehearsal.is_some(),
        result,
    }
}

/// What of a report in JSON says what came of it.
#[derive(Deserialize)]
struct Short {
    ending: Option<Ending>,
    overall: Overall,
    ran: Ran,
}

#[derive(Deserialize)]
struct Ending {
    outcome: String,
}

#[derive(Deserialize)]
struct Overall {
    objectives_met: bool,
    words: String,
}

#[derive(Deserialize)]
struct Ran {
    running_ms: u64,
}

/// By the report beside the recording, else by the recording itself.
fn came(path: &Path) -> Came {
    let beside = std::fs::read(report::beside(path, "json")).ok();
    let short = beside.and_then(|bytes| serde_json::from_slice::<Short>(&bytes).ok());
    let short = short.map_or_else(
        || {
            let said = report::run(path, report::Format::Json, Language::English, true);
            if !said.success {
                return Err(said.notes);
            }
            serde_json::from_str::<Short>(&said.text).map_err(|error| error.to_string())
        },
        Ok,
    );
    match short {
        Err(why) => Came::Unreadable(why),
        Ok(Short { ending, overall, ran }) => Came::Over {
            outcome: ending.and_then(|ending| outcome(&ending.outcome)),
            met: overall.objectives_met,
            objectives: overall.words,
            ran: Span::from_millis(ran.running_ms),
        },
    }
}

/// The outcome that a report has these words for.
fn outcome(words: &str) -> Option<Outcome> {
    let word = words.replace(' ', "-");
    serde_json::from_value(serde_json::Value::String(word)).ok()
}

/// Makes the report of a recording anew, on a thread of its own.
fn make_report(path: PathBuf, language: Language, news: UnboundedSender<News>) {
    tokio::task::spawn_blocking(move || {
        let said = report::run(&path, report::Format::Markdown, language, true);
        drop(news.send(if said.success {
            let title = path.display().to_string();
            News::Report(Text { title, body: said.text, markdown: true, top: 0 })
        } else {
            News::Problem(said.notes)
        }));
    });
}
