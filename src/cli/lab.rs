//! `gameday lab`: the lab by itself, for looking at and for scraping.

use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::Result;

use super::output::{complain, print};
use super::signals::Signals;
use crate::config::Folders;
use crate::gameday::defence::Defences;
use crate::lab::{LabOptions, run_alone};
use crate::port::clock::Clock;

/// Runs the lab until a signal comes.
pub(super) async fn lab(folders: &Folders, clock: Arc<dyn Clock>) -> Result<ExitCode> {
    let options = LabOptions {
        exe: std::env::current_exe()?,
        data_dir: folders.labs(),
        lab_id: format!("lab-{}", std::process::id()),
        seed: 1,
        defences: Defences::default(),
        clock,
    };
    let mut signals = Signals::listen()?;
    let tell = |text: &str| drop(print(&format!("{text}\nCtrl-C ends it")));
    let until = async { complain(&format!("{}: ending the lab", signals.next().await)) };
    run_alone(options, tell, until).await?;
    Ok(ExitCode::SUCCESS)
}
