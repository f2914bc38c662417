//! The door: arguments in, exit code out; the one place that names every part.

mod args;
mod beside;
mod blank;
pub mod catalog;
pub mod check;
pub mod compare;
mod ctl;
mod doctor;
mod door;
mod drafts;
pub mod earlier;
mod elsewhere;
pub mod export;
mod find;
mod fresh;
pub mod from_recording;
mod halt;
pub mod handover;
pub mod history;
mod import;
mod join;
mod keys;
mod lab;
mod launcher;
pub mod library;
pub mod list;
mod looks;
mod manifests;
mod memory;
pub mod new;
mod output;
pub mod pack;
pub mod plan;
pub mod rbac;
mod recorded;
mod recover;
mod rehearse;
mod replay;
pub mod report;
mod run;
mod running;
pub mod said;
pub mod schema;
mod signals;
mod silencers;
mod still;
mod typed;
mod updates;
pub mod verify;
mod watches;
mod words;

use std::io::{IsTerminal as _, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, Parser};
use color_eyre::eyre::{Result, eyre};

use crate::config::Folders;
use crate::engine::clock::SystemClock;
use crate::lang::Lang;
use crate::port::clock::Clock;
use crate::recording::pack::Way;
use crate::report::compare::model::Align;
use crate::report::export::Wanted;
use args::{Aligned, Cli, ClusterVerb, Exported, Format, Join, Lab, LabVerb, Page, Status, Verb};
use output::{complain, print};
use said::Said;

/// Something went wrong before anything was done: bad arguments, no folder, no runtime.
const COULD_NOT: u8 = 3;

/// Runs the program.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            drop(error.print());
            return if error.use_stderr() { ExitCode::from(COULD_NOT) } else { ExitCode::SUCCESS };
        }
    };
    match color_eyre::install().and_then(|()| act(cli)) {
        Ok(code) => code,
        Err(error) => {
            complain(&crate::gameday::text::plain_lines(&format!("{error:#}")));
            ExitCode::from(COULD_NOT)
        }
    }
}

/// Joins an exercise, if one is meant.
fn joins(args: Option<Join>, folders: &Folders, clock: Arc<dyn Clock>) -> Result<ExitCode> {
    let joined = args.map(|args| join::join(args, folders, clock));
    joined.map_or(Ok(()), |join| runtime()?.block_on(join).map_err(|why| eyre!(why)))?;
    Ok(ExitCode::SUCCESS)
}

/// Does what is a part of something else, in a place that has no folders of a user; or gives it back.
fn within(verb: Verb, clock: &Arc<dyn Clock>) -> Result<std::result::Result<ExitCode, Verb>> {
    match verb {
        Verb::Pod { spec } => {
            // A pod makes its own runtime.
            crate::lab::pod::serve(&spec, Arc::clone(clock))?;
            Ok(Ok(ExitCode::SUCCESS))
        }
        Verb::Cluster(ClusterVerb::Reaper(asked)) => reap(asked, &**clock).map(Ok),
        Verb::Shop(part) => {
            // Nor has a container any.
            let permissions = part.permissions();
            crate::lab::pod::container::serve(&part.container(), Arc::clone(clock), permissions)?;
            Ok(Ok(ExitCode::SUCCESS))
        }
        other => Ok(Err(other)),
    }
}

