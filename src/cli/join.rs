//! `gameday join`: what participants may see of an exercise that runs on this machine, on a screen of its own. What they
//! may see is decided where the exercise runs; nothing else comes through its socket.

mod guest;

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::args::Join;
use super::ctl::author;
use super::drafts::{Drafts, Whose};
use super::running::{Running, running};
use super::signals::Signals;
use super::words::{Audience, Reply, Request, Wish};
use super::{keys, looks, memory, updates};
use crate::config::Folders;
use crate::exercise::header::Header;
use crate::exercise::participant::{self, line};
use crate::gameday::problem::{nearest, suggestion};
use crate::gameday::text::{plain, printable};
use crate::port::clock::Clock;
use crate::port::feed::{Feed, FeedItem};
use crate::tui::pane::Panes;
use crate::tui::shell::{self, Exit, Notice, Options};
use guest::Guest;

/// An exercise must begin to tell within so long.
const PATIENCE: Duration = Duration::from_secs(10);

/// Joins and shows it until the person leaves or the exercise is over.
///
/// # Errors
/// When there is no such exercise, it cannot be joined, there is no terminal, or the exercise is gone before its end.
pub(super) async fn join(
    args: Join,
    folders: &Folders,
    clock: Arc<dyn Clock>,
) -> Result<(), String> {
    let bindings = keys::load(args.screen.keys.as_deref(), folders)?;
    let found = running(&folders.labs()).await;
    let exercise = choose(&found, args.exercise.as_deref())?;
    let variable = |name: &str| std::env::var(name).ok();
    let looks = looks::load(&args.screen, folders)?;
    let theme = looks::plain_theme()?;
    let lang = looks::texts(args.screen.lang, &looks);
    let (header, lines) = enter(&exercise.socket).await?;
    let team = team(&header, args.team.as_deref())?;
    let clock: Arc<dyn Clock> = Arc::new(Since::of(&header, clock));
    let (sender, tail) = mpsc::unbounded_channel();
    let orders = Arc::new(Guest::new(exercise.socket.clone(), sender.clone()));
    let feed = Feed { snapshot: participant::begin(header), tail };
    tokio::spawn(listen(lines, sender));
    let (notify, notices) = mpsc::unbounded_channel();
    let mut drafts = Drafts::open(&folders.drafts(), Whose::Participants, &exercise.id);
    let kept = drafts.keep(Arc::clone(&clock), move |why| {
        drop(notify.send(Notice::Say(format!("what is typed cannot be kept: {why}"))));
    });
    let options = Options {
        theme,
        looks,
        keep: Some(memory::keeper(folders)),
        lang,
        manners: args.screen.manners(variable),
        bindings,
        updates: updates::load(folders),
        // The recording is where the exercise runs.
        write_down: None,
        by: author(),
        team,
        origin: Duration::ZERO,
        panes: watch::channel(Panes::default()).0,
        left: drafts.left.clone(),
        drafts: kept,
        notices,
    };
    let mut signals =
        Signals::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
    let screen = shell::run(feed, orders, clock, options);
    tokio::pin!(screen);
    let left = tokio::select! {
        left = &mut screen => Some(left),
        _ = signals.next() => None,
    };
    let closed = drafts.close().await;
    let Some(left) = left else { return closed };
    match left.map_err(|error| error.to_string())? {
        Exit::Left | Exit::TerminalLost => closed,
        Exit::FeedEnded => Err("the exercise ended before it said so".to_owned()),
    }
}

/// The exercise that is meant: its name, or a part of it that no other has.
fn choose<'a>(found: &'a [Running], wanted: Option<&str>) -> Result<&'a Running, String> {
    // A lab that runs alone has nothing to join.
    let all: Vec<&Running> = found.iter().filter(|one| !one.id.starts_with("lab-")).collect();
    let names =
        |of: &[&Running]| of.iter().map(|one| one.id.clone()).collect::<Vec<_>>().join(", ");
    let Some(wanted) = wanted else {
        return match all.as_slice() {
            [] => Err("no exercise runs here; start one with `gameday run NAME`".to_owned()),
            [only] => Ok(only),
            _ => Err(format!("several exercises run; say which one: {}", names(&all))),
        };
    };
    let exact = all.iter().find(|one| one.id == wanted);
    let close: Vec<&Running> = match exact {
        Some(one) => vec![one],
        None => all.iter().copied().filter(|one| one.id.contains(wanted)).collect(),
    };
    match close.as_slice() {
        [only] => Ok(only),
        [] => {
            let near = nearest(wanted, all.iter().map(|one| one.id.as_str()));
            let mend = match near {
                Some(near) => format!("did you mean {near}?"),
                None if all.is_empty() => {
                    let name = printable(wanted, 100);
                    format!("start it in another terminal with `gameday run {name}`")
                }
                None => format!("those that run: {}", names(&all)),
            };
            Err(format!("no exercise \"{}\" runs here; {mend}", printable(wanted, 100)))
        }
        several => Err(format!("several exercises are meant: {}", names(several))),
    }
}

/// The place of the team that types first.
fn team(header: &Header, wanted: Option<&str>) -> Result<usize, String> {
    let teams: Vec<&str> = header.plan.teams.iter().map(String::as_str).collect();
    let Some(wanted) = wanted else { return Ok(0) };
    teams.iter().position(|team| *team == wanted).ok_or_else(|| {
        let what = format!("there is no team \"{}\"", printable(wanted, 40));
        format!("{what}; {}", suggestion(wanted, &teams))
    })
}

