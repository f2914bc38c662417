//! Arguments of an import, as typed. Not what they mean.

use std::path::PathBuf;

use clap::Args;

/// What to make a game day of.
#[derive(Debug, Args)]
pub(in crate::cli) struct Import {
    /// Manifests of Chaos Mesh, experiments of Chaos Toolkit (YAML or JSON), or folders of them, which are taken in the order of their
    /// names; - reads standard input
    #[arg(required = true, value_name = "FILE|FOLDER")]
    pub(in crate::cli) files: Vec<PathBuf>,
    /// Write into this new file, instead of standard output
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) out: Option<PathBuf>,
    /// What people call it
    #[arg(long, value_name = "TEXT")]
    pub(in crate::cli) title: Option<String>,
    /// The namespace of the pods, instead of that of the files
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) namespace: Option<String>,
    /// Where customers go, as seen from this machine: load is sent there, and their steady state is looked at before and after
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) url: Option<String>,
    /// The Prometheus that is asked whether the pods are up, before and after
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) prometheus: Option<String>,
    /// Time to recover after each experiment
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = humantime::parse_duration)]
    pub(in crate::cli) recovery: std::time::Duration,
}
