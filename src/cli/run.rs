//! `gameday run`: everything put together for one exercise, and taken apart again whatever happens.

pub(super) mod access;
pub(super) mod arrangement;
mod desk;
mod ending;
mod headless;
mod monitoring;
mod on_call;
pub(super) mod preview;
pub(super) mod profile;
mod record;
mod screen;
mod silencing;
mod stage;
pub(super) mod target;
mod watch;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use super::args::Run;
use super::elsewhere::Note;
use super::find::{SHORTEST, find};
use super::memory;
use super::output::{complain, print};
use super::recover::sweep;
use super::signals::Signals;
use super::updates;
use crate::config::Folders;
use crate::engine::{Handle, start};
use crate::exercise::header::{FORMAT_VERSION, Header};
use crate::exercise::rehearsal::Rehearsal;
use crate::gameday::plan::{GameDay, Target};
use crate::port::clock::Clock;
use crate::port::feed::Feed;
use crate::recording::folder::has_ended;
use ending::{code, finished};
use monitoring::Monitoring;
use record::{create, named, random_seed};
use silencing::Silencing;
use target::cluster::Reached;
use target::{Bench, Beside, cluster};
pub(super) use watch::watch;

/// Runs an exercise; the exit code says how it went.
pub(super) async fn run(args: Run, folders: &Folders, clock: Arc<dyn Clock>) -> ExitCode {
    code(exercise(args, None, folders, clock).await)
}

/// Rehearses an exercise; the exit code says whether something is wrong with it.
pub(super) async fn rehearse(
    (args, rehearsal): (Run, Rehearsal),
    folders: &Folders,
    clock: Arc<dyn Clock>,
) -> ExitCode {
    code(exercise(args, Some(rehearsal), folders, clock).await)
}

/// Runs an exercise; gives how it went as an exit code.
///
/// # Errors
/// Why there is none, as text for people.
pub(super) async fn exercise(
    args: Run,
    rehearsal: Option<Rehearsal>,
    folders: &Folders,
    clock: Arc<dyn Clock>,
) -> Result<u8, String> {
    let mut plan = planned(&args, rehearsal, folders)?;
    let (bindings, looks) = screen::dressed(args.headless, &args.screen, folders)?;
    let seed = args.seed.unwrap_or_else(random_seed);
    let reached = cluster::reach(&plan, &args, folders, &*clock).await?;
    let ground = preview::Ground::of(reached.as_ref());
    let reach = (seed, args.blast_radius.into());
    if args.dry_run {
        let mut text = preview::describe(&plan, &ground, reach);
        if let Some(reached) = &reached {
            text.push_str(&preview::tried(&plan, &ground, seed, reached, clock).await);
        }
        print(&text).map_err(|error| error.to_string())?;
        return Ok(0);
    }
    preview::allowed(&plan, &ground, reach)?;
    let monitoring = Monitoring::ready(&mut plan, &args, folders, &*clock).await?;
    let silencing = Silencing::ready(&plan, &args, folders).await?;
    swept(reached.as_ref(), folders, &*clock).await;
    let server = silencing.as_ref().map(|one| one.silencer.server().to_owned());
    let header = Header { alertmanager: server, ..header(plan, seed, &args, rehearsal, &*clock) };
    let (recording, path) = create(&header, args.out.as_deref(), folders)?;
    let note = noted_outside(&args, &header, &path, folders)?;
    let signals =
        Signals::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
    let bench = Bench::default();
    let (gameday, exercise) = (header.plan.name.clone(), header.exercise.clone());
    let eyes = monitoring.map(|one| one.eyes(&header, Arc::clone(&clock)));
    let silencer = silencing.as_ref().map(|one| Arc::clone(&one.silencer));
    let beside = Beside { monitoring: eyes, silencer };
    let bringing = bench.bring(&header, folders, Arc::clone(&clock), beside, reached)?;
    let (handle, feed) = start(header, Box::new(recording), Arc::clone(&clock), bringing);
    if let Some(consent) = silencing.and_then(|one| one.consent()) {
        handle.orders().send(consent);
    }
    let (feed, desk) = desk::beside(feed, handle.orders());
    let feed = match rehearsal {
        Some(how) => on_call::beside(feed, handle.orders(), how),
        None => feed,
    };
    let door = bench.open_door(Arc::new(desk), handle.orders());
    let halts = bench.heed_halts(handle.orders());
    let (panes, drafts) = (folders.panes(), folders.drafts());
    let look = screen::Look {
        screen: &args.screen,
        looks,
        keep: memory::keeper(folders),
        bindings,
        path: &path,
        recordings: folders.recordings(),
        gameday,
        exercise,
        updates: updates::load(folders),
        panes: &panes,
        drafts: &drafts,
        stays_open: false,
    };
    let shown = show(args.headless, feed, &handle, clock, signals, look).await;
    let finish = handle.close().await;
    drop((door, halts));
    bench.clear().await;
    let code = finished(finish, shown, &path, args.screen.lang.unwrap_or_default());
    // One that has no end in its recording is the next start's to close.
    if let Some(note) = note.filter(|_| has_ended(&path)) {
        note.clear();
    }
    code
}

