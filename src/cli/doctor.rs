//! `gameday doctor`: whether a game day can run on its target and be undone there. Changes nothing.

mod local;

use super::args::{Doctor, Where};
use super::find::find;
use super::run::access;
use super::run::profile::fence;
use super::said::Said;
use crate::config::Folders;
use crate::gameday::plan::{GameDay, Target};
use crate::gameday::text::plain;
use crate::kubernetes::connect::connect;
use crate::kubernetes::doctor::facts::Wants;
use crate::kubernetes::doctor::finding::{self, Finding, Level};
use crate::kubernetes::doctor::gather::gather;
use crate::kubernetes::doctor::judge::judge;
use crate::kubernetes::excluded;
use crate::metrics::prometheus::Prometheus;
use crate::port::clock::Clock;
use crate::port::source::{Ask, Over, Source as _};

/// Looks, and says what was found.
///
/// # Errors
/// When there is no such game day, or nothing can be written as JSON; for people.
pub(super) async fn doctor(
    asked: &Doctor,
    folders: &Folders,
    clock: &dyn Clock,
) -> Result<Said, String> {
    let plan = match &asked.name {
        Some(name) => Some(find(name, None, None, folders)?),
        None => None,
    };
    let mut findings = match plan.as_ref().map(|plan| &plan.target) {
        Some(Target::Lab) => local::lab(folders),
        Some(Target::Url { url }) => vec![local::reaches(url).await],
        Some(Target::Kubernetes(_)) | None => {
            cluster(plan.as_ref(), &asked.place, folders, clock).await
        }
    };
    findings.extend(local::machine(folders));
    let address = plan.as_ref().and_then(|plan| plan.prometheus.clone());
    if let Some(address) = asked.prometheus.clone().or(address) {
        // What was named is what will be asked; what the cluster has beside it does not matter.
        findings.retain(|one| one.about != "prometheus");
        findings.push(measures(asked, &address, clock).await);
    }
    let success = !findings.iter().any(|one| one.level == Level::Error);
    let text = match asked.json {
        true => finding::json(&findings)?,
        false => finding::text(&findings),
    };
    Ok(Said { text, notes: String::new(), success })
}

async fn cluster(
    plan: Option<&GameDay>,
    place: &Where,
    folders: &Folders,
    clock: &dyn Clock,
) -> Vec<Finding> {
    let known = plan.and_then(|plan| match &plan.target {
        Target::Kubernetes(cluster) => Some(cluster),
        _ => None,
    });
    let context = place.context.clone().or(known.and_then(|one| one.context.clone()));
    let namespace = place.namespace.clone().or(known.and_then(|one| one.namespace.clone()));
    let connection = match connect(context.as_deref(), namespace.as_deref()).await {
        Ok(connection) => connection,
        Err(error) => {
            let mend = "set KUBECONFIG, or name another context with --context";
            return vec![Finding::error("api", plain(&error.0), mend)];
        }
    };
    let mut findings = Vec::new();
    let wall = match fence(folders) {
        Ok(fence) => {
            if fence.is_production(&connection.context) {
                let what = format!("context {} looks like production", connection.context);
                let mend = "its name has to be typed before anything is broken there";
                findings.push(Finding::warning("fence", what, mend));
            }
            if fence.reaper_image.is_none() && plan.is_some_and(|plan| Wants::of(plan).reaper) {
                let what = "no image of the reaper is named: native faults need consent (--without-reaper)";
                let mend = "name kubernetes.reaper_image in config.yaml";
                findings.push(Finding::warning("reaper", what, mend));
            }
            fence.allows(&connection.context, &connection.namespace).err()
        }
        Err(why) => Some(why),
    };
    let never = excluded::namespace(&connection.namespace)
        .then(|| format!("namespace {} is never exercised", connection.namespace));
    let wants = plan.map(Wants::of).unwrap_or_default();
    let facts = gather(&connection, wants, never.or(wall), clock).await;
    let mut all = judge(&facts);
    all.extend(findings);
    all
}

/// Whether a Prometheus answers.
async fn measures(asked: &Doctor, address: &str, clock: &dyn Clock) -> Finding {
    let mend = "mend the address; gameday watch --prometheus says more";
    // A token of the environment is shown to nobody whom only the file names.
    let way = access::to(address, &asked.shown, asked.prometheus.is_some());
    let source = match way.and_then(|way| Prometheus::new(&way).map_err(|why| why.0)) {
        Ok(source) => source,
        Err(why) => return Finding::error("prometheus", why, mend),
    };
    let ask = Ask { query: "vector(1)".to_owned(), over: Over::At(clock.wall_millis()) };
    match source.ask(&ask).await {
        Ok(_) => Finding::ok("prometheus", format!("{} answers", source.place())),
        Err(error) => Finding::error("prometheus", error.to_string(), mend),
    }
}
