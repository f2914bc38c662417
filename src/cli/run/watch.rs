//! `gameday watch`: a real system on the screen of an exercise, with nothing in hands that could touch it.

mod again;
mod choose;
mod files;
mod servers;
mod what;

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use self::again::Begun;
use self::servers::Servers;
use self::what::What;
use super::ending::{code, finished};
use super::{desk, headless, record, screen};
use crate::cli::args::Watch as Args;
use crate::cli::door::Door;
use crate::cli::output::{complain, print};
use crate::cli::signals::Signals;
use crate::cli::{memory, updates};
use crate::config::Folders;
use crate::engine::{self, Finish};
use crate::exercise::command::Command;
use crate::exercise::header::{FORMAT_VERSION, Header};
use crate::exercise::state::State;
use crate::exercise::watch::{Short, Watch};
use crate::gameday::matcher::Matcher;
use crate::gameday::plan::{GameDay, Limit, Target, Traffic};
use crate::gameday::service::promql;
use crate::gameday::span::Span;
use crate::gameday::text::plain;
use crate::lab::Place;
use crate::metrics::catalogue;
use crate::metrics::explore::explore;
use crate::metrics::offer::offers;
use crate::metrics::reach;
use crate::metrics::schedule::Pace;
use crate::metrics::watcher::Watcher;
use crate::port::clock::Clock;
use crate::port::feed::Orders;
use crate::port::source::Source as _;
use crate::tui::looks::Looks;

/// Steps of the time before are no shorter: nobody looks at every second of an hour.
const SHORTEST_STEP: Span = Span::from_secs(15);

/// Watches; the exit code says how it went.
pub(in crate::cli) async fn watch(
    args: Args,
    folders: &Folders,
    clock: Arc<dyn Clock>,
) -> ExitCode {
    code(watched(args, folders, clock).await)
}

async fn watched(args: Args, folders: &Folders, clock: Arc<dyn Clock>) -> Result<u8, String> {
    let (bindings, looks) = screen::dressed(args.headless, &args.screen, folders)?;
    let servers = Servers::of(&args, folders, &clock)?;
    let begun = match &args.resume {
        Some(file) => again::taken_up(file.as_deref(), &folders.recordings(), &*clock)?,
        None => anew(&args, folders, (&servers, &looks), &*clock).await?,
    };
    let Begun { state, recording, before } = begun;
    let path = recording.path().to_owned();
    let signals =
        Signals::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
    let (gameday, exercise) = (state.plan().name.clone(), state.header.exercise.clone());
    let eyes = eyes(&args, &state, servers, before, Arc::clone(&clock))?;
    let goes_on = state.watching.since.is_some();
    let (handle, feed) = engine::watch(state, Box::new(recording), Arc::clone(&clock), &eyes);
    let orders = handle.orders();
    if goes_on {
        orders.send(Command::WatchIsTakenUp);
    }
    end_after(args.lasting, Arc::clone(&orders));
    let (feed, desk) = desk::beside(feed, Arc::clone(&orders));
    let place = Place::create(&folders.labs(), &exercise);
    let door = place.as_ref().map_err(ToString::to_string).and_then(|place| {
        Door::open(place.path(), Arc::new(desk)).map_err(|error| error.to_string())
    });
    if let Err(why) = &door {
        complain(&plain(&format!("it cannot be joined from other terminals: {why}")));
    }
    let panes = folders.panes();
    let look = screen::Look {
        screen: &args.screen,
        looks,
        keep: memory::keeper(folders),
        bindings,
        path: &path,
        recordings: folders.recordings(),
        gameday,
        exercise,
        panes: &panes,
        drafts: &folders.drafts(),
        stays_open: true,
        updates: updates::load(folders),
    };
    let shown = if args.headless {
        headless::follow(feed, orders, signals).await.map_err(|error| error.to_string())
    } else {
        screen::show(feed, orders, clock, handle.origin(), signals, look).await
    };
    let finish = handle.leave().await;
    drop(door);
    if matches!(&finish, Ok(finish) if finish.state.outcome.is_none()) {
        return left_open(finish?, shown, &path);
    }
    finished(finish, shown, &path, args.screen.lang.unwrap_or_default())
}

/// Says how a watch that has no end is taken up again.
fn left_open(finish: Finish, shown: Result<(), String>, path: &Path) -> Result<u8, String> {
    shown?;
    if let Some(lost) = finish.unwritten {
        return Err(format!("{lost}: {}", path.display()));
    }
    let path = plain(&path.display().to_string());
    print(&format!("the watch is open; take it up again with: gameday watch --resume {path}"))
        .map_err(|error| error.to_string())?;
    Ok(0)
}

/// Ends a watch that is to last so long.
fn end_after(lasting: Option<Duration>, orders: Arc<dyn Orders>) {
    if let Some(lasting) = lasting {
        tokio::spawn(async move {
            tokio::time::sleep(lasting).await;
            let reason = format!("{} are over", Span::from(lasting)).as_str().into();
            orders.send(Command::End { by: "gameday".into(), reason });
        });
    }
}

/// Who looks.
fn eyes(
    args: &Args,
    state: &State,
    servers: Servers,
    before: Span,
    clock: Arc<dyn Clock>,
) -> Result<Watcher, String> {
    let watch = state.header.watch.clone().ok_or("this is a recording of an exercise, no watch")?;
    let least = before.scaled(1.0 / 240.0);
    let step = Span::from_secs(least.max(SHORTEST_STEP).as_millis().div_ceil(1_000));
    let began = state.watching.since.map_or_else(|| clock.wall_millis(), |since| since.wall);
    Ok(Watcher {
        source: servers.source,
        alerts: servers.alerts,
        clock,
        watch,
        pace: Pace { interval: Span::from(args.every), ..Pace::default() },
        before,
        gap: again::LONGEST_GAP,
        step,
        began,
        seed: state.header.seed,
    })
}

