//! What panels could be looked at, from the metrics that there are. Pure: the same metrics, the same offers.

mod cluster;
mod convention;
mod family;
mod lab;
mod machine;
mod promql;
mod requests;
mod serving;

use std::collections::BTreeSet;

use super::catalogue::Catalogue;
use crate::exercise::panel::Panel;
use crate::gameday::matcher::Matcher;
use crate::gameday::span::Span;

pub use family::Family;

/// A panel that is offered.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// The panel.
    pub panel: Panel,
    /// By which convention it was recognised.
    pub family: Family,
    /// The metric it stands on.
    pub metric: String,
    /// Whether it belongs to the few to begin with.
    pub advised: bool,
}

/// The offers, what customers feel first. Rates are over `window`; all of them look only at what fits `narrow`.
pub fn offers(catalogue: &Catalogue, window: Span, narrow: &[Matcher]) -> Vec<Offer> {
    let mut all = Vec::new();
    for family in Family::ALL {
        let panels = match family {
            Family::Lab => lab::panels(catalogue, window, narrow),
            Family::Kubernetes => cluster::panels(catalogue, narrow),
            Family::Node => machine::panels(catalogue, window, narrow),
            other => serving::panels(other, catalogue, window, narrow),
        };
        // Who customers meet first stands for all who serve requests.
        let first = !all.iter().any(|offer: &Offer| offer.family.serves_requests());
        for found in panels {
            let advised = found.advised && (first || !family.serves_requests());
            let (panel, metric) = (found.panel, found.metric);
            all.push(Offer { panel, family, metric, advised });
        }
    }
    all
}

/// The metrics whose kinds and labels the offers depend on, of those that there are.
pub fn wanted(catalogue: &Catalogue) -> BTreeSet<String> {
    let stems = convention::ALL.iter().flat_map(|one| one.counts.iter().chain(one.latency_stems()));
    let names =
        stems.flat_map(|stem| ["", "_bucket", "_count"].map(|ending| format!("{stem}{ending}")));
    names.filter(|name| catalogue.has(name)).collect()
}
