//! Panels of a cluster of Kubernetes, from kube-state-metrics. Not of what runs in it.

use super::family::Family;
use super::promql::{both, selector};
use super::requests::Made;
use crate::exercise::said::{Said, said};
use crate::gameday::matcher::Matcher;
use crate::gameday::metric::Unit;
use crate::metrics::catalogue::Catalogue;

const READY: &str = "kube_pod_status_ready";
const PHASE: &str = "kube_pod_status_phase";
const RESTARTS: &str = "kube_pod_container_status_restarts_total";
const UNAVAILABLE: &str = "kube_deployment_status_replicas_unavailable";

/// The panels.
pub(super) fn panels(catalogue: &Catalogue, narrow: &[Matcher]) -> Vec<Made> {
    let mut made = Vec::new();
    if catalogue.has(READY) {
        let lacking = selector(READY, &both(narrow, &[Matcher::is("condition", "false")]));
        // Who has done its work is not ready either, and nothing is wrong with that.
        let done = selector(PHASE, &both(narrow, &[Matcher::is("phase", "Succeeded")]));
        let query = if catalogue.has(PHASE) {
            format!("sum({lacking} unless on (namespace, pod) ({done} == 1))")
        } else {
            format!("sum({lacking})")
        };
        let title = said!("offer-not-ready", "Pods not ready");
        made.push(one("not-ready", title, query, READY));
    }
    if catalogue.has(RESTARTS) {
        let query = format!("sum(changes({}[10m]))", selector(RESTARTS, narrow));
        let title = said!("offer-restarts", "Containers restarted in 10 min");
        made.push(one("restarts", title, query, RESTARTS));
    }
    if catalogue.has(UNAVAILABLE) {
        let query = format!("sum({})", selector(UNAVAILABLE, narrow));
        let title = said!("offer-unavailable", "Replicas unavailable");
        made.push(one("unavailable", title, query, UNAVAILABLE));
    }
    made
}

fn one(name: &str, title: Said, query: String, metric: &str) -> Made {
    let made = Made::beside(Family::Kubernetes, name, title, query, (Unit::Count, metric));
    Made { advised: metric != UNAVAILABLE, ..made }
}