fn act(cli: Cli) -> Result<ExitCode> {
    let Some(verb) = cli.command else { return open(cli.screen) };
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let verb = match within(verb, &clock)? {
        Ok(done) => return Ok(done),
        Err(verb) => verb,
    };
    let folders = Folders::find().map_err(|error| eyre!(error))?;
    match verb {
        Verb::Run(args) if args.participants => joins(args.joins(), &folders, clock),
        Verb::Run(args) => Ok(runtime()?.block_on(run::run(args, &folders, clock))),
        Verb::Rehearse(args) => {
            Ok(runtime()?.block_on(run::rehearse(args.runs(), &folders, clock)))
        }
        Verb::Watch(args) => Ok(runtime()?.block_on(run::watch(*args, &folders, clock))),
        Verb::Join(args) => joins(Some(args), &folders, clock),
        Verb::Lab(Lab { verb: Some(LabVerb::Ctl(args)), .. }) => {
            say(&runtime()?.block_on(ctl::ctl(args, &folders)))
        }
        Verb::Lab(Lab { lab, verb: None }) => {
            runtime()?.block_on(lab::lab(&folders, clock, lab.into()))
        }
        Verb::Recover => say(&runtime()?.block_on(recover::recover(&folders, &*clock))),
        Verb::Cluster(verb) => on_cluster(verb, &folders, &*clock),
        Verb::List => out(&list::list(here(), Some(&folders.gamedays()))),
        Verb::Check { files } => checked(&files),
        Verb::Plan { name, duration, lab } => {
            let plan = find::find(&name, duration.as_deref(), lab.map(Into::into), &folders)
                .map_err(|why| eyre!(why))?;
            out(&plan::plan(&plan))
        }
        Verb::Schema => out(&schema::schema()),
        Verb::Keys { keys, lang } => {
            let lang = Lang::new(looks::spoken(lang));
            out(&keys::table(keys.as_deref(), &folders, &lang).map_err(|why| eyre!(why))?)
        }
        Verb::Catalog { name } => {
            out(&catalog::catalog(name.as_deref()).map_err(|why| eyre!(why))?)
        }
        Verb::New { name } => {
            let path = new::new(&name, here()).map_err(|why| eyre!(why))?;
            out(&format!("wrote {}; try: gameday check {}", path.display(), path.display()))
        }
        Verb::Report(asked) => report_of(asked),
        Verb::Compare(asked) => compared(&asked, &folders, clock),
        Verb::History(asked) => history_of(&asked, &folders),
        Verb::Replay { file, anyway, screen } => {
            let shown = replay::replay(&file, anyway, &screen, &folders, clock);
            let shown = runtime()?.block_on(shown);
            shown.map(|()| ExitCode::SUCCESS).map_err(|why| eyre!(why))
        }
        Verb::Shot(asked) => say(&still::shot(&asked, &folders)),
        Verb::Cast(asked) => say(&still::cast(&asked, &folders)),
        Verb::Export(asked) => exported(asked),
        Verb::Handover(asked) => handed_over(asked),
        Verb::FromRecording(args::FromRecording { file, out, anyway }) => {
            say(&from_recording::run(&file, out.as_deref(), anyway))
        }
        Verb::Import(args) => say(&import::run(&args)),
        Verb::Pack { file, unpack, out } => {
            let way = if unpack { Way::Unpack } else { Way::Pack };
            say(&pack::run(&file, way, out.as_deref()))
        }
        Verb::Verify { file } => say(&verify::run(&file)),
        Verb::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "gameday", &mut script);
            out(&String::from_utf8_lossy(&script))
        }
        Verb::Pod { .. } | Verb::Shop(_) => Ok(ExitCode::SUCCESS),
    }
}

/// Watches over a run. In a pod of a cluster there may be no home for folders.
fn reap(asked: args::Reap, clock: &dyn Clock) -> Result<ExitCode> {
    let said = runtime()?.block_on(halt::reap(asked, clock));
    said.map_or_else(|why| Err(eyre!(why)), |said| say(&said))
}

/// Looks at a cluster, or lets go of it.
fn on_cluster(verb: ClusterVerb, folders: &Folders, clock: &dyn Clock) -> Result<ExitCode> {
    let said = match verb {
        ClusterVerb::Doctor(asked) => runtime()?.block_on(doctor::doctor(&asked, folders, clock)),
        ClusterVerb::Rbac(asked) => rbac::rbac(&asked, folders),
        ClusterVerb::Halt(asked) => runtime()?.block_on(halt::halt(asked, clock)),
        ClusterVerb::Reaper(asked) => return reap(asked, clock),
    };
    said.map_or_else(|why| Err(eyre!(why)), |said| say(&said))
}

fn report_of(asked: args::Report) -> Result<ExitCode> {
    let Some(file) = asked.file else { return out(crate::report::parts::TEMPLATE) };
    let language = looks::spoken(asked.lang);
    if let Some(own) = asked.template {
        return say(&report::fill(&file, &own, language, asked.anyway));
    }
    let format = match asked.format {
        Format::Markdown => report::Format::Markdown,
        Format::Html => report::Format::Html,
        Format::Json => report::Format::Json,
        Format::Junit => report::Format::Junit,
    };
    say(&report::run(&file, format, language, asked.anyway))
}