type Told = Lines<BufReader<OwnedReadHalf>>;

/// Comes in: what the exercise is, and what it tells from there.
async fn enter(socket: &Path) -> Result<(Header, Told), String> {
    let gone = |error: io::Error| format!("the exercise does not answer: {error}");
    let request =
        Request { wish: Wish::Join(Audience::Participants), team: None, author: author() };
    let mut request = serde_json::to_vec(&request).map_err(|error| error.to_string())?;
    request.push(b'\n');
    let stream = UnixStream::connect(socket).await.map_err(gone)?;
    let (reader, mut writer) = stream.into_split();
    writer.write_all(&request).await.map_err(gone)?;
    // It stays open for as long as the reader does.
    writer.forget();
    let mut lines = BufReader::new(reader).lines();
    let first = timeout(PATIENCE, lines.next_line())
        .await
        .map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?
        .map_err(gone)?
        .ok_or_else(|| "the exercise ended before it answered".to_owned())?;
    match line::read(&first) {
        Ok(line::Line::Header(header)) => Ok((*header, lines)),
        Ok(_) => Err("the exercise did not say what it is".to_owned()),
        Err(error) => Err(match serde_json::from_str::<Reply>(&first) {
            Ok(reply) => plain(&reply.said),
            Err(_) => format!("the answer cannot be read: {error}"),
        }),
    }
}

/// Takes what is told to the screen, until there is no more.
async fn listen(mut lines: Told, sender: mpsc::UnboundedSender<FeedItem>) {
    while let Ok(Some(text)) = lines.next_line().await {
        let item = match line::read(&text) {
            Ok(line::Line::Plan(plan)) => FeedItem::Revealed(plan),
            Ok(line::Line::Event(envelope)) => FeedItem::Event(Arc::new(*envelope)),
            Ok(line::Line::Header(_)) => continue,
            Err(error) => {
                let why = format!("something cannot be read: {error}").into();
                FeedItem::Refused { why, of: None }
            }
        };
        if sender.send(item).is_err() {
            return;
        }
    }
}

/// A clock that began with the exercise.
struct Since {
    clock: Arc<dyn Clock>,
    /// What the clock showed, and how old the recording was then.
    joined: Duration,
    age: Duration,
}

impl Since {
    fn of(header: &Header, clock: Arc<dyn Clock>) -> Self {
        let since = u64::try_from(clock.wall_millis() - header.began).unwrap_or_default();
        let joined = clock.monotonic();
        Self { clock, joined, age: Duration::from_millis(since) }
    }
}

impl Clock for Since {
    fn monotonic(&self) -> Duration {
        self.clock.monotonic().saturating_sub(self.joined) + self.age
    }

    fn wall_millis(&self) -> i64 {
        self.clock.wall_millis()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::blank;
    use crate::gameday::read::inspect;

    struct At(Duration, i64);

    impl Clock for At {
        fn monotonic(&self) -> Duration {
            self.0
        }

        fn wall_millis(&self) -> i64 {
            self.1
        }
    }

    #[test]
    fn time_counts_from_the_beginning_of_the_recording_whatever_the_clock_shows() {
        let plan = inspect("phases: [{ name: one, duration: 5m }]", "x.yaml").0.unwrap();
        let at = |monotonic, wall| Arc::new(At(Duration::from_secs(monotonic), wall));
        for monotonic in [0, 7, 3_155_760_000] {
            let clock = at(monotonic, 1_000_000);
            let mut header = (*blank::state(plan.clone(), &*clock).header).clone();
            header.began = 1_000_000 - 65_000;
            let since = Since::of(&header, clock);
            assert_eq!(since.monotonic(), Duration::from_secs(65), "{monotonic}");
        }
    }

    #[test]
    fn the_exercise_that_is_meant_is_found_or_it_is_said_why_not() {
        for (ids, wanted, want) in [
            (&["1-black-friday-a", "lab-7"][..], None, Ok("1-black-friday-a")),
            (&["lab-7"], None, Err("no exercise runs here; start one with `gameday run NAME`")),
            (&["1-a", "2-b"], None, Err("several exercises run; say which one: 1-a, 2-b")),
            (&["1-a", "2-b"], Some("b"), Ok("2-b")),
            (&["1-a", "1-ab"], Some("1-a"), Ok("1-a")),
            (&["1-ax", "1-ab"], Some("1-a"), Err("several exercises are meant: 1-ax, 1-ab")),
            (
                &["1-a"],
                Some("zzzzzz"),
                Err("no exercise \"zzzzzz\" runs here; those that run: 1-a"),
            ),
            (
                &[],
                Some("x"),
                Err(
                    "no exercise \"x\" runs here; start it in another terminal with `gameday run x`",
                ),
            ),
        ] {
            let found: Vec<_> = ids
                .iter()
                .map(|id| Running { id: (*id).to_owned(), socket: "/x".into() })
                .collect();
            let got = choose(&found, wanted).map(|one| one.id.as_str());
            assert_eq!(got, want.map_err(str::to_owned), "{ids:?} {wanted:?}");
        }
    }
}
