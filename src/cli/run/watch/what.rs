//! What is watched: chosen from what the metrics offer, or read from files. Not the watching.

use std::path::Path;

use crate::cli::fresh::filled;
use crate::exercise::panel::{Panel, Worse};
use crate::exercise::said::{Said, said};
use crate::exercise::watch::Watched;
use crate::gameday::matcher::Matcher;
use crate::gameday::measure::parse::parse_trigger;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::plan::{Limit, Slo};
use crate::gameday::query::{LONGEST_NAME, Query};
use crate::gameday::service::Service;
use crate::gameday::span::Span;
use crate::gameday::watch::{PanelFile, WatchFile};
use crate::gameday::write;
use crate::kubernetes::readiness::{Kind, Workload};
use crate::metrics::address::Address;
use crate::metrics::offer::Offer;
use crate::metrics::secret::Auth;
use crate::metrics::several::{KUBERNETES, PROBE};

/// No watch has more panels: one server answers for all of them.
const MOST_PANELS: usize = 100;

/// What pages that are looked at belong to.
const PROBED: &str = "probe";

/// Everything that is watched.
#[derive(Debug, Default)]
pub(super) struct What {
    /// What people call it.
    pub(super) title: Option<String>,
    pub(super) panels: Vec<Watched>,
    pub(super) services: Vec<Service>,
    /// What has a limit, and what is shown as a chart without one.
    pub(super) slos: Vec<Slo>,
}

impl What {
    /// One more panel, with its limit; `chart`: also without one it is drawn as a chart.
    pub(super) fn add(
        &mut self,
        panel: Panel,
        (min, max): (Option<f64>, Option<f64>),
        chart: bool,
    ) -> Result<(), String> {
        if self.panels.len() == MOST_PANELS {
            return Err(format!(
                "more than {MOST_PANELS} panels: leave some out, or watch in several terminals"
            ));
        }
        self.is_new(&panel)?;
        if let Some(page) = panel.query.strip_prefix(PROBE) {
            shown(page)?;
        }
        let query = Query::new(&panel.name, panel.unit)?;
        if min.is_some() || max.is_some() || chart {
            let limit = Limit { metric: Metric::Asked(query), min, max };
            let felt = panel.metric.map(|metric| metric.to_string());
            let name = felt.filter(|name| !self.slos.iter().any(|slo| slo.name == *name));
            self.slos.push(Slo { name: name.unwrap_or_else(|| panel.name.clone()), limit });
        }
        self.panels.push(Watched { panel, query });
        Ok(())
    }

    /// A panel of a file.
    pub(super) fn add_file(&mut self, file: WatchFile) -> Result<(), String> {
        let WatchFile { title, panels, services, .. } = file;
        self.title = self.title.take().or(title);
        for one in panels {
            let limits = (one.min, one.max);
            self.add(panel(one), limits, true)?;
        }
        for service in services {
            self.add_service(service)?;
        }
        Ok(())
    }

    /// A page that must answer, and how long it takes.
    pub(super) fn add_probe(&mut self, url: &str) -> Result<(), String> {
        let shown = shown(url)?;
        let number = self.panels.iter().filter(|one| one.panel.group == PROBED).count() / 2 + 1;
        let panel = |part: &str, unit, worse| Panel {
            name: format!("probe-{number}-{part}"),
            group: PROBED.to_owned(),
            title: said!("probe-title", "{url} {part}", url = &shown, part = part),
            query: format!("{PROBE}{url} {part}"),
            unit,
            worse: Some(worse),
            metric: None,
        };
        self.add(panel("success", Unit::Share, Worse::Lower), (Some(1.0), None), true)?;
        self.add(panel("duration", Unit::Millis, Worse::Higher), (None, None), true)
    }

    /// How many pods of a workload are ready.
    pub(super) fn add_workload(&mut self, workload: &Workload) -> Result<(), String> {
        let panel = Panel {
            name: panel_name(workload),
            group: "ready".to_owned(),
            title: said!("ready-title", "{workload} ready", workload = workload.to_string()),
            query: format!("{KUBERNETES}{workload}"),
            unit: Unit::Share,
            worse: Some(Worse::Lower),
            metric: None,
        };
        self.add(panel, (None, None), true)
    }

    /// A service, and a panel of what of it is good.
    fn add_service(&mut self, service: Service) -> Result<(), String> {
        let panel = Panel {
            name: service.name.clone(),
            group: "SLO".to_owned(),
            title: Said::from(service.title.as_str()),
            query: format!("1 - ({})", service.share_over(GOOD_OVER)),
            unit: Unit::Share,
            worse: Some(Worse::Lower),
            metric: None,
        };
        self.add(panel, (Some(service.objective), None), true)?;
        self.services.push(service);
        Ok(())
    }

