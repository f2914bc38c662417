//! What `gameday handover` is told. Not what it does.

use std::path::PathBuf;

use clap::Args;

use super::screen::language;
use crate::gameday::span::Span;
use crate::lang::Language;

/// What to hand over.
#[derive(Debug, Args)]
pub(in crate::cli) struct Handover {
    /// The recording, also of an exercise that still runs
    pub(in crate::cli) file: PathBuf,
    /// How far to look back from its last event: 1h, 90m, 1h30m
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = span)]
    pub(in crate::cli) last: Span,
    /// What participants know: no fault, nothing planned, no word of the facilitator
    #[arg(long)]
    pub(in crate::cli) participants: bool,
    /// The new file, instead of standard output
    #[arg(long, value_name = "NEW")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Its language, instead of that of the environment (LANG): en, ja
    #[arg(long, value_name = "CODE", env = "GAMEDAY_LANG", value_parser = language)]
    pub(in crate::cli) lang: Option<Language>,
    /// Also of a recording that was changed after it was written
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
}

fn span(text: &str) -> Result<Span, String> {
    let span = humantime::parse_duration(text)
        .map_err(|error| format!("{error}; write it like 1h, 90m or 1h30m"))?;
    if span.is_zero() { Err("nothing lies in no time".to_owned()) } else { Ok(span.into()) }
}
