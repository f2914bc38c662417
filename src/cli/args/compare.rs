//! Arguments of what is written beside reports, as typed. Not what they mean.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::screen::{Screen, language};
use crate::lang::Language;

/// Which recordings to compare, and how.
#[derive(Debug, Args)]
#[command(mut_arg("lang", |lang| lang.help(LANG)))]
pub(in crate::cli) struct Compare {
    /// The recordings, two to four: files, or names of exercises in the folder of recordings; all are compared with the first
    #[arg(required = true, num_args = 2..)]
    pub(in crate::cli) recordings: Vec<String>,
    /// What of the exercises stands above each other in the charts
    #[arg(long, value_enum, default_value_t = Aligned::Injections)]
    pub(in crate::cli) align: Aligned,
    /// Print this instead of opening the screen; without a terminal it is Markdown that is printed
    #[arg(long, value_enum)]
    pub(in crate::cli) format: Option<Page>,
    /// Also recordings that were changed after they were written; it then says so
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
    #[command(flatten)]
    pub(in crate::cli) screen: Screen,
}

/// What is printed has the language of the screen.
const LANG: &str =
    "Language of the screen, Markdown and HTML, instead of that of the environment (LANG): en, ja";

/// Whose history, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct History {
    /// The name of the game day
    pub(in crate::cli) name: String,
    /// The folder of recordings, instead of the user's
    #[arg(long, value_name = "DIR")]
    pub(in crate::cli) recordings: Option<PathBuf>,
    /// Real incidents in place of drills; the two are never mixed
    #[arg(long)]
    pub(in crate::cli) real: bool,
    /// What to print
    #[arg(long, value_enum, default_value_t = Page::Markdown)]
    pub(in crate::cli) format: Page,
    /// Language of Markdown and HTML, instead of that of the environment (LANG): en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(in crate::cli) lang: Option<Language>,
    /// Also recordings that were changed after they were written; it then says so
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Page {
    /// For people
    Markdown,
    /// For people: one page that needs nothing else, to send
    Html,
    /// For programs
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Aligned {
    /// T0 of the same injections
    Injections,
    /// Beginnings of the same phases
    Phases,
    /// Nothing: time since the first phase began, holds included
    Wall,
}

/// What to export of what.
#[derive(Debug, Args)]
pub(in crate::cli) struct Export {
    /// The recording
    pub(in crate::cli) file: PathBuf,
    /// What of it, in which form
    #[arg(long, value_enum, default_value_t = Exported::Csv)]
    pub(in crate::cli) format: Exported,
    /// Improvements that nobody took back, or all
    #[arg(long, value_enum, default_value_t = Status::Open)]
    pub(in crate::cli) status: Status,
    /// Where to write, instead of standard output: a new file, or for issues a folder, which gets a file for each
    #[arg(long, value_name = "FILE|DIR")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Language of the log, instead of that of the environment (LANG): en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(in crate::cli) lang: Option<Language>,
    /// Also of a recording that was changed after it was written
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Exported {
    /// Improvements and lessons as a table (RFC 4180)
    Csv,
    /// Improvements as Markdown for a tracker of issues
    Issues,
    /// What was measured as a table (RFC 4180), a row for each second
    Series,
    /// What was measured as OpenMetrics text, for `promtool tsdb create-blocks-from openmetrics`
    Openmetrics,
    /// The incident log as Markdown
    Log,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Status {
    /// Without those that were dropped
    Open,
    /// With those
    All,
}
