//! Faults in what a pod answers, whom it finds and what it is configured to do: which of them make sense, and what each
//! is inside which pod. Pure; those of data, memory and disk are `inner`'s.

use super::channel::Effect;
use super::settings::check as check_settings;
use super::shop::PodPlan;
use crate::gameday::fault::{ConfigurationSource, Fault, HttpAction, NetworkAction};
use crate::gameday::span::Span;
use crate::port::target::TargetError;

/// No answer is made later than this.
const LATE_AT_MOST: Span = Span::from_secs(60);

/// Whether the parameters make sense.
///
/// # Errors
/// Why not.
pub(super) fn check(fault: &Fault) -> Result<(), &'static str> {
    match fault {
        Fault::NetworkChaos {
            network: NetworkAction::Bandwidth { bytes_per_second: 0 }, ..
        } => Err("a bandwidth of zero lets nothing pass; use a partition"),
        Fault::HttpChaos { share, .. } if !(*share > 0.0 && *share <= 1.0) => {
            Err("the share of damaged answers must be above 0 and at most 1")
        }
        Fault::HttpChaos { http: HttpAction::Delay { latency }, .. }
            if latency.is_zero() || *latency > LATE_AT_MOST =>
        {
            Err("a delay must be above zero and at most 60 s")
        }
        Fault::HttpChaos { http: HttpAction::Status { code }, .. }
            if !(400..=599).contains(code) =>
        {
            Err("the status must be 400 to 599")
        }
        Fault::ConfigurationChange { set, .. } if set.is_empty() => {
            Err("name a setting and its value under `set`")
        }
        Fault::TrafficFlood { rps } if !(*rps > 0.0 && *rps <= 5_000.0) => {
            Err("a flood must be above 0 and at most 5000 requests a second")
        }
        _ => Ok(()),
    }
}

/// Whether the fault is one of these.
pub(super) const fn is_outer(fault: &Fault) -> bool {
    matches!(fault, Fault::HttpChaos { .. } | Fault::DnsChaos | Fault::ConfigurationChange { .. })
}

/// What the fault is inside the pod; `None` where nothing of it sits in the running process.
///
/// # Errors
/// When the pod cannot have it.
pub(super) fn effect(
    fault: &Fault,
    pod: &PodPlan,
    peers: &[PodPlan],
) -> Result<Option<Effect>, TargetError> {
    match fault {
        Fault::HttpChaos { http, share } => {
            if !pod.role.speaks_http() {
                return Err(TargetError(format!("{} does not speak HTTP", pod.name)));
            }
            Ok(Some(Effect::Http { action: *http, share: *share }))
        }
        Fault::DnsChaos => {
            let apps = names(pod, peers);
            if apps.is_empty() {
                let whom: Vec<_> = peers.iter().map(|peer| peer.name).collect();
                let whom = if whom.is_empty() { "anyone".to_owned() } else { whom.join(", ") };
                return Err(TargetError(format!(
                    "nothing goes from {} to {whom}, so it looks no such name up",
                    pod.name
                )));
            }
            Ok(Some(Effect::Names { apps }))
        }
        Fault::ConfigurationChange { source, set } => {
            check_settings(pod.role, set).map_err(TargetError)?;
            let in_file = *source == ConfigurationSource::File;
            Ok(in_file.then(|| Effect::Configuration { set: set.clone() }))
        }
        _ => Ok(None),
    }
}

/// The names that the pod looks up: those of the peers it calls, or of everyone it calls.
fn names(pod: &PodPlan, peers: &[PodPlan]) -> Vec<String> {
    let meant = |app: &&&str| peers.is_empty() || peers.iter().any(|peer| peer.role.app() == **app);
    pod.role.dials().iter().filter(meant).map(|app| (*app).to_owned()).collect()
}
