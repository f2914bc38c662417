//! Arguments of what looks at a Kubernetes cluster and lets go of it, as typed. Not what they mean.

use std::time::Duration;

use clap::{Args, Subcommand};

use super::watch::Shown;

/// Which cluster, and where in it.
#[derive(Debug, Args)]
pub(in crate::cli) struct Where {
    /// A context of the kubeconfig, instead of that of the game day or the current one
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) context: Option<String>,
    /// A namespace, instead of that of the game day or the context
    #[arg(long, short, value_name = "NAME")]
    pub(in crate::cli) namespace: Option<String>,
}

/// What to look at before a game day.
#[derive(Debug, Args)]
pub(in crate::cli) struct Doctor {
    /// A game day, by its name or file; without one, whether the cluster could be exercised at all
    pub(in crate::cli) name: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) place: Where,
    /// The Prometheus that will be asked; it is asked once
    #[arg(long, value_name = "URL", env = "PROMETHEUS_URL")]
    pub(in crate::cli) prometheus: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) shown: Shown,
    /// Print JSON, for programs
    #[arg(long)]
    pub(in crate::cli) json: bool,
}

/// Whose permissions to print.
#[derive(Debug, Args)]
pub(in crate::cli) struct Rbac {
    /// A game day, by its name or file
    pub(in crate::cli) name: String,
    /// The namespace, instead of that of the game day
    #[arg(long, short, value_name = "NAME")]
    pub(in crate::cli) namespace: Option<String>,
    /// The ServiceAccount that gameday runs as, instead of one called like the game day
    #[arg(long, value_name = "NAME", conflicts_with = "user")]
    pub(in crate::cli) account: Option<String>,
    /// The user that gameday runs as, as the cluster knows people
    #[arg(long, value_name = "USER")]
    pub(in crate::cli) user: Option<String>,
}

/// What to stop.
#[derive(Debug, Args)]
pub(in crate::cli) struct Halt {
    /// One run; without it, every run that is found
    #[arg(long, value_name = "RUN")]
    pub(in crate::cli) run: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) place: Where,
    /// In every namespace
    #[arg(long, short = 'A', conflicts_with = "namespace")]
    pub(in crate::cli) all_namespaces: bool,
    /// Take finalizers away from experiments that do not let go: what they did in pods stays unless it is found and
    /// mended. Needs --reason
    #[arg(long, requires = "reason")]
    pub(in crate::cli) force_finalizers: bool,
    /// Why finalizers are taken away; it is written into the journal
    #[arg(long, value_name = "TEXT", requires = "force_finalizers", value_parser = clap::builder::NonEmptyStringValueParser::new())]
    pub(in crate::cli) reason: Option<String>,
    /// Undo one step, also what somebody else changed of it since: shows what would be overwritten, and asks
    #[arg(long, value_name = "RUN/STEP", conflicts_with_all = ["run", "force_finalizers"])]
    pub(in crate::cli) take_back: Option<String>,
    /// Overwrite it without being asked
    #[arg(long, requires = "take_back")]
    pub(in crate::cli) yes: bool,
    /// How long one thing may take to let go
    #[arg(long, value_name = "TIME", default_value = "90s", value_parser = humantime::parse_duration)]
    pub(in crate::cli) timeout: Duration,
}

/// What a reaper watches over (started by the Job that a run makes).
#[derive(Debug, Args)]
pub(in crate::cli) struct Reap {
    /// The run
    #[arg(long, value_name = "RUN")]
    pub(in crate::cli) run: String,
    /// Where its journal and its lease are
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) namespace: String,
    /// A context of the kubeconfig; in a cluster there is none
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) context: Option<String>,
    /// How often it looks
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    pub(in crate::cli) every: Duration,
    /// For how long nobody may have renewed the lease
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    pub(in crate::cli) stale_after: Duration,
}

/// What is done on a cluster.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum ClusterVerb {
    /// Look whether a game day can run on its target and be undone there; each line ok, warning or error with what to do
    Doctor(Doctor),
    /// Print the least permissions that a game day needs on Kubernetes, as YAML to apply
    Rbac(Rbac),
    /// Emergency stop from any machine: let go of everything that runs have in a cluster, with nothing but the cluster
    Halt(Halt),
    /// Watch over a run and let go when it dies (started by the run itself)
    #[command(hide = true)]
    Reaper(Reap),
}
