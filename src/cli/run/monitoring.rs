//! The Prometheus that the queries of a game day go to: which one it is, whether it takes each of them, and what asks it
//! while the exercise runs. Not what comes of the answers.

use std::sync::Arc;

use super::access::{self, PROMETHEUS, Said};
use super::profile::profile;
use crate::cli::args::Run;
use crate::cli::output::complain;
use crate::config::Folders;
use crate::exercise::header::Header;
use crate::exercise::panel::Panel;
use crate::exercise::said;
use crate::exercise::watch::{Watch, Watched};
use crate::gameday::plan::{AskedFor, GameDay};
use crate::gameday::span::Span;
use crate::gameday::text::{plain, printable};
use crate::metrics::access::Access;
use crate::metrics::prometheus::Prometheus;
use crate::metrics::schedule::Pace;
use crate::metrics::watcher::Watcher;
use crate::port::clock::Clock;
use crate::port::instruments::Instruments;
use crate::port::source::{Ask, Over, Source};
use crate::port::trouble::Remedy;

/// How often each query is asked: guardrails wait for the answers.
const EVERY: Span = Span::from_secs(2);

/// Steps of a time before; nothing of it is asked for.
const STEP: Span = Span::from_secs(15);

/// So much of a query is shown.
const SHOWN: usize = 300;

/// The Prometheus of an exercise.
pub(super) struct Monitoring(Arc<Prometheus>);

impl Monitoring {
    /// The one that is meant, which has answered everything; `None`: the game day asks nothing. From then on the plan says
    /// which one it is, without anything secret.
    ///
    /// # Errors
    /// When nobody says which, or it cannot be asked, or does not take a query.
    pub(super) async fn ready(
        plan: &mut GameDay,
        args: &Run,
        folders: &Folders,
        clock: &dyn Clock,
    ) -> Result<Option<Self>, String> {
        if plan.queries.is_empty() {
            return Ok(None);
        }
        let access = way(plan, args, folders)?;
        let prometheus = Prometheus::new(&access).map_err(|why| why.0)?;
        let monitoring = Self(Arc::new(prometheus));
        monitoring.answers(plan, clock).await?;
        plan.prometheus = Some(monitoring.0.place().to_owned());
        Ok(Some(monitoring))
    }

    /// Asks everything once.
    ///
    /// # Errors
    /// When the server does not answer, or does not take a query: everything that it does not take.
    async fn answers(&self, plan: &GameDay, clock: &dyn Clock) -> Result<(), String> {
        let mut refused = Vec::new();
        for AskedFor { query, promql } in &plan.queries {
            let ask = Ask { query: promql.clone(), over: Over::At(clock.wall_millis()) };
            let name = query.name();
            let shown = || format!("{name}: {}", printable(promql, SHOWN));
            match self.0.ask(&ask).await {
                Ok(found) => {
                    let series = found.tracks.len() + found.left_off;
                    if series > 1 {
                        let mend = "add them up, as with sum(…), or narrow it";
                        let what = format!("{series} series come where one is expected: {mend}");
                        refused.push(format!("{}\n    {what}", shown()));
                    } else if found.figure().is_none() {
                        complain(&plain(&format!(
                            "{}: no data now; what rests on it has no data until there is some",
                            shown()
                        )));
                    }
                }
                Err(error) if error.trouble.remedy() == Remedy::Query => {
                    refused.push(format!("{}\n    {error}", shown()));
                }
                Err(error) => return Err(format!("cannot ask {}\n    {error}", shown())),
            }
        }
        if refused.is_empty() {
            return Ok(());
        }
        Err(format!("these queries cannot be used:\n  {}", refused.join("\n  ")))
    }

    /// The server that runners of k6 write to, as far as anybody says which one; it is asked for their figures.
    pub(super) fn of_runners(
        plan: &GameDay,
        args: &Run,
        folders: &Folders,
    ) -> Result<Option<Arc<dyn Source>>, String> {
        if plan.generator.is_none() {
            return Ok(None);
        }
        // Without one there are no figures, which is said where the load is begun.
        let Ok(access) = way(plan, args, folders) else { return Ok(None) };
        let prometheus = Prometheus::new(&access).map_err(|why| why.0)?;
        Ok(Some(Arc::new(prometheus)))
    }

    /// Who asks while the exercise runs.
    pub(super) fn eyes(&self, header: &Header, clock: Arc<dyn Clock>) -> Arc<dyn Instruments> {
        let panels = header.plan.queries.iter().map(watched).collect();
        let source = self.0.place().to_owned();
        Arc::new(Watcher {
            source: Arc::clone(&self.0) as _,
            alerts: None,
            clock,
            watch: Watch { source, alerts: None, panels, services: Vec::new(), short: Vec::new() },
            pace: Pace { interval: EVERY, ..Pace::default() },
            before: Span::ZERO,
            // Rules act on what is, second by second.
            gap: Span::ZERO,
            step: STEP,
            began: header.began,
            seed: header.seed,
        })
    }
}

fn watched(AskedFor { query, promql }: &AskedFor) -> Watched {
    let panel = Panel {
        name: query.name().to_owned(),
        group: String::new(),
        title: said::Said::from(query.name()),
        query: promql.clone(),
        unit: query.unit(),
        worse: None,
        metric: None,
    };
    Watched { panel, query: *query }
}

/// The way to the server: what was typed, a profile that is named, the file, the environment, the usual profile. Files are
/// passed around: the token of the environment is shown only where the person who runs it says that it belongs.
fn way(plan: &GameDay, args: &Run, folders: &Folders) -> Result<Access, String> {
    let said = args.prometheus.as_deref().filter(|address| !address.trim().is_empty());
    let named = args.profile.as_deref();
    let of_profile = match (said, named) {
        (Some(_), None) => None,
        _ => profile(named, folders)?.and_then(|one| one.prometheus),
    };
    let goes_before = said.is_some() || (named.is_some() && of_profile.is_some());
    if let Some(address) = plan.prometheus.as_deref().filter(|_| !goes_before) {
        let variable = std::env::var(PROMETHEUS).unwrap_or_default();
        return access::to(address, &args.shown, same(&variable, address));
    }
    let said = Said { typed: said, shown: &args.shown, named: named.is_some(), of_profile };
    said.way(PROMETHEUS)?.ok_or_else(|| {
        format!(
            "{} has queries, and nobody says which Prometheus is asked: write prometheus: http://HOST:9090 into the file, or give --prometheus, --profile or the variable {PROMETHEUS}",
            plan.name
        )
    })
}

fn same(one: &str, other: &str) -> bool {
    one.trim().trim_end_matches('/') == other.trim().trim_end_matches('/')
}
