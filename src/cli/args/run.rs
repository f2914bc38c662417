//! Arguments of what runs or joins an exercise, as typed. Not what they mean.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};

use super::screen::Screen;
use super::watch::Shown;
use crate::exercise::blast::Ceiling;
use crate::gameday::defence::Defences;

/// How to run an exercise.
#[derive(Debug, Args)]
pub(in crate::cli) struct Run {
    /// A name or a file
    #[arg(required_unless_present = "participants")]
    pub(in crate::cli) name: Option<String>,
    /// Run nothing: join the exercise of this name, or the only one, that runs on this machine, as its participants
    /// see it; the same as `gameday join`
    #[arg(long, conflicts_with_all = ["duration", "headless", "out", "lab", "seed", "go"])]
    pub(in crate::cli) participants: bool,
    /// With --participants: the team that types
    #[arg(long, value_name = "TEAM", requires = "participants")]
    pub(in crate::cli) team: Option<String>,
    /// Scale the whole game day to this length, for example 4m
    #[arg(long, value_name = "TIME")]
    pub(in crate::cli) duration: Option<String>,
    /// Print lines instead of a screen; exit code 0 objectives met, 1 not met, 2 halted, 3 could not run
    #[arg(long)]
    pub(in crate::cli) headless: bool,
    /// Where to record, instead of the user's data folder
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// How far faults may reach
    #[arg(long, value_enum, env = "CHAOS_BLAST_RADIUS", default_value_t = Reach::Controlled)]
    pub(in crate::cli) blast_radius: Reach,
    /// The defences of the lab's shop, instead of those the file asks for
    #[arg(long, value_enum, value_name = "KIND")]
    pub(in crate::cli) lab: Option<Shop>,
    /// Show everything that would be done, with its targets, and do nothing
    #[arg(long, env = "CHAOS_DRY_RUN", value_parser = clap::builder::BoolishValueParser::new(), num_args = 0..=1, default_value_t = false, default_missing_value = "true")]
    pub(in crate::cli) dry_run: bool,
    /// Seed of every random choice; the same seed chooses the same pods
    #[arg(long)]
    pub(in crate::cli) seed: Option<u64>,
    /// Go without a briefing: begin as soon as the steady state was seen to hold
    #[arg(long)]
    pub(in crate::cli) go: bool,
    /// The briefing goes by itself when every check has held for so long, unless a key is pressed
    #[arg(long, value_name = "TIME", default_value = "10s", env = "GAMEDAY_COUNTDOWN", value_parser = humantime::parse_duration)]
    pub(in crate::cli) countdown: Duration,
    /// The Prometheus that queries of the game day are asked of; else that of the profile that is named, the one that the
    /// file names, the variable PROMETHEUS_URL, or the usual profile. A token of the environment is not shown to one that
    /// only the file names
    #[arg(long, value_name = "URL", conflicts_with = "participants")]
    pub(in crate::cli) prometheus: Option<String>,
    /// The name of the Kubernetes context, typed: needed where it looks like production and nobody can be asked
    #[arg(long, value_name = "NAME", conflicts_with = "participants")]
    pub(in crate::cli) context_typed: Option<String>,
    /// Agree that nobody takes back changes to a Kubernetes cluster if this program dies; only until it starts again
    #[arg(long, conflicts_with = "participants")]
    pub(in crate::cli) without_reaper: bool,
    /// The Alertmanager on which alerts may be silenced, else as with --prometheus (ALERTMANAGER_URL)
    #[arg(long, value_name = "URL", conflicts_with = "participants")]
    pub(in crate::cli) alertmanager: Option<String>,
    /// Silence these alerts while phases run, as a matcher of Alertmanager: 'service="shop"'; lifted again whatever happens
    #[arg(long, value_name = "MATCHERS", conflicts_with = "participants")]
    pub(in crate::cli) silence: Vec<String>,
    /// Silence the alerts that the game day offers to be, without asking at the briefing
    #[arg(long, conflicts_with = "participants")]
    pub(in crate::cli) allow_silence: bool,
    /// A profile of config.yaml in the user's configuration folder: addresses and credentials
    #[arg(long, value_name = "NAME", env = "GAMEDAY_PROFILE")]
    pub(in crate::cli) profile: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) shown: Shown,
    #[command(flatten)]
    pub(in crate::cli) screen: Screen,
}

/// Which exercise to join, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Join {
    /// Its name or a part of it; not needed while only one runs
    pub(in crate::cli) exercise: Option<String>,
    /// As participants: nothing planned, no fault, no hint, no word of the facilitator; the only way there is
    #[arg(long, default_value_t = true)]
    pub(in crate::cli) participants: bool,
    /// The team that types; the first of the game day where nobody says
    #[arg(long, value_name = "TEAM")]
    pub(in crate::cli) team: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) screen: Screen,
}

impl Run {
    /// What is to be joined, where nothing is to be run.
    pub(in crate::cli) fn joins(&self) -> Option<Join> {
        self.participants.then(|| Join {
            exercise: self.name.clone(),
            participants: true,
            team: self.team.clone(),
            screen: self.screen.clone(),
        })
    }
}

/// A lab's shop with all of its defences, or with none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum Shop {
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
pub(in crate::cli) enum Reach {
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
