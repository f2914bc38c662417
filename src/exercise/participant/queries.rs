//! What participants are told of queries: the names of those that promises and the steady state stand on, so that their panels
//! have values; never what is asked, nor what the server says of it.

use super::names::Names;
use crate::exercise::event::Event;
use crate::exercise::reading::Reading;
use crate::exercise::watch::Asking;
use crate::gameday::metric::Metric;
use crate::gameday::plan::{AskedFor, GameDay, Limit};
use crate::gameday::query::Query;

/// The queries that participants are told of.
#[derive(Clone, Debug)]
pub(super) struct Queries {
    /// All of the plan.
    planned: Vec<Query>,
    told: Vec<Told>,
}

/// One that is told.
#[derive(Clone, Debug)]
struct Told {
    /// Its place in the plan.
    place: usize,
    itself: Query,
    /// As it is called: perhaps not by its own name, which may be that of a fault.
    called: Query,
}

impl Queries {
    /// Those of a plan.
    pub(super) fn of(plan: &GameDay, names: &Names) -> Self {
        let promised = plan.slos.iter().map(|slo| &slo.limit).chain(&plan.steady_state);
        let metrics: Vec<Metric> = promised.map(|limit| limit.metric).collect();
        let planned: Vec<Query> = plan.queries.iter().map(|one| one.query).collect();
        let used = planned.iter().enumerate();
        let used = used.filter(|(_, query)| metrics.contains(&Metric::Asked(**query)));
        let told = used.map(|(place, query)| {
            let name = names.covered(query.name(), || format!("query-{}", place + 1));
            let called = Query::new(&name, query.unit()).unwrap_or(*query);
            Told { place, itself: *query, called }
        });
        Self { told: told.collect(), planned }
    }

    /// As they stand in the plan that is told.
    pub(super) fn plan(&self) -> Vec<AskedFor> {
        let one = |told: &Told| AskedFor { query: told.called, promql: String::new() };
        self.told.iter().map(one).collect()
    }

    /// A limit as it is told.
    pub(super) fn limit(&self, limit: &Limit) -> Limit {
        let metric = match limit.metric {
            Metric::Asked(query) => Metric::Asked(self.called(query).unwrap_or(query)),
            other => other,
        };
        Limit { metric, ..limit.clone() }
    }

    /// An event as it is told; `None`: it is about a query that is not.
    pub(super) fn event(&self, mut event: Event) -> Option<Event> {
        match &mut event {
            Event::Observed(reading) => self.reading(reading),
            Event::SteadyStateChecked { findings, .. } => {
                for finding in findings {
                    finding.limit = self.limit(&finding.limit);
                }
            }
            Event::AskingChanged { query, asking } if !self.planned.is_empty() => {
                *query = self.told.iter().position(|told| told.place == *query)?;
                let Asking { silent, came, empty, .. } = asking.clone();
                *asking = Asking { silent, came, empty, why: None, note: None };
            }
            _ => {}
        }
        Some(event)
    }

    fn reading(&self, reading: &mut Reading) {
        // A watch has no plan: everybody may see what it asks for.
        if self.planned.is_empty() {
            return;
        }
        let asked = std::mem::take(&mut reading.asked).into_iter();
        reading.asked =
            asked.filter_map(|(query, value)| Some((self.called(query)?, value))).collect();
    }

    fn called(&self, query: Query) -> Option<Query> {
        self.told.iter().find(|told| told.itself == query).map(|told| told.called)
    }
}
