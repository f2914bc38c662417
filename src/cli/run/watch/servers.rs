//! The servers that are asked: from the arguments, a profile, or the environment. Not the asking.

use std::sync::Arc;

use crate::cli::args::Watch as Args;
use crate::cli::run::access::{self, Said};
use crate::cli::run::profile::profile;
use crate::config::Folders;
use crate::config::profile::Profile;
use crate::gameday::span::Span;
use crate::kubernetes::readiness::Readiness;
use crate::metrics::access::Access;
use crate::metrics::alertmanager::Alertmanager;
use crate::metrics::command::Commands;
use crate::metrics::probe::Probe;
use crate::metrics::prometheus::Prometheus;
use crate::metrics::several::Several;
use crate::port::alerts::AlertSource;
use crate::port::clock::Clock;
use crate::port::source::Source;

/// A probe or a command may take so long.
const LIMIT: Span = Span::from_secs(10);

/// Who is asked.
pub(super) struct Servers {
    /// The server of metrics; `None`: only probes and commands are asked.
    pub(super) prometheus: Option<Arc<Prometheus>>,
    /// All of them as one.
    pub(super) source: Arc<Several>,
    /// Who counts pods.
    pub(super) cluster: Arc<Readiness>,
    /// Who knows alerts.
    pub(super) alerts: Option<Arc<dyn AlertSource>>,
    /// The file of the profile that says what is watched.
    pub(super) file: Option<String>,
}

impl Servers {
    /// Makes them ready; asks nothing yet.
    ///
    /// # Errors
    /// When none is named, or something of the settings cannot be used; for people.
    pub(super) fn of(
        args: &Args,
        folders: &Folders,
        clock: &Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let profile = profile(args.profile.as_deref(), folders)?;
        let said = |typed, of_profile| Said {
            typed,
            shown: &args.shown,
            named: args.profile.is_some(),
            of_profile,
        };
        let of_profile = |which: fn(&Profile) -> &Option<Access>| which(profile.as_ref()?).clone();
        let typed = args.prometheus.as_deref();
        let way = said(typed, of_profile(|one| &one.prometheus));
        let prometheus = way.way(access::PROMETHEUS)?;
        let others = !args.probe.is_empty() || args.kubernetes.is_some();
        if prometheus.is_none() && !others && args.file.is_empty() {
            return Err("say what to watch: --prometheus http://HOST:9090, the variable \
                        PROMETHEUS_URL, a profile of config.yaml, --probe https://HOST/, or --kubernetes NAMESPACE"
                .to_owned());
        }
        let prometheus = prometheus.map(|access| made(&access)).transpose()?;
        let typed = args.alertmanager.as_deref();
        let way = said(typed, of_profile(|one| &one.alertmanager));
        let alerts = way.way(access::ALERTMANAGER)?;
        let alerts: Option<Arc<dyn AlertSource>> = match (alerts, &prometheus) {
            (Some(access), _) => Some(Arc::new(Alertmanager::new(&access).map_err(|why| why.0)?)),
            (None, Some(prometheus)) => Some(Arc::clone(prometheus) as _),
            (None, None) => None,
        };
        let probe = Probe::new(args.shown.ca_file.as_deref(), LIMIT, Arc::clone(clock));
        let probe = Arc::new(probe.map_err(|why| why.0)?);
        let commands = args
            .allow_commands
            .then(|| Arc::new(Commands::new(LIMIT, Arc::clone(clock))) as Arc<dyn Source>);
        let server = prometheus.clone().map(|one| one as Arc<dyn Source>);
        let (context, namespace) = (args.context.clone(), args.kubernetes.clone());
        let cluster = Arc::new(Readiness::new(context, namespace, Arc::clone(clock)));
        let source = Arc::new(Several { server, probe, commands, cluster: cluster.clone() });
        let file = profile.and_then(|one| one.watch).map(|path| path.display().to_string());
        Ok(Self { prometheus, source, cluster, alerts, file })
    }

    /// Where the server of metrics is, or what stands for it.
    pub(super) fn place(&self, args: &Args) -> String {
        match &self.prometheus {
            Some(_) => self.source.place().to_owned(),
            None if args.kubernetes.is_some() => self.cluster.place().to_owned(),
            None => args.probe.first().cloned().unwrap_or_else(|| "commands".to_owned()),
        }
    }
}

fn made(access: &Access) -> Result<Arc<Prometheus>, String> {
    Prometheus::new(access).map(Arc::new).map_err(|why| why.0)
}