/// A new watch.
async fn anew(
    args: &Args,
    folders: &Folders,
    (servers, looks): (&Servers, &Looks),
    clock: &dyn Clock,
) -> Result<Begun, String> {
    let what = chosen(args, folders, (servers, looks), clock).await?;
    if what.panels.is_empty() {
        return Err(format!(
            "{}: nothing of its metrics is known to this program: say what to watch with --file",
            servers.place(args)
        ));
    }
    if let Some(path) = &args.save {
        complain(&plain(&what.save(path, Span::from(args.every))?));
    }
    let before = Span::from(args.before);
    let short = short(servers, &what, clock).await;
    let header = header(args, (what, short), servers, clock, before);
    let recording = record::create(&header, args.out.as_deref(), folders)?.0;
    Ok(Begun { state: State::new(Arc::new(header)), recording, before })
}

/// The services of which less is known than their period; says so.
async fn short(servers: &Servers, what: &What, clock: &dyn Clock) -> Vec<Short> {
    let Some(prometheus) = servers.prometheus.as_ref().filter(|_| !what.services.is_empty()) else {
        return Vec::new();
    };
    let now = clock.wall_millis();
    let short = reach::short(prometheus, &what.services, now).await;
    for one in &short {
        let Some(service) = what.services.get(one.service) else { continue };
        if let Some(said) = one.said(service.period, now) {
            let (name, period) = (&service.name, promql(service.period));
            let why =
                format!("{name}: the budget is over {period}, and {said}: it is of that alone");
            complain(&plain(&why));
        }
    }
    short
}

/// What is to be watched, from files, or from what the metrics offer.
async fn chosen(
    args: &Args,
    folders: &Folders,
    (servers, looks): (&Servers, &Looks),
    clock: &dyn Clock,
) -> Result<What, String> {
    let mut limits: Vec<Limit> =
        args.slo.iter().map(|text| what::limit(text)).collect::<Result<_, _>>()?;
    let only: Vec<Matcher> =
        args.only.iter().map(|text| what::only(text)).collect::<Result<_, _>>()?;
    let mut found = What::default();
    let files = match (args.file.as_slice(), &servers.file) {
        ([], Some(file)) => std::slice::from_ref(file),
        (files, _) => files,
    };
    for file in files {
        limits.extend(files::add(file, folders, &mut found)?);
    }
    for probe in &args.probe {
        found.add_probe(probe)?;
    }
    // Files that say what to watch are enough; limits of a game day, or typed ones, are on what is offered.
    if args.kubernetes.is_some() {
        let workloads = servers.cluster.workloads().await.map_err(|error| error.to_string())?;
        if workloads.is_empty() {
            complain(&plain(&format!("{}: no workload is there", servers.cluster.place())));
        }
        workloads.iter().try_for_each(|workload| found.add_workload(workload))?;
    }
    let nothing = files.is_empty() && args.probe.is_empty() && args.kubernetes.is_none();
    if let Some(prometheus) = &servers.prometheus
        && (nothing || args.all || !limits.is_empty())
    {
        let seen = explore(prometheus, clock.wall_millis()).await;
        let seen = seen.map_err(|error| error.to_string())?;
        for lacking in &seen.lacking {
            complain(&plain(&lacking.to_string()));
        }
        let window = catalogue::window(seen.interval);
        let offers = offers(&seen.catalogue, window, &only);
        let taken = what::offered(&offers, &limits, args.all)?;
        let asks = !(args.headless || args.yes) && nothing;
        let chosen = if asks && !offers.is_empty() {
            let place = servers.place(args);
            let about = (&*place, Span::from(args.every));
            choose::choose(&offers, &taken, about, (&args.screen, looks), clock).await?
        } else {
            Some(taken)
        };
        found.append(chosen.ok_or("nothing is watched")?)?;
    }
    found.in_order();
    Ok(found)
}

fn header(
    args: &Args,
    (what, short): (What, Vec<Short>),
    servers: &Servers,
    clock: &dyn Clock,
    before: Span,
) -> Header {
    let now = clock.wall_millis();
    let source = servers.place(args);
    let What { title, panels, services, slos } = what;
    let plan = GameDay {
        name: "watch".to_owned(),
        title: title.unwrap_or_else(|| "Watch".to_owned()),
        hypothesis: None,
        teams: args.team.clone(),
        target: Target::Url { url: source.clone() },
        objectives: Vec::new(),
        slos,
        steady_state: Vec::new(),
        guardrails: Vec::new(),
        phases: Vec::new(),
        traffic: Traffic {
            routes: Vec::new(),
            timeout: Span::from_secs(1),
            max_in_flight: 0,
            tls: false,
        },
        defences: crate::gameday::defence::Defences::default(),
        people: crate::gameday::people::People::default(),
        rollback: None,
        generator: None,
        prometheus: None,
        queries: Vec::new(),
        silences: Vec::new(),
    };
    let watch = Watch {
        source,
        alerts: servers.alerts.as_ref().map(|one| one.place().to_owned()),
        panels,
        services,
        short,
    };
    Header {
        gameday_recording: FORMAT_VERSION,
        program: concat!("gameday ", env!("CARGO_PKG_VERSION")).into(),
        exercise: record::named("watch", now),
        // What was before the watch stands in its recording, too.
        began: now.saturating_sub_unsigned(before.as_millis()),
        seed: record::random_seed(),
        ceiling: crate::exercise::blast::Ceiling::default(),
        headless: args.headless,
        briefing: None,
        drill: false,
        rehearsal: None,
        alertmanager: None,
        watch: Some(watch),
        plan,
    }
}
