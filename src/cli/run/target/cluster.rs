//! A part of a Kubernetes cluster as the target of an exercise: whether an exercise may go there, and what it needs there.

use std::io::{IsTerminal as _, stdin};
use std::path::PathBuf;
use std::sync::{Arc, PoisonError};

use super::bench::{Bench, Beside, note};
use crate::cli::args::Run;
use crate::cli::output::complain;
use crate::cli::run::monitoring::Monitoring;
use crate::cli::run::profile::fence;
use crate::cli::typed::typed_line;
use crate::config::Folders;
use crate::config::cluster::Fence;
use crate::engine::{Bounds, Bringing, World};
use crate::exercise::command::Command;
use crate::exercise::header::Header;
use crate::exercise::said::{Said, said};
use crate::exercise::target::{Service, Topology};
use crate::gameday::cluster::{Cluster, Declared};
use crate::gameday::fault::Fault;
use crate::gameday::plan::{GameDay, Route, Target, Traffic};
use crate::gameday::text::{plain, plain_lines, printable};
use crate::kubernetes::connect::{Connection, Way};
use crate::kubernetes::excluded;
use crate::kubernetes::injector::safety::{Safety, Watch};
use crate::kubernetes::injector::{self, ClusterInjector};
use crate::kubernetes::k6::generator::{K6, News, Settings};
use crate::kubernetes::native::action::outlives;
use crate::kubernetes::observer::ClusterObserver;
use crate::kubernetes::reach::Reach;
use crate::kubernetes::reaper::away::hit;
use crate::kubernetes::sweep::sweep;
use crate::lab::{self, Place, topology_plan};
use crate::load::flood::Flood;
use crate::load::generator::Generator;
use crate::load::idle::Idle;
use crate::port::clock::Clock;
use crate::port::instruments::Instruments;
use crate::port::load::LoadGenerator;
use crate::port::source::Source;
use crate::port::target::{FaultInjector, TargetObserver as _};

/// A cluster that an exercise may go to, and that was looked at.
pub(in crate::cli) struct Reached {
    connection: Connection,
    observer: Arc<ClusterObserver>,
    cluster: Cluster,
    fence: Fence,
    watch: Watch,
    /// Whether runners of k6 make the load.
    runners: bool,
    /// Where the figures of runners of k6 are asked for.
    figures: Option<Arc<dyn Source>>,
}

/// Goes to the cluster of a game day, if it has one, as far as fences and people allow.
///
/// # Errors
/// Why an exercise may not go there, or that it cannot be reached; for people.
pub(in crate::cli) async fn reach(
    plan: &GameDay,
    args: &Run,
    folders: &Folders,
    clock: &dyn Clock,
) -> Result<Option<Reached>, String> {
    let Target::Kubernetes(cluster) = &plan.target else { return Ok(None) };
    let fence = fence(folders)?;
    let (context, namespace) = (cluster.context.as_deref(), cluster.namespace.as_deref());
    // Before anything is asked: only files are read so far.
    let way = Way::find(context, namespace).await.map_err(|error| error.0)?;
    allowed(&fence, &way.context, &way.namespace)?;
    typed(&fence, &way.context, args.context_typed.as_deref()).await?;
    // Exactly the way that was looked at: the kubeconfig may say something else by now.
    let connection = way.connect().map_err(|error| plain(&error.0))?;
    let mut cluster = cluster.clone();
    if cluster.shop {
        know_the_shop(&mut cluster);
    }
    let observer = ClusterObserver::begin(connection.clone(), cluster.clone(), clock)
        .await
        .map_err(|error| plain(&error.0))?;
    let watch = match (&fence.reaper_image, args.without_reaper) {
        (_, true) => Watch::Nobody,
        (Some(image), false) => {
            Watch::Reaper { image: image.clone(), priority: fence.reaper_priority.clone() }
        }
        (None, false) => Watch::NotAgreed,
    };
    let observer = Arc::new(observer);
    let runners = plan.generator.is_some();
    let figures = Monitoring::of_runners(plan, args, folders)?;
    Ok(Some(Reached { connection, observer, cluster, fence, watch, runners, figures }))
}

