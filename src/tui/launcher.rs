//! The launcher: what can be run and read, what is chosen, and what keys do there. Not where it comes from, and not its
//! drawing.

pub mod marks;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::action::ActionId;
use super::answer::Outcome;
use super::key::Key;
use super::layer::Layer;
use super::mouse::{Did, Hits, Mouse};
use super::place::{Chosen, Counter, Place};
use super::ui::Ui;
use super::{palette, update};
use crate::exercise::blast::Ceiling;
use crate::exercise::event::Outcome as Ending;
use crate::exercise::state::State;
use crate::gameday::span::Span;

/// How many lines of a text a page is, and a turn of the wheel.
const PAGE: isize = 15;
const WHEEL: isize = 3;

/// A game day that can be asked for.
#[derive(Clone, Debug)]
pub struct Day {
    /// The name that runs it.
    pub name: String,
    /// Where it comes from, as a key of the catalogues.
    pub from: &'static str,
    /// What is in it; `Err`: its problems, as text for people.
    pub plan: Result<Ready, String>,
}

/// What is in a game day.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The state before it begins.
    pub state: State,
    /// What it would do, as text.
    pub does: String,
    /// What was found when it was checked that does not keep it from running.
    pub warnings: Vec<String>,
    /// What has to be allowed for it.
    pub needs: Ceiling,
}

/// A recording.
#[derive(Clone, Debug)]
pub struct Record {
    /// Its file.
    pub path: String,
    /// The game day's name; empty where it cannot be read.
    pub name: String,
    /// Its title.
    pub title: String,
    /// When it began, in milliseconds since 1970.
    pub began: i64,
    /// It is of a rehearsal, in which nobody took part.
    pub rehearsal: bool,
    /// What came of it.
    pub result: Came,
}

/// What came of a recorded exercise.
#[derive(Clone, Debug)]
pub enum Came {
    /// It is over.
    Over {
        /// How it ended; `None`: the recording stops before the end.
        outcome: Option<Ending>,
        /// Whether nothing is against its objectives.
        met: bool,
        /// Its objectives in words.
        objectives: String,
        /// How long it ran on its own clock.
        ran: Span,
    },
    /// Some program writes it now.
    Running,
    /// Why it cannot be read.
    Unreadable(String),
}

/// The recordings.
#[derive(Clone, Debug, Default)]
pub enum Records {
    /// They are being read.
    #[default]
    Reading,
    /// Newest first, and how many older ones were left out.
    Read(Vec<Record>, usize),
    /// Why there is no looking at them.
    Failed(String),
}

/// Everything the launcher shows.
#[derive(Debug)]
pub struct Launcher {
    /// The game days by name.
    pub days: Vec<Day>,
    /// The recordings.
    pub records: Records,
    /// What is shown where nothing is chosen.
    pub empty: State,
    /// What is allowed without asking.
    pub ceiling: Ceiling,
}

/// One row of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// A game day.
    Day(usize),
    /// A recording.
    Record(usize),
}

/// A text that is read in the launcher.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// Its name.
    pub title: String,
    /// What it says.
    pub body: String,
    /// Whether it is Markdown.
    pub markdown: bool,
    /// Lines left out above.
    pub top: usize,
}

/// What belongs to this person alone; kept while an exercise runs.
#[derive(Debug, Default)]
pub struct Desk {
    /// The screen's own state.
    pub ui: Ui,
    /// Which of the rows shown is chosen.
    pub at: usize,
    /// What is being read.
    pub text: Option<Text>,
    /// Running it would reach further than is allowed; this is asked for.
    pub asks: Option<(usize, Ceiling)>,
}

/// What a key asks for beyond the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// Run this game day; so much has to be allowed.
    Run(String, Ceiling),
    /// Replay this recording.
    Replay(String),
    /// Show the report of this recording.
    Report(String),
    /// Compare these recordings, with the first of them.
    Compare(Vec<String>),
    /// Leave.
    Leave,
    /// Let the shell have the terminal for a while.
    Suspend,
    /// Keep this for the next start, under a name.
    Remember(&'static str, String),
}

