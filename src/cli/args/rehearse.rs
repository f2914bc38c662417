//! Arguments of a rehearsal, as typed. Not what they mean.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::run::{Reach, Run, Shop};
use super::screen::Screen;
use super::watch::Shown;
use crate::exercise::rehearsal::{Crew, Rehearsal};

/// How much faster than the plan a rehearsal may be: slower is no rehearsal, and faster leaves faults no time to be felt.
const SLOWEST: f64 = 1.0;
const FASTEST: f64 = 100.0;

/// How to rehearse a game day.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rehearse {
    /// A name or a file
    name: String,
    /// So many times as fast as the plan, from 1 to 100; limits on the times of people are divided alike
    #[arg(long, value_name = "FACTOR", default_value = "20", value_parser = speed)]
    speed: f64,
    /// How the simulated teams react
    #[arg(long, value_enum, value_name = "KIND", default_value_t = Teams::Usual)]
    teams: Teams,
    /// Print lines instead of a screen; exit code 0 nothing wrong, 1 something is, 2 halted, 3 could not run
    #[arg(long)]
    headless: bool,
    /// Where to record, instead of the user's data folder
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// How far faults may reach
    #[arg(long, value_enum, env = "CHAOS_BLAST_RADIUS", default_value_t = Reach::Controlled)]
    blast_radius: Reach,
    /// The defences of the lab's shop, instead of those the file asks for
    #[arg(long, value_enum, value_name = "KIND")]
    lab: Option<Shop>,
    /// Seed of every random choice; the same seed chooses the same pods
    #[arg(long)]
    seed: Option<u64>,
    /// The Prometheus that queries of the game day are asked of, as with `gameday run`
    #[arg(long, value_name = "URL")]
    prometheus: Option<String>,
    /// A profile of config.yaml, as with `gameday run`
    #[arg(long, value_name = "NAME", env = "GAMEDAY_PROFILE")]
    profile: Option<String>,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    screen: Screen,
}

/// How simulated teams react: times at the speed of the plan, assumed and not measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Teams {
    /// Notices in 30 s, acknowledges in 15 s, mitigates in 1 m or when customers feel nothing any more, resolves in 1 m
    Quick,
    /// The same in 1 m, 30 s, 3 m and 2 m
    Usual,
    /// The same in 5 m, 2 m, 15 m and 5 m
    Slow,
    /// Nobody does anything
    Absent,
}

impl Rehearse {
    /// The exercise to run, and how it is rehearsed.
    pub(in crate::cli) fn runs(self) -> (Run, Rehearsal) {
        let crew = match self.teams {
            Teams::Quick => Crew::Quick,
            Teams::Usual => Crew::Usual,
            Teams::Slow => Crew::Slow,
            Teams::Absent => Crew::Absent,
        };
        let run = Run {
            name: Some(self.name),
            participants: false,
            team: None,
            duration: None,
            headless: self.headless,
            out: self.out,
            blast_radius: self.blast_radius,
            lab: self.lab,
            dry_run: false,
            seed: self.seed,
            go: true,
            countdown: Duration::ZERO,
            prometheus: self.prometheus,
            context_typed: None,
            without_reaper: false,
            profile: self.profile,
            alertmanager: None,
            silence: Vec::new(),
            allow_silence: false,
            shown: self.shown,
            screen: self.screen,
        };
        (run, Rehearsal { speed: self.speed, crew })
    }
}

fn speed(typed: &str) -> Result<f64, String> {
    let speed: f64 = typed.parse().map_err(|_| "write a number like 20".to_owned())?;
    if (SLOWEST..=FASTEST).contains(&speed) {
        Ok(speed)
    } else {
        Err(format!("it must be from {SLOWEST} to {FASTEST}"))
    }
}