/// Its services as those of the lab, where the game day says nothing else of them.
fn know_the_shop(cluster: &mut Cluster) {
    for Service { name, depends_on, critical, .. } in topology_plan().services {
        cluster.services.entry(name).or_insert(Declared { depends_on, critical });
    }
}

fn allowed(fence: &Fence, context: &str, namespace: &str) -> Result<(), String> {
    if excluded::namespace(namespace) {
        return Err(format!(
            "namespace {} is never exercised: the cluster itself, or what watches over it, is there",
            printable(namespace, 80)
        ));
    }
    fence.allows(context, namespace)
}

/// Where a context looks like production somebody must type its name.
async fn typed(fence: &Fence, context: &str, given: Option<&str>) -> Result<(), String> {
    if !fence.is_production(context) {
        return Ok(());
    }
    let shown = printable(context, 80);
    let answer = match given {
        Some(given) => given.to_owned(),
        None if stdin().is_terminal() => {
            complain(&format!(
                "context {shown} looks like production. Type its name to exercise it, or anything else to leave:"
            ));
            typed_line().await?
        }
        None => {
            return Err(format!(
                "context {shown} looks like production: type its name with --context-typed"
            ));
        }
    };
    if answer == context {
        return Ok(());
    }
    Err(format!("context {shown} looks like production, and what was typed is not its name"))
}

impl Reached {
    /// Ends what runs that died left where this one goes, whichever machine they were on, and says so. What cannot be ended
    /// is said, too; a fault on top of it is refused when its time comes.
    pub(in crate::cli) async fn sweep(&self, clock: &dyn Clock) {
        let reach = Reach::Namespace(self.connection.namespace.clone());
        let report = sweep(&self.connection, &reach, "gameday run", clock).await;
        if !report.runs.is_empty() || !report.lines.is_empty() {
            complain(&plain_lines(&report.text()));
        }
    }

    /// The target as it was last seen.
    pub(in crate::cli) fn topology(&self) -> Topology {
        self.observer.watch().borrow().clone()
    }

    /// What breaks it, for one exercise.
    pub(in crate::cli) fn injector(
        &self,
        exercise: &str,
        plan: &GameDay,
        clock: Arc<dyn Clock>,
    ) -> ClusterInjector {
        let run = injector::run::Run {
            exercise: exercise.to_owned(),
            game_day: plan.name.clone(),
            whole: plan.duration(),
            longest: self.fence.longest,
        };
        let safety = Safety::new(self.watch.clone());
        ClusterInjector::new(self.connection.clone(), run, safety, clock)
    }

    /// Whether a fault can be done here, and would be let go of.
    ///
    /// # Errors
    /// Why not; for people.
    pub(in crate::cli) fn can(&self, fault: &Fault) -> Result<(), String> {
        // A flood is sent from here, and ends with this program.
        if matches!(fault, Fault::TrafficFlood { .. }) {
            return match self.cluster.url {
                Some(_) => Ok(()),
                None => Err("a flood is sent to the url of the target, and there is none".into()),
            };
        }
        injector::supported(fault).map_err(|error| error.0)?;
        match outlives(fault) {
            true => self.watch.allows_native().map_err(|error| error.0),
            false => Ok(()),
        }
    }

    fn what(&self) -> Said {
        let pods = self.topology().pods.len();
        let context = printable(&self.connection.context, 80);
        let namespace = printable(&self.connection.namespace, 80);
        match &self.cluster.url {
            _ if self.runners => said!(
                "target-cluster-k6",
                "Kubernetes context {context}, namespace {namespace}, {pods} pods; k6 makes the load there",
                context = context,
                namespace = namespace,
                pods = pods
            ),
            Some(url) => said!(
                "target-cluster",
                "Kubernetes context {context}, namespace {namespace}, {pods} pods; load goes to {url}",
                context = context,
                namespace = namespace,
                pods = pods,
                url = url
            ),
            None => said!(
                "target-cluster-without-url",
                "Kubernetes context {context}, namespace {namespace}, {pods} pods; no load from here: the game day names no url",
                context = context,
                namespace = namespace,
                pods = pods
            ),
        }
    }
}