fn exported(asked: args::Export) -> Result<ExitCode> {
    let format = match asked.format {
        Exported::Csv => export::Format::Csv,
        Exported::Issues => export::Format::Issues,
        Exported::Series => export::Format::Series,
        Exported::Openmetrics => export::Format::OpenMetrics,
        Exported::Log => export::Format::Log,
    };
    let wanted = match asked.status {
        Status::Open => Wanted::Open,
        Status::All => Wanted::All,
    };
    let language = looks::spoken(asked.lang);
    let (out, anyway) = (asked.out, asked.anyway);
    say(&export::run(&asked.file, &export::Asked { format, wanted, out, language, anyway }))
}

fn handed_over(asked: args::Handover) -> Result<ExitCode> {
    let args::Handover { file, last, participants, out, lang, anyway } = asked;
    let language = looks::spoken(lang);
    say(&handover::run(&file, &handover::Asked { last, participants, out, language, anyway }))
}

/// Recordings side by side: on a screen where there is one and nothing else is asked for.
fn compared(asked: &args::Compare, folders: &Folders, clock: Arc<dyn Clock>) -> Result<ExitCode> {
    let align = match asked.align {
        Aligned::Injections => Align::Injections,
        Aligned::Phases => Align::Phases,
        Aligned::Wall => Align::Wall,
    };
    let (names, folder, anyway) = (&asked.recordings, folders.recordings(), asked.anyway);
    if asked.format.is_none() && stdin().is_terminal() && stdout().is_terminal() {
        let sides = match compare::sides(names, &folder, anyway) {
            Ok(sides) => sides,
            Err(notes) => return say(&Said { text: String::new(), notes, success: false }),
        };
        let shown = compare::screen::show(sides, align, &asked.screen, folders, &*clock);
        return runtime()?.block_on(shown).map(|()| ExitCode::SUCCESS).map_err(|why| eyre!(why));
    }
    let lang = Lang::new(looks::spoken(asked.screen.lang));
    say(&compare::run(names, &folder, align, format(asked.format), &lang, anyway))
}

fn history_of(asked: &args::History, folders: &Folders) -> Result<ExitCode> {
    let lang = Lang::new(looks::spoken(asked.lang));
    let folder = asked.recordings.clone().unwrap_or_else(|| folders.recordings());
    let (real, format, anyway) = (asked.real, format(Some(asked.format)), asked.anyway);
    say(&history::run(&asked.name, &folder, history::Asked { real, format, anyway }, &lang))
}

fn format(asked: Option<Page>) -> compare::Format {
    match asked {
        None | Some(Page::Markdown) => compare::Format::Markdown,
        Some(Page::Html) => compare::Format::Html,
        Some(Page::Json) => compare::Format::Json,
    }
}

/// Without a verb: the launcher where there is a terminal, else what there is.
fn open(looks: args::Screen) -> Result<ExitCode> {
    if !stdin().is_terminal() || !stdout().is_terminal() {
        return out(&Cli::command().render_help().to_string());
    }
    let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
    let folders = Folders::find().map_err(|error| eyre!(error))?;
    runtime()?.block_on(launcher::launcher(&folders, clock, looks, here()))
}

/// Where game days of the current folder are.
fn here() -> &'static Path {
    Path::new("gamedays")
}

fn runtime() -> Result<tokio::runtime::Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    Ok(builder.worker_threads(2).enable_all().build()?)
}

fn out(text: &str) -> Result<ExitCode> {
    print(text)?;
    Ok(ExitCode::SUCCESS)
}

fn checked(files: &[PathBuf]) -> Result<ExitCode> {
    let texts: Vec<_> = files.iter().map(|file| library::load_path(file)).collect();
    let checked = check::check(&texts);
    print(&checked.text)?;
    Ok(if checked.ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn say(said: &Said) -> Result<ExitCode> {
    if !said.text.is_empty() {
        print(&said.text)?;
    }
    if !said.notes.is_empty() {
        complain(&said.notes);
    }
    Ok(if said.success { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