/// The rows that the filter leaves: the best first where something is typed.
pub fn rows(launcher: &Launcher, desk: &Desk) -> Vec<Row> {
    let records = match &launcher.records {
        Records::Read(records, _) => records.as_slice(),
        _ => &[],
    };
    let all = (0..launcher.days.len()).map(Row::Day).chain((0..records.len()).map(Row::Record));
    let typed = desk.ui.filter.joined();
    if typed.is_empty() {
        return all.collect();
    }
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(&typed, CaseMatching::Ignore, Normalization::Smart);
    let mut scored: Vec<(u32, Row)> = all
        .filter_map(|row| {
            let words = match row {
                Row::Day(index) => launcher.days.get(index).map(|day| {
                    let title = day.plan.as_ref().map_or("", |ready| &ready.state.plan().title);
                    format!("{} {title}", day.name)
                })?,
                Row::Record(index) => {
                    let record = records.get(index)?;
                    let file = record.path.rsplit('/').next().filter(|_| record.name.is_empty());
                    format!("{} {} {}", record.name, record.title, file.unwrap_or_default())
                }
            };
            let mut buffer = Vec::new();
            let score = pattern.score(Utf32Str::new(&words, &mut buffer), &mut matcher)?;
            Some((score, row))
        })
        .collect();
    // Game days before recordings, and each by how well it fits; equals stay in order.
    scored.sort_by_key(|(score, row)| (matches!(row, Row::Record(_)), std::cmp::Reverse(*score)));
    scored.into_iter().map(|(_, row)| row).collect()
}

/// The chosen row.
pub fn chosen(launcher: &Launcher, desk: &Desk) -> Option<Row> {
    let rows = rows(launcher, desk);
    rows.get(desk.at.min(rows.len().saturating_sub(1))).copied()
}

/// The chosen recording; `None`: none is.
fn record<'a>(launcher: &'a Launcher, desk: &Desk) -> Option<&'a Record> {
    match (chosen(launcher, desk)?, &launcher.records) {
        (Row::Record(index), Records::Read(records, _)) => records.get(index),
        _ => None,
    }
}

/// The state that the chosen one is shown with.
pub fn shown<'a>(launcher: &'a Launcher, desk: &Desk) -> &'a State {
    let day = match chosen(launcher, desk) {
        Some(Row::Day(index)) => launcher.days.get(index),
        _ => None,
    };
    day.and_then(|day| day.plan.as_ref().ok()).map_or(&launcher.empty, |ready| &ready.state)
}

/// Says what keys may do with what is chosen now. Called before each key and each drawing.
pub fn settle(launcher: &Launcher, desk: &mut Desk) {
    desk.ui.place = Place::Launcher;
    desk.ui.counter = match desk.ui.counter {
        _ if desk.asks.is_some() => Counter::Reach,
        _ if desk.text.is_some() => Counter::Text,
        Counter::Filter => Counter::Filter,
        _ => Counter::Free,
    };
    let count = rows(launcher, desk).len();
    desk.at = desk.at.min(count.saturating_sub(1));
    if let Records::Read(records, _) = &launcher.records {
        desk.ui.marks.keep(|path| records.iter().any(|record| record.path == path));
    }
    let path = record(launcher, desk).map(|record| record.path.as_str());
    desk.ui.marks.choose(path);
    desk.ui.chosen = match chosen(launcher, desk) {
        None => Chosen::Nothing,
        Some(Row::Record(_)) => Chosen::Recording,
        Some(Row::Day(index)) => match launcher.days.get(index).map(|day| day.plan.is_ok()) {
            Some(true) => Chosen::GameDay,
            _ => Chosen::Broken,
        },
    };
}

/// Takes a key press.
pub fn press(key: Key, launcher: &Launcher, desk: &mut Desk) -> Option<Wish> {
    settle(launcher, desk);
    let typed = desk.ui.filter.joined();
    let outcomes = update::press(key, shown(launcher, desk), &mut desk.ui);
    if desk.ui.filter.joined() != typed {
        desk.at = 0;
    }
    follow(outcomes, launcher, desk)
}

/// Takes what the mouse did; `hits` is what it can reach.
pub fn mouse(mouse: Mouse, launcher: &Launcher, desk: &mut Desk, hits: &Hits) -> Option<Wish> {
    settle(launcher, desk);
    if desk.ui.layer() == Layer::Reading
        && let Some(text) = &mut desk.text
        && let Some(by) = match mouse.did {
            Did::WheelUp => Some(-WHEEL),
            Did::WheelDown => Some(WHEEL),
            _ => None,
        }
    {
        scroll(text, by);
        return None;
    }
    let outcomes = update::mouse(mouse, shown(launcher, desk), &mut desk.ui, hits);
    follow(outcomes, launcher, desk)
}