impl Bench {
    /// A future that makes a world of a cluster; among `folders` is that of its door.
    pub(super) fn bring_cluster(
        &self,
        header: &Header,
        reached: Reached,
        folders: PathBuf,
        clock: Arc<dyn Clock>,
        beside: Beside,
    ) -> Bringing {
        let injector = reached.injector(&header.exercise, &header.plan, Arc::clone(&clock));
        let injector = Arc::new(injector);
        let place = self.clone();
        let exercise = header.exercise.clone();
        let mut faults = header.plan.injections().map(|(_, planned)| &planned.experiment.fault);
        let native = faults.any(outlives);
        let native = native.then(|| hit(&header.plan, &reached.topology(), header.seed));
        let k6 = self.runners_of(header, &reached, Arc::clone(&clock));
        let mut traffic: Traffic = header.plan.traffic.clone();
        Box::pin(async move {
            let folder = Place::create(&folders, &exercise)
                .map_err(|error| format!("{}: {error}", folders.display()))?;
            drop(place.folder.set(folder.path().to_owned()));
            *place.place.lock().unwrap_or_else(PoisonError::into_inner) = Some(folder);
            drop(place.cluster.set(Arc::clone(&injector)));
            injector.begin(native.as_deref()).await.map_err(|error| plain(&error.0))?;
            place.up.send_replace(true);
            if traffic.routes.is_empty() {
                traffic.routes = match reached.cluster.shop {
                    true => lab::traffic(),
                    false => vec![first_page()],
                };
            }
            let inside = reached.cluster.shop.then(|| reached.observer.instruments(clock.clone()));
            let what = reached.what();
            let url = reached.cluster.url.clone();
            let faults: Arc<dyn FaultInjector> = match &url {
                Some(url) => Arc::new(Flood::new(injector, url.clone(), Arc::clone(&clock))),
                None => injector,
            };
            let load: Arc<dyn LoadGenerator> = match (k6, &url) {
                (Some(k6), _) => {
                    let k6 = Arc::new(K6::new(k6));
                    drop(place.runners.set(Arc::clone(&k6)));
                    k6
                }
                (None, Some(_)) => Arc::new(Generator::new(clock)),
                (None, None) => Arc::new(Idle::default()),
            };
            let allowed_hosts = url.as_deref().and_then(host).into_iter().collect();
            Ok(World {
                observer: reached.observer.clone(),
                injector: faults,
                instruments: inside.map(|inside| Arc::new(inside) as Arc<dyn Instruments>),
                news: Some(reached.observer.clone()),
                monitoring: beside.monitoring,
                silencer: beside.silencer,
                data: None,
                levers: None,
                certificate_authority: None,
                bounds: Bounds::CLUSTER,
                load,
                base_url: url.unwrap_or_default(),
                what,
                allowed_hosts,
                traffic,
            })
        })
    }
}

impl Bench {
    /// Runners of k6 that make the load, where the game day says so.
    fn runners_of(
        &self,
        header: &Header,
        reached: &Reached,
        clock: Arc<dyn Clock>,
    ) -> Option<Settings> {
        let bench = self.clone();
        let tell = Arc::new(move |news| bench.tell(news));
        let (plan, source) = (&header.plan, reached.figures.clone());
        Settings::of(plan, &header.exercise, &reached.connection, source, clock, tell)
    }

    /// Says in the exercise what happens to the runners.
    fn tell(&self, news: News) {
        let Some(orders) = self.orders.get() else { return };
        orders.send(match news {
            News::Note(text) => note(text),
            News::Failed(why) => Command::LoadHasFailed { error: plain(&why).into() },
        });
    }
}

/// What customers ask for where the game day does not say.
fn first_page() -> Route {
    Route {
        name: "first page".to_owned(),
        method: "GET".to_owned(),
        path: "/".to_owned(),
        weight: 1,
        spread: 1,
        headers: Vec::new(),
        body: None,
    }
}

fn host(url: &str) -> Option<String> {
    let uri: http::Uri = url.parse().ok()?;
    uri.host().map(str::to_owned)
}
