//! The arguments as typed. What they mean is decided by who takes them.

mod compare;

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;

use crate::exercise::blast::Ceiling;
use crate::gameday::defence::Defences;
use crate::lang::Language;
use crate::tui::manners::{self, Manners};

use compare::language;
pub(super) use compare::{Aligned, Compare, Export, Exported, History, Page, Status, Written};

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
    /// Make the report of a recording again
    Report(Report),
    /// Compare recordings: objectives, times, SLOs, load, side by side, and whether it became better
    Compare(Compare),
    /// Show the recorded exercises of a game day over time: does the response become faster?
    History(History),
    /// Export what is in a recording for other programs: improvements and lessons, what was measured, the incident log
    Export(Export),
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
    /// Print the completions of a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
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

/// How to run an exercise.
#[derive(Debug, Args)]
pub(super) struct Run {
    /// A name or a file
    #[arg(required_unless_present = "participants")]
    pub(super) name: Option<String>,
    /// Run nothing: join the exercise of this name, or the only one, that runs on this machine, as its participants
    /// see it; the same as `gameday join`
    #[arg(long, conflicts_with_all = ["duration", "headless", "out", "lab", "seed", "go"])]
    pub(super) participants: bool,
    /// With --participants: the team that types
    #[arg(long, value_name = "TEAM", requires = "participants")]
    pub(super) team: Option<String>,
    /// Scale the whole game day to this length, for example 4m
    #[arg(long, value_name = "TIME")]
    pub(super) duration: Option<String>,
    /// Print lines instead of a screen; exit code 0 objectives met, 1 not met, 2 halted, 3 could not run
    #[arg(long)]
    pub(super) headless: bool,
    /// Where to record, instead of the user's data folder
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// How far faults may reach
    #[arg(long, value_enum, env = "CHAOS_BLAST_RADIUS", default_value_t = Reach::Controlled)]
    pub(super) blast_radius: Reach,
    /// The defences of the lab's shop, instead of those the file asks for
    #[arg(long, value_enum, value_name = "KIND")]
    pub(super) lab: Option<Shop>,
    /// Show everything that would be done, with its targets, and do nothing
    #[arg(long, env = "CHAOS_DRY_RUN", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(super) dry_run: bool,
    /// Seed of every random choice; the same seed chooses the same pods
    #[arg(long)]
    pub(super) seed: Option<u64>,
    /// Go without a briefing: begin as soon as the steady state was seen to hold
    #[arg(long)]
    pub(super) go: bool,
    /// The briefing goes by itself when every check has held for so long, unless a key is pressed
    #[arg(long, value_name = "TIME", default_value = "10s", env = "GAMEDAY_COUNTDOWN", value_parser = humantime::parse_duration)]
    pub(super) countdown: Duration,
    #[command(flatten)]
    pub(super) screen: Screen,
}

/// Which exercise to join, and how.
#[derive(Debug, Args)]
pub(super) struct Join {
    /// Its name or a part of it; not needed while only one runs
    pub(super) exercise: Option<String>,
    /// As participants: nothing planned, no fault, no hint, no word of the facilitator; the only way there is
    #[arg(long, default_value_t = true)]
    pub(super) participants: bool,
    /// The team that types; the first of the game day where nobody says
    #[arg(long, value_name = "TEAM")]
    pub(super) team: Option<String>,
    #[command(flatten)]
    pub(super) screen: Screen,
}

impl Run {
    /// What is to be joined, where nothing is to be run.
    pub(super) fn joins(&self) -> Option<Join> {
        self.participants.then(|| Join {
            exercise: self.name.clone(),
            participants: true,
            team: self.team.clone(),
            screen: self.screen.clone(),
        })
    }
}

/// How the screen looks and speaks.
#[derive(Clone, Debug, Args)]
pub(super) struct Screen {
    /// Colours of the screen: dark, light, high-contrast, colour-blind, colour-blind-light, mono, one of the folder
    /// `themes` of the user's configuration, or a file; else the one last kept at the screen
    #[arg(long, value_name = "NAME|FILE", env = "GAMEDAY_THEME")]
    pub(super) theme: Option<String>,
    /// Show ASCII characters alone, in English; without it so where the locale (LC_ALL, LC_CTYPE, LANG) is not UTF-8
    #[arg(long, env = "GAMEDAY_ASCII", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, require_equals = true, default_value_t = false, default_missing_value = "true")]
    pub(super) ascii: bool,
    /// Language of the screen, instead of that of the environment (LANG), and of the reports, instead of English: en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(super) lang: Option<Language>,
    /// Keys of the screen: vim, arrows, or a file; else keys.yaml of the user's configuration folder
    #[arg(long, value_name = "NAME|FILE", env = "GAMEDAY_KEYS")]
    pub(super) keys: Option<String>,
    /// Leave the mouse to the terminal
    #[arg(long, env = "GAMEDAY_NO_MOUSE", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(super) no_mouse: bool,
    /// Neither title nor bell nor notifications
    #[arg(long, env = "GAMEDAY_QUIET_TERMINAL", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(super) quiet_terminal: bool,
    /// How to call on incidents and halts while the terminal is not in focus, instead of what it understands
    #[arg(long, value_enum, value_name = "KIND", env = "GAMEDAY_CALL")]
    pub(super) call: Option<Call>,
    /// Draw what is measured every five seconds only, and what happens at once
    #[arg(long, env = "GAMEDAY_REDUCED_MOTION", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(super) reduced_motion: bool,
}

/// How somebody who looks elsewhere is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Call {
    /// Not at all
    Off,
    /// By the bell
    Bell,
    /// By the bell and a notification of the desktop: iTerm2, WezTerm, kitty, Windows Terminal
    Osc9,
    /// By the bell and a notification of the desktop: foot, urxvt
    Osc777,
}

impl Screen {
    /// What is wanted of the terminal, and otherwise what suits it.
    pub(super) fn manners(&self, lookup: impl Fn(&str) -> Option<String>) -> Manners {
        let found = Manners::detect(lookup);
        let call = match self.call {
            None => found.call,
            Some(Call::Off) => manners::Call::Off,
            Some(Call::Bell) => manners::Call::Bell,
            Some(Call::Osc9) => manners::Call::Osc9,
            Some(Call::Osc777) => manners::Call::Osc777,
        };
        Manners {
            mouse: found.mouse && !self.no_mouse,
            title: found.title && !self.quiet_terminal,
            call: if self.quiet_terminal { manners::Call::Off } else { call },
            calm: self.reduced_motion,
        }
    }
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

/// A lab's shop with all of its defences, or with none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Shop {
    /// Every defence is on
    Resilient,
    /// Every defence is off
    Fragile,
}

impl From<Shop> for Defences {
    fn from(shop: Shop) -> Self {
        match shop {
            Shop::Resilient => Self::resilient(),
            Shop::Fragile => Self::fragile(),
        }
    }
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Reach {
    /// Only low risk
    Controlled,
    /// Up to medium risk
    Limited,
    /// Any risk
    Wide,
}

impl From<Reach> for Ceiling {
    fn from(reach: Reach) -> Self {
        match reach {
            Reach::Controlled => Self::Controlled,
            Reach::Limited => Self::Limited,
            Reach::Wide => Self::Wide,
        }
    }
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