    /// Whether there is a panel of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.panels.iter().any(|one| one.panel.name == name)
    }

    fn is_new(&self, panel: &Panel) -> Result<(), String> {
        match self.has(&panel.name) {
            true => Err(format!("two panels are called {}: give one another name", panel.name)),
            false => Ok(()),
        }
    }

    /// The limit on the panel of this name.
    pub(super) fn limit_of(&self, name: &str) -> Option<&Limit> {
        self.limit_on(self.panels.iter().find(|one| one.panel.name == name)?.query)
    }

    fn limit_on(&self, query: Query) -> Option<&Limit> {
        let mut limits = self.slos.iter().map(|slo| &slo.limit);
        limits.find(|limit| limit.metric == Metric::Asked(query))
    }

    /// Adds what was chosen elsewhere.
    pub(super) fn append(&mut self, other: Self) -> Result<(), String> {
        other.panels.iter().try_for_each(|one| self.is_new(&one.panel))?;
        self.panels.extend(other.panels);
        self.slos.extend(other.slos);
        Ok(())
    }

    /// Puts what has a limit before what has none.
    pub(super) fn in_order(&mut self) {
        self.slos.sort_by_key(|slo| !slo.limit.is_bound());
    }

    /// Writes it to a new file; says so.
    pub(super) fn save(&self, path: &Path, every: Span) -> Result<String, String> {
        filled("--save", path, &write::watch(&self.as_file(every)))?;
        let shown = path.display();
        Ok(format!("wrote {shown}; watch it again with --file {shown}"))
    }

    /// The same as a file.
    fn as_file(&self, every: Span) -> WatchFile {
        let of_service = |name: &str| self.services.iter().any(|one| one.name == name);
        let panels = self.panels.iter().filter(|one| !of_service(&one.panel.name));
        let panels = panels.map(|one| {
            let limit = self.limit_on(one.query);
            PanelFile {
                name: one.panel.name.clone(),
                title: one.panel.title.to_string(),
                group: one.panel.group.clone(),
                query: one.panel.query.clone(),
                unit: one.panel.unit,
                min: limit.and_then(|limit| limit.min),
                max: limit.and_then(|limit| limit.max),
            }
        });
        WatchFile {
            title: self.title.clone(),
            every: Some(every),
            panels: panels.collect(),
            services: self.services.clone(),
        }
    }
}

/// The address of a page that is looked at, which stands in the recording for everybody.
fn shown(page: &str) -> Result<String, String> {
    let url = page.split_whitespace().next().unwrap_or_default();
    let (address, auth) = Address::parse(url).map_err(|why| format!("probe: {}", why.0))?;
    if auth != Auth::Nobody {
        return Err(format!(
            "probe: leave the user and the password out of {}: what is watched stands in the recording",
            address.shown()
        ));
    }
    Ok(address.shown().to_owned())
}

/// What the panel of a workload is called: `ready-web-app`, `ready-statefulset-database`.
fn panel_name(workload: &Workload) -> String {
    let whole = match workload.kind {
        Kind::Deployment => format!("ready-{}", workload.name),
        _ => format!("ready-{workload}"),
    };
    whole.replace(['.', '/'], "-").chars().take(LONGEST_NAME).collect()
}

/// What a panel of a service stands for.
const GOOD_OVER: Span = Span::from_secs(300);

fn panel(file: PanelFile) -> Panel {
    let worse = match (file.min, file.max) {
        (Some(_), None) => Some(Worse::Lower),
        (None, Some(_)) => Some(Worse::Higher),
        _ => None,
    };
    Panel {
        name: file.name,
        group: file.group,
        title: Said::from(file.title.as_str()),
        query: file.query,
        unit: file.unit,
        worse,
        metric: None,
    }
}

/// The offers that are taken, with the limits that are wanted on them.
pub(super) fn offered(offers: &[Offer], limits: &[Limit], all: bool) -> Result<What, String> {
    let mut what = What::default();
    let known: Vec<Metric> = offers.iter().filter_map(|offer| offer.panel.metric).collect();
    for limit in limits {
        if !known.contains(&limit.metric) {
            let names: Vec<String> = known.iter().map(ToString::to_string).collect();
            return Err(format!(
                "no metric offers {}; there are: {}",
                limit.metric,
                if names.is_empty() { "none".to_owned() } else { names.join(", ") }
            ));
        }
    }
    let mut open: Vec<&Limit> = limits.iter().collect();
    for offer in offers {
        // Who customers meet first has the limit.
        let limit = open.iter().position(|limit| Some(limit.metric) == offer.panel.metric);
        let limit = limit.map(|place| open.remove(place));
        if !(all || offer.advised || limit.is_some()) {
            continue;
        }
        let felt = offer.panel.metric.is_some() && offer.advised;
        let bounds = (limit.and_then(|limit| limit.min), limit.and_then(|limit| limit.max));
        what.add(offer.panel.clone(), bounds, felt)?;
    }
    Ok(what)
}

/// A limit as it is typed: `availability >= 99.9%`.
pub(super) fn limit(text: &str) -> Result<Limit, String> {
    let rule = parse_trigger(text).map_err(|error| format!("--slo {text}: {error}"))?;
    let (min, max) = rule.bounds().map_err(|why| format!("--slo {text}: {why}"))?;
    Ok(Limit { metric: rule.metric, min, max })
}

/// A label as it is typed: `job=shop`.
pub(super) fn only(text: &str) -> Result<Matcher, String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => {
            let value = value.trim().trim_matches('"');
            Ok(Matcher::is(name.trim(), value))
        }
        _ => Err(format!("--only {text}: write LABEL=VALUE, for example job=shop")),
    }
}
