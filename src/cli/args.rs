//! The arguments as typed. What they mean is decided by who takes them.

mod again;
mod cluster;
mod compare;
mod handover;
mod import;
mod rehearse;
mod run;
mod screen;
mod shop;
mod still;
mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::lang::Language;
use screen::language;

pub(super) use again::FromRecording;
pub(super) use cluster::{ClusterVerb, Doctor, Halt, Rbac, Reap, Where};
pub(super) use compare::{Aligned, Compare, Export, Exported, History, Page, Status};
pub(super) use handover::Handover;
pub(super) use import::Import;
pub(super) use rehearse::Rehearse;
pub(super) use run::{Join, Run, Shop};
pub(super) use screen::Screen;
pub(super) use shop::Part;
pub(super) use still::{Cast, Drawn, Look, Shot};
pub(super) use watch::{Shown, Watch};

/// Run game days from a terminal: load in phases, real faults, live SLOs, an incident log, and a report.
#[derive(Debug, Parser)]
#[command(name = "gameday", version, max_term_width = 100, args_conflicts_with_subcommands = true)]
pub(super) struct Cli {
    #[command(flatten)]
    pub(super) screen: Screen,
    /// Without one, the launcher: what can be run and read
    #[command(subcommand)]
    pub(super) command: Option<Verb>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Run an exercise, full-screen, to its report
    Run(Run),
    /// Join an exercise that runs on this machine, from another terminal: what its participants may see, full-screen
    Join(Join),
    /// Watch a real system by its Prometheus: live SLOs, alerts, the incident log, and a report; touches nothing
    Watch(Box<Watch>),
    /// Rehearse a game day on the lab in short time, with simulated teams: timing, guardrails, objectives
    Rehearse(Rehearse),
    /// List the game days that can be run
    List,
    /// Check game day files: every problem at once, with its place and how to mend it
    Check {
        /// Files to check
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Print what a game day would do, without doing it
    Plan {
        /// A name or a file
        name: String,
        /// Scale the whole game day to this length
        #[arg(long, value_name = "TIME")]
        duration: Option<String>,
        /// The defences of the lab's shop, instead of those the file asks for
        #[arg(long, value_enum, value_name = "KIND")]
        lab: Option<Shop>,
    },
    /// List every type of fault: what it does, its parameters, how it is undone, where it runs
    Catalog {
        /// Only this type
        name: Option<String>,
    },
    /// Print every key with what it does, as a table in Markdown
    Keys {
        /// A keymap: vim, arrows, or a file; else keys.yaml of the user's configuration folder
        #[arg(long, value_name = "NAME|FILE", env = "GAMEDAY_KEYS")]
        keys: Option<String>,
        /// Language of the table, instead of that of the environment (LANG): en, ja
        #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
        lang: Option<Language>,
    },
    /// Print the JSON Schema of game day files, for editors
    Schema,
    /// Write a commented game day file to begin with
    New {
        /// Its name; the file is NAME.yaml in ./gamedays
        name: String,
    },
    /// Run the lab alone and print its addresses, until Ctrl-C; `lab ctl` pulls levers of one that runs
    #[command(args_conflicts_with_subcommands = true)]
    Lab(Lab),
    /// Replay a recording on the live screen: play, pause, seek, search, annotate; nothing can be injected
    Replay {
        /// The recording
        file: PathBuf,
        /// Also one that was changed after it was written; the screen says so
        #[arg(long)]
        anyway: bool,
        #[command(flatten)]
        screen: Screen,
    },
    /// Draw one moment of a recording as a picture: the live screen as it was then
    Shot(Shot),
    /// Make a cast of a stretch of a recording, for players of terminal sessions (asciicast v2)
    Cast(Cast),
    /// Make the report of a recording again
    Report(Report),
    /// Compare recordings: objectives, times, SLOs, load, side by side, and whether it became better
    Compare(Compare),
    /// Show the recorded exercises of a game day over time: does the response become faster?
    History(History),
    /// Export what is in a recording for other programs: improvements and lessons, what was measured, the incident log
    Export(Export),
    /// Hand over: open incidents, roles, promises and what was done in the last hour of a recording, as Markdown
    Handover(Handover),
    /// Write a game day file of an exercise or a real incident as it was recorded, to run it again
    FromRecording(FromRecording),
    /// Make a game day of manifests of Chaos Mesh, a folder of them, or experiments of Chaos Toolkit
    Import(Import),
    /// Check that no line of a recording was changed
    Verify {
        /// The recording
        file: PathBuf,
    },
    /// Pack a recording (zstd) into a new file, FILE.zst; every command reads it as it is
    Pack {
        /// The recording
        file: PathBuf,
        /// Give back what was packed, byte for byte
        #[arg(long)]
        unpack: bool,
        /// The new file, instead of FILE.zst, or FILE without .zst
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Find exercises that died, undo what they left behind, and say so
    Recover,
    #[command(flatten)]
    Cluster(ClusterVerb),
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// One part of the shop in a container of a cluster (see deploy/shop)
    #[command(hide = true)]
    Shop(Part),
    /// One pod of the lab (started by the lab itself)
    #[command(hide = true)]
    Pod {
        /// What it is, as JSON
        spec: String,
    },
}

/// What report to make of what.
#[derive(Debug, Args)]
pub(super) struct Report {
    /// The recording
    #[arg(required_unless_present = "print_template")]
    pub(super) file: Option<PathBuf>,
    /// What to print
    #[arg(long, value_enum, default_value_t = Format::Markdown)]
    pub(super) format: Format,
    /// Language of Markdown and HTML, instead of that of the environment (LANG): en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(super) lang: Option<Language>,
    /// Fill a template of your own (Jinja) with the report instead; what is put in is escaped if it ends in .html or .xml
    #[arg(long, value_name = "FILE", conflicts_with = "format")]
    pub(super) template: Option<PathBuf>,
    /// Print the template of the HTML report, to begin a template of your own with
    #[arg(long, conflicts_with_all = ["file", "format", "template"])]
    pub(super) print_template: bool,
    /// Also of a recording that was changed after it was written; the report says so
    #[arg(long)]
    pub(super) anyway: bool,
}

/// How to run the lab alone.
#[derive(Debug, Args)]
pub(super) struct Lab {
    /// The defences of its shop
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Shop::Resilient)]
    pub(super) lab: Shop,
    #[command(subcommand)]
    pub(super) verb: Option<LabVerb>,
}

