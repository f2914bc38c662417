//! What `gameday from-recording` is told. Not what it does.

use std::path::PathBuf;

use clap::Args;

/// What to make a game day of.
#[derive(Debug, Args)]
pub(in crate::cli) struct FromRecording {
    /// The recording
    pub(in crate::cli) file: PathBuf,
    /// Where to write, instead of standard output: a new file
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// Also of a recording that was changed after it was written
    #[arg(long)]
    pub(in crate::cli) anyway: bool,
}