/// Before anything starts: a dead exercise's faults would be measured as this one's.
async fn swept(reached: Option<&Reached>, folders: &Folders, clock: &dyn Clock) {
    for swept in sweep(folders, clock).await {
        complain(&swept.text);
    }
    if let Some(reached) = reached {
        reached.sweep(clock).await;
    }
}

/// The plan as it is to be run.
fn planned(args: &Run, rehearsal: Option<Rehearsal>, folders: &Folders) -> Result<GameDay, String> {
    let lab = args.lab.map(Into::into);
    let name = args.name.as_deref().ok_or("say which game day to run")?;
    let mut plan = find(name, args.duration.as_deref(), lab, folders)?;
    runnable(&plan)?;
    match rehearsal {
        Some(_) if plan.target != Target::Lab => {
            return Err(format!(
                "{name}: a rehearsal breaks the lab only, and this game day is about something else; set target: lab"
            ));
        }
        // Nobody is called while a game day is rehearsed.
        Some(_) => plan.silences.clear(),
        None => silencing::typed(&mut plan, args)?,
    }
    match rehearsal {
        Some(how) => rehearsed(&plan, how.speed),
        None => Ok(plan),
    }
}

async fn show(
    headless: bool,
    feed: Feed,
    handle: &Handle,
    clock: Arc<dyn Clock>,
    signals: Signals,
    look: screen::Look<'_>,
) -> Result<(), String> {
    let orders = handle.orders();
    if headless {
        return headless::follow(feed, orders, signals).await.map_err(|error| error.to_string());
    }
    let origin = handle.origin();
    screen::show(feed, orders, clock, origin, signals, look).await
}

/// What this version can run, said before anything starts.
pub(super) fn runnable(plan: &GameDay) -> Result<(), String> {
    match &plan.target {
        Target::Lab | Target::Kubernetes(_) => Ok(()),
        Target::Url { url } => Err(format!(
            "target {url}: this version runs exercises on the lab and on Kubernetes only"
        )),
    }
}

/// The plan as it is rehearsed, if that is long enough to measure anything.
fn rehearsed(plan: &GameDay, speed: f64) -> Result<GameDay, String> {
    let short = plan.rehearsed(speed);
    if short.duration() < SHORTEST {
        let most = plan.duration().as_secs_f64() / SHORTEST.as_secs_f64();
        return Err(format!(
            "--speed {speed}: {} would last {} only, which is too short to measure anything; at most {most:.0}",
            plan.name,
            short.duration()
        ));
    }
    Ok(short)
}

fn header(
    plan: GameDay,
    seed: u64,
    args: &Run,
    rehearsal: Option<Rehearsal>,
    clock: &dyn Clock,
) -> Header {
    let began = clock.wall_millis();
    Header {
        gameday_recording: FORMAT_VERSION,
        program: concat!("gameday ", env!("CARGO_PKG_VERSION")).into(),
        exercise: named(&plan.name, began),
        began,
        seed,
        ceiling: args.blast_radius.into(),
        headless: args.headless,
        briefing: (!args.headless && !args.go).then(|| args.countdown.into()),
        drill: true,
        rehearsal,
        watch: None,
        alertmanager: None,
        plan,
    }
}

/// A recording outside the data folder is noted in it, for the next start.
fn noted_outside(
    args: &Run,
    header: &Header,
    path: &Path,
    folders: &Folders,
) -> Result<Option<Note>, String> {
    let note = args.out.as_ref().map(|_| Note::leave(folders, &header.exercise, path));
    note.transpose().map_err(|error| format!("cannot note where the recording is: {error}"))
}