/// What a press or a click led to; what only an exercise could do is left out.
fn follow(outcomes: Vec<Outcome>, launcher: &Launcher, desk: &mut Desk) -> Option<Wish> {
    let mut wish = None;
    for outcome in outcomes {
        match outcome {
            Outcome::Launcher(id) => wish = act(id, launcher, desk).or(wish),
            Outcome::Row(row) => {
                desk.at = row;
                leave_filter(desk);
            }
            Outcome::Leave => wish = Some(Wish::Leave),
            Outcome::Suspend => wish = Some(Wish::Suspend),
            Outcome::Remember(name, value) => wish = Some(Wish::Remember(name, value)),
            Outcome::Send(_)
            | Outcome::Open { .. }
            | Outcome::Copy
            | Outcome::Give { .. }
            | Outcome::WriteDown { .. }
            | Outcome::Tell { .. }
            | Outcome::Turn
            | Outcome::Replay(_) => {}
        }
    }
    wish
}

/// Takes a pasted text.
pub fn paste(text: &str, desk: &mut Desk) {
    if desk.ui.palette {
        palette::paste(text, &mut desk.ui);
    } else if desk.ui.layer() == Layer::Filter {
        desk.ui.filter.paste(&text.replace(['\n', '\r'], " "));
        desk.at = 0;
    }
}

fn read(by: isize, desk: &mut Desk) {
    if let Some(text) = &mut desk.text {
        scroll(text, by);
    }
}

fn scroll(text: &mut Text, by: isize) {
    let most = text.body.lines().count().saturating_mul(4);
    text.top = text.top.saturating_add_signed(by).min(most);
}

/// What is typed stays; keys act again.
fn leave_filter(desk: &mut Desk) {
    if desk.ui.counter == Counter::Filter {
        desk.ui.counter = Counter::Free;
    }
}

fn act(id: ActionId, launcher: &Launcher, desk: &mut Desk) -> Option<Wish> {
    let count = rows(launcher, desk).len();
    let moved = |at: usize, by: isize| at.saturating_add_signed(by).min(count.saturating_sub(1));
    leave_filter(desk);
    match id {
        ActionId::Down => desk.at = moved(desk.at, 1),
        ActionId::Up => desk.at = moved(desk.at, -1),
        ActionId::PageDown => desk.at = moved(desk.at, 10),
        ActionId::PageUp => desk.at = moved(desk.at, -10),
        ActionId::Filter => desk.ui.counter = Counter::Filter,
        ActionId::ClearFilter | ActionId::LeaveFilter => {
            desk.ui.filter.clear();
            desk.at = 0;
        }
        ActionId::OverlayDown => read(1, desk),
        ActionId::OverlayUp => read(-1, desk),
        ActionId::OverlayPageDown => read(PAGE, desk),
        ActionId::OverlayPageUp => read(-PAGE, desk),
        ActionId::Close => desk.text = None,
        ActionId::Decline => desk.asks = None,
        ActionId::Confirm => {
            let (index, needs) = desk.asks.take()?;
            return launcher.days.get(index).map(|day| Wish::Run(day.name.clone(), needs));
        }
        ActionId::Plan => desk.text = plan(launcher, desk),
        ActionId::MarkRecording => {
            let record = record(launcher, desk)?;
            desk.ui.marks.toggle(&record.path, record.began);
        }
        ActionId::Compare => {
            return Some(Wish::Compare(desk.ui.marks.paths().map(str::to_owned).collect()));
        }
        ActionId::Launch | ActionId::Report => match chosen(launcher, desk)? {
            Row::Record(_) => {
                let path = record(launcher, desk)?.path.clone();
                return Some(match id {
                    ActionId::Report => Wish::Report(path),
                    _ => Wish::Replay(path),
                });
            }
            Row::Day(index) => {
                let day = launcher.days.get(index)?;
                let needs = day.plan.as_ref().ok()?.needs;
                if needs > launcher.ceiling {
                    desk.asks = Some((index, needs));
                    return None;
                }
                return Some(Wish::Run(day.name.clone(), launcher.ceiling));
            }
        },
        _ => {}
    }
    None
}

fn plan(launcher: &Launcher, desk: &Desk) -> Option<Text> {
    let Row::Day(index) = chosen(launcher, desk)? else { return None };
    let day = launcher.days.get(index)?;
    let body = day.plan.as_ref().ok()?.does.clone();
    Some(Text { title: day.name.clone(), body, ..Text::default() })
}