#[derive(Debug, Subcommand)]
pub(super) enum LabVerb {
    /// Pull a lever of a running lab, of an exercise or alone: scale, restart, promote, log, curl, …; or write to the
    /// log of its exercise
    Ctl(Ctl),
}

/// Which lever to pull, of which lab.
#[derive(Debug, Args)]
pub(super) struct Ctl {
    /// The lab's name; not needed while only one runs
    #[arg(long, value_name = "ID")]
    pub(super) lab: Option<String>,
    /// The team that acts, for the log of the exercise; the first of the game day where nobody says
    #[arg(long, value_name = "TEAM")]
    pub(super) team: Option<String>,
    /// The lever and what it is pulled on, for example: restart web-app-3; or write and a line as it is typed at the
    /// screen, for example: write '!2 payments are slow'; without it, all levers are listed
    #[arg(value_name = "LEVER")]
    pub(super) lever: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Markdown,
    /// For people: one page that needs nothing else, to send
    Html,
    /// For programs
    Json,
    /// For CI: JUnit XML
    Junit,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(words: &str) -> Result<Run, String> {
        let words = ["gameday", "run"].into_iter().chain(words.split_whitespace());
        match Cli::try_parse_from(words) {
            Ok(Cli { command: Some(Verb::Run(run)), .. }) => Ok(run),
            Ok(other) => Err(format!("{other:?}")),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn run_with_participants_is_join() {
        for (words, exercise, team) in [
            ("--participants", None, None),
            ("black-friday --participants", Some("black-friday"), None),
            ("--participants black-friday --team sre", Some("black-friday"), Some("sre")),
        ] {
            let joins = run(words).unwrap().joins().unwrap();
            assert_eq!((joins.exercise.as_deref(), joins.team.as_deref()), (exercise, team));
            let verb = words.replace("--participants", "");
            let words = ["gameday", "join"].into_iter().chain(verb.split_whitespace());
            let Some(Verb::Join(join)) = Cli::try_parse_from(words).unwrap().command else {
                panic!("{verb} does not join");
            };
            assert_eq!(format!("{joins:?}"), format!("{join:?}"));
        }
        assert!(run("black-friday").unwrap().joins().is_none());
        for (words, why) in [
            ("", "<NAME>"),
            ("black-friday --team sre", "--participants"),
            ("black-friday --participants --headless", "cannot be used with"),
            ("black-friday --participants --duration 4m", "cannot be used with"),
        ] {
            let said = run(words).unwrap_err();
            assert!(said.contains(why), "{words:?}: {said}");
        }
    }
}
