//! Arguments of `gameday watch`, as typed. Not what they mean.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::screen::Screen;

/// What to watch, and how.
#[derive(Debug, Args)]
pub(in crate::cli) struct Watch {
    /// The Prometheus to ask, or what speaks as it does: http://host:9090, https://mimir/prometheus; else that of the
    /// profile, of the variable PROMETHEUS_URL, or of the usual profile
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) prometheus: Option<String>,
    /// The Alertmanager to ask for alerts, else as with --prometheus (ALERTMANAGER_URL); without one, Prometheus is asked
    /// for those of its own rules
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) alertmanager: Option<String>,
    /// A profile of config.yaml in the user's configuration folder: addresses, credentials, and what is watched there
    #[arg(long, value_name = "NAME", env = "GAMEDAY_PROFILE")]
    pub(in crate::cli) profile: Option<String>,
    /// A page that must answer, looked at as a customer would; also without Prometheus
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) probe: Vec<String>,
    /// How many pods of each workload of a namespace are ready, asked of the cluster of the kubeconfig; also without Prometheus
    #[arg(long, value_name = "NAMESPACE")]
    pub(in crate::cli) kubernetes: Option<String>,
    /// The context of the kubeconfig, instead of the current one
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) context: Option<String>,
    /// Let panels of files run commands on this machine: command ["wc", "-l", "queue"]
    #[arg(long)]
    pub(in crate::cli) allow_commands: bool,
    #[command(flatten)]
    pub(in crate::cli) shown: Shown,
    /// What to watch, instead of what the metrics offer: a watch file, OpenSLO or Sloth files, or the slos of a game day
    #[arg(long, short, value_name = "FILE")]
    pub(in crate::cli) file: Vec<String>,
    /// A promise about an offered panel, for example: availability >= 99.9%, or latency_p99 <= 300ms
    #[arg(long, value_name = "LIMIT")]
    pub(in crate::cli) slo: Vec<String>,
    /// Only series with this label, for example: job=shop
    #[arg(long, value_name = "LABEL=VALUE")]
    pub(in crate::cli) only: Vec<String>,
    /// Every panel that the metrics offer, not only the few that are advised
    #[arg(long)]
    pub(in crate::cli) all: bool,
    /// Watch what is offered without asking
    #[arg(long, short)]
    pub(in crate::cli) yes: bool,
    /// How often each query is asked
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = humantime::parse_duration)]
    pub(in crate::cli) every: Duration,
    /// So much of the time before the watch is shown
    #[arg(long, value_name = "TIME", default_value = "1h", value_parser = humantime::parse_duration)]
    pub(in crate::cli) before: Duration,
    /// The team that types
    #[arg(long, value_name = "TEAM", default_value = "on-call")]
    pub(in crate::cli) team: Vec<String>,
    /// Take up again a watch that was left or broke off: its recording, or no file for the last one
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) resume: Option<Option<PathBuf>>,
    /// Write what is watched to a new file, to watch the same again with --file
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) save: Option<PathBuf>,
    /// Print lines instead of a screen
    #[arg(long)]
    pub(in crate::cli) headless: bool,
    /// End the watch by itself after so long
    #[arg(long = "for", value_name = "TIME", value_parser = humantime::parse_duration)]
    pub(in crate::cli) lasting: Option<Duration>,
    /// Where to record, instead of the user's data folder
    #[arg(long, value_name = "FILE", conflicts_with = "resume")]
    pub(in crate::cli) out: Option<PathBuf>,
    #[command(flatten)]
    pub(in crate::cli) screen: Screen,
}

/// What is shown to the servers so that they let us in. Secrets come from files or the environment.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::cli) struct Shown {
    /// A file with a token (Bearer); or the variable PROMETHEUS_TOKEN
    #[arg(long, value_name = "FILE", conflicts_with = "user")]
    pub(in crate::cli) token_file: Option<PathBuf>,
    /// A user (Basic); the password comes from --password-file, or from the variable PROMETHEUS_PASSWORD
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) user: Option<String>,
    /// A file with the password
    #[arg(long, value_name = "FILE", requires = "user")]
    pub(in crate::cli) password_file: Option<PathBuf>,
    /// The certificate of the authority to trust instead of those of this machine (PEM)
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) ca_file: Option<PathBuf>,
    /// Our certificate (PEM), for servers that ask for one
    #[arg(long, value_name = "FILE", requires = "key_file")]
    pub(in crate::cli) cert_file: Option<PathBuf>,
    /// Its key (PEM)
    #[arg(long, value_name = "FILE", requires = "cert_file")]
    pub(in crate::cli) key_file: Option<PathBuf>,
    /// The tenant, as Mimir, Cortex and Loki name it (X-Scope-OrgID)
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) tenant: Option<String>,
    /// A further header, whose value is in a variable of the environment: NAME=$VARIABLE
    #[arg(long, value_name = "NAME=$VARIABLE")]
    pub(in crate::cli) header: Vec<String>,
}
