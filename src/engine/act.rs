//! Carries effects out: each in a task of its own, with a bound on its time; the outcome comes back as a command.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use futures::future::join_all;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::beside::Beside;
use super::bounded::bounded;
use super::look::look;
use super::message::Message;
use super::timekeeper::Timekeeper;
use super::world::{Bounds, World};
use crate::exercise::alert::SilenceOrder;
use crate::exercise::blast;
use crate::exercise::command::Command;
use crate::exercise::effect::Effect;
use crate::exercise::header::Header;
use crate::exercise::id::{InjectionId, LeverId};
use crate::exercise::lever::Lever;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::silencing::time_of_day;
use crate::exercise::undo::Undo;
use crate::gameday::fault::Experiment;
use crate::gameday::load::RateCurve;
use crate::gameday::plan::PlannedInjection;
use crate::gameday::span::Span;
use crate::port::alerts::Silencer;
use crate::port::instruments::Instruments;
use crate::port::load::LoadOrder;
use crate::port::target::{FaultInjector, FaultOrder};

const DATA_TIME: Duration = Duration::from_secs(15);
const SILENCE_TIME: Duration = Duration::from_secs(30);
const LEVER_TIME: Duration = Duration::from_secs(30);

/// Does what effects say.
pub(super) struct Actor {
    world: World,
    time: Timekeeper,
    inbox: mpsc::UnboundedSender<Message>,
    /// Injecting under way, or done: undoing waits until none of it can still act.
    injecting: HashMap<InjectionId, Vec<JoinHandle<()>>>,
    /// Silencing under way, or done: lifting waits for it.
    silencing: HashMap<usize, Vec<JoinHandle<()>>>,
}

impl Actor {
    /// Acts on `world`, and reports to `inbox`.
    pub(super) fn new(
        world: World,
        time: Timekeeper,
        inbox: mpsc::UnboundedSender<Message>,
    ) -> Self {
        let (injecting, silencing) = (HashMap::new(), HashMap::new());
        Self { world, time, inbox, injecting, silencing }
    }

    /// Starts to carry `effect` out; returns at once.
    pub(super) fn act(&mut self, effect: Effect, header: &Header) {
        match effect {
            Effect::StartLoad { base_url } => self.start_load(base_url, header),
            Effect::Follow(curve) => self.world.load.follow(curve),
            Effect::Silence => self.world.load.follow(RateCurve::flat(0.0)),
            Effect::Prepare { id, round } => self.prepare(id, round, header),
            Effect::Inject { id, round, victims, peers } => {
                let Some(planned) = planned(header, id) else { return };
                let key = key(header, &planned.name, round);
                let experiment = planned.experiment.clone();
                let lasts = lasts(header, id);
                let order = FaultOrder { key, round, experiment, victims, peers, lasts };
                self.inject(id, order);
            }
            Effect::Checkpoint => self.checkpoint(),
            Effect::CompareData => self.compare(),
            Effect::Pull { id, lever } => self.pull(id, lever),
            Effect::SilenceAlerts { silence, round, order } => self.silence(silence, round, order),
            Effect::LiftSilence { silence, attempt, undo } => self.lift(silence, attempt, undo),
            Effect::Revert { id, attempt, undos } => self.revert(id, attempt, undos),
        }
    }

    /// Nothing more is sent to the target.
    pub(super) fn stop_load(&self) {
        self.world.load.stop();
    }

    /// Reports the target's looks, now and after every change.
    pub(super) fn watch(&self) {
        let mut looks = self.world.observer.watch();
        let inbox = self.inbox.clone();
        tokio::spawn(async move {
            loop {
                let topology = looks.borrow_and_update().clone();
                if inbox.send(Message::Command(Command::TargetLooks(topology))).is_err() {
                    return;
                }
                if looks.changed().await.is_err() {
                    return;
                }
            }
        });
    }

    /// Reports what the target's instruments say, and a source of metrics that is asked about it; and what it says of itself.
    pub(super) fn observe(&self) {
        let eyes: Option<Arc<dyn Instruments>> =
            match (&self.world.instruments, &self.world.monitoring) {
                (Some(inside), Some(source)) => Some(Arc::new(Beside {
                    inside: Arc::clone(inside),
                    source: Arc::clone(source),
                })),
                (inside, source) => inside.clone().or_else(|| source.clone()),
            };
        for one in eyes.iter().chain(&self.world.news) {
            look(&**one, self.time.origin(), self.inbox.clone());
        }
    }

    fn checkpoint(&self) {
        let Some(data) = self.world.data.clone() else { return };
        let tell = self.tell();
        tokio::spawn(async move {
            let work = data.checkpoint().map(|done| done.map_err(|error| error.0.into()));
            tell(match bounded("remembering the data", DATA_TIME, work).await {
                Ok(checkpoint) => Command::CheckpointIsTaken(checkpoint),
                Err(error) => Command::DataCheckHasFailed { error },
            });
        });
    }

    fn compare(&self) {
        let Some(data) = self.world.data.clone() else { return };
        let tell = self.tell();
        tokio::spawn(async move {
            let work = data.compare().map(|done| done.map_err(|error| error.0.into()));
            tell(match bounded("comparing the data", DATA_TIME, work).await {
                Ok(check) => Command::DataCompared(check),
                Err(error) => Command::DataCheckHasFailed { error },
            });
        });
    }

    fn pull(&self, id: LeverId, lever: Lever) {
        let tell = self.tell();
        let levers = self.world.levers.clone();
        tokio::spawn(async move {
            let done = match levers {
                None => Err(said!("why-no-levers", "this target has no levers")),
                Some(levers) => {
                    let work = levers.pull(&lever).map(|done| done.map_err(|error| error.0.into()));
                    bounded("pulling the lever", LEVER_TIME, work).await
                }
            };
            let ok = done.is_ok();
            let (Ok(said) | Err(said)) = done;
            tell(Command::LeverIsDone { id, ok, said });
        });
    }

    fn tell(&self) -> impl Fn(Command) + Send + use<> {
        let inbox = self.inbox.clone();
        // The engine may have ended meanwhile; then nobody needs the outcome any more.
        move |command| drop(inbox.send(Message::Command(command)))
    }

    fn start_load(&self, base_url: String, header: &Header) {
        let tell = self.tell();
        let order = LoadOrder {
            base_url,
            allowed_hosts: self.world.allowed_hosts.clone(),
            traffic: self.world.traffic.clone(),
            certificate_authority: self.world.certificate_authority.clone(),
            origin: self.time.origin(),
            seed: header.seed,
        };
        match self.world.load.start(order) {
            Ok(mut samples) => {
                tokio::spawn(async move {
                    while let Some(sample) = samples.recv().await {
                        tell(Command::SampleTaken(sample));
                    }
                });
            }
            Err(error) => tell(Command::LoadHasFailed { error: error.to_string().into() }),
        }
    }

    fn prepare(&self, id: InjectionId, round: u32, header: &Header) {
        let Some(planned) = planned(header, id) else { return };
        let tell = self.tell();
        let world = self.world.clone();
        let experiment = planned.experiment.clone();
        let key = key(header, &planned.name, round);
        let lasts = lasts(header, id);
        let salt = blast::salt(&planned.name, round);
        let seed = header.seed;
        tokio::spawn(async move {
            let work = prepared(&world, experiment, key, (round, lasts), (seed, &salt));
            tell(match bounded("choosing victims", world.bounds.prepare, work).await {
                Ok((choice, undo)) => Command::FaultPrepared {
                    id,
                    round,
                    victims: choice.victims,
                    peers: choice.peers,
                    undo,
                    blast: choice.blast,
                },
                Err(error) => Command::FaultHasFailed { id, round, error },
            });
        });
    }

    fn inject(&mut self, id: InjectionId, order: FaultOrder) {
        let tell = self.tell();
        let world = self.world.clone();
        let time = self.time.clone();
        let task = tokio::spawn(async move {
            let round = order.round;
            let work =
                world.injector.inject(&order).map(|done| done.map_err(|error| error.0.into()));
            tell(match bounded("injecting", world.bounds.inject, work).await {
                Ok(evidence) => Command::FaultTookEffect { id, round, t0: time.now(), evidence },
                Err(error) => Command::FaultHasFailed { id, round, error },
            });
        });
        self.injecting.entry(id).or_default().push(task);
    }

    fn revert(&mut self, id: InjectionId, attempt: u32, undos: Vec<Undo>) {
        let tell = self.tell();
        let world = self.world.clone();
        let injecting = self.injecting.remove(&id).unwrap_or_default();
        tokio::spawn(async move {
            for task in injecting {
                task.abort();
                // Aborted or done: either way it acts no more.
                drop(task.await);
            }
            tell(match revert_all(&*world.injector, world.bounds, &undos).await {
                Ok(evidence) => Command::FaultReverted { id, attempt, evidence },
                Err(error) => Command::RevertHasFailed { id, attempt, error },
            });
        });
    }
}

/// Silences over alerts.
impl Actor {
    fn silence(&mut self, silence: usize, round: u32, order: SilenceOrder) {
        let Some(silencer) = self.world.silencer.clone() else { return };
        let tell = self.tell();
        let task = tokio::spawn(async move {
            tell(match made(&*silencer, &order).await {
                Ok((until, evidence)) => Command::SilenceIsMade { silence, round, until, evidence },
                Err((error, nothing)) => {
                    Command::SilenceHasFailed { silence, round, error, nothing }
                }
            });
        });
        self.silencing.entry(silence).or_default().push(task);
    }

    fn lift(&mut self, silence: usize, attempt: u32, undo: Undo) {
        let Some(silencer) = self.world.silencer.clone() else { return };
        let tell = self.tell();
        let silencing = self.silencing.remove(&silence).unwrap_or_default();
        tokio::spawn(async move {
            for task in silencing {
                // Not aborted: what is on its way to a server would be done there all the same, after the lifting.
                drop(task.await);
            }
            tell(match lift_one(&*silencer, &undo).await {
                Ok(evidence) => Command::SilenceIsLifted { silence, attempt, evidence },
                Err(error) => Command::LiftHasFailed { silence, attempt, error },
            });
        });
    }
}

/// Makes a silence: until when it silences, and what was seen; or why not, and whether surely nothing of it is there.
async fn made(silencer: &dyn Silencer, order: &SilenceOrder) -> Result<(i64, Said), (Said, bool)> {
    let mut nothing = false;
    let work = silencer.silence(order).map(|made| {
        made.map_err(|error| {
            nothing = error.nothing;
            error.error.said()
        })
    });
    match bounded("silencing alerts", SILENCE_TIME, work).await {
        Ok(made) => {
            let evidence = said!(
                "silence-made",
                "seen at {server}; without us it ends by itself at {time}",
                server = silencer.server(),
                time = time_of_day(made.until)
            );
            Ok((made.until, evidence))
        }
        Err(error) => Err((error, nothing)),
    }
}

/// Lifts a silence, within its time, and says what was seen.
pub(super) async fn lift_one(silencer: &dyn Silencer, undo: &Undo) -> Result<Said, Said> {
    let work = silencer.lift(&undo.key).map(|lifted| lifted.map_err(|error| error.said()));
    let were = bounded(&undo.what, SILENCE_TIME, work).await?;
    let server = silencer.server();
    Ok(match were {
        0 => said!("silence-was-over", "nothing of it is left at {server}", server = server),
        _ => said!("silence-lifted", "ended at {server}, and none is left", server = server),
    })
}

async fn prepared(
    world: &World,
    experiment: Experiment,
    key: String,
    (round, lasts): (u32, Span),
    (seed, salt): (u64, &str),
) -> Result<(blast::Choice, Undo), Said> {
    world.injector.supports(&experiment.fault).map_err(|error| Said::from(error.0))?;
    let topology = world.observer.survey().await.map_err(|error| Said::from(error.0))?;
    let choice = blast::choose(&experiment, &topology, seed, salt)?;
    let order = FaultOrder {
        key,
        round,
        experiment,
        victims: choice.victims.clone(),
        peers: choice.peers.clone(),
        lasts,
    };
    let undo = world.injector.prepare(&order).await.map_err(|error| Said::from(error.0))?;
    Ok((choice, undo))
}

/// Undoes all of them in parallel, each within its time, and says what was seen.
pub(super) async fn revert_all(
    injector: &dyn FaultInjector,
    bounds: Bounds,
    undos: &[Undo],
) -> Result<Said, Said> {
    let one = |undo| revert_one(injector, bounds.revert, undo);
    let outcomes = join_all(undos.iter().map(one)).await;
    let (mut seen, mut failed) = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(evidence) if seen.contains(&evidence) => {}
            Ok(evidence) => seen.push(evidence),
            Err(error) => failed.push(error),
        }
    }
    match failed.is_empty() {
        true => Ok(Said::all(seen, Between::Then)),
        false => Err(Said::all(failed, Between::Then)),
    }
}

async fn revert_one(
    injector: &dyn FaultInjector,
    bound: Duration,
    undo: &Undo,
) -> Result<Said, Said> {
    let work = injector.revert(undo).map(|done| done.map_err(|error| error.0.into()));
    bounded(&undo.what, bound, work).await
}

fn planned(header: &Header, id: InjectionId) -> Option<&PlannedInjection> {
    header.plan.injections().nth(id.0).map(|(_, planned)| planned)
}

/// How long the fault stays by the plan.
fn lasts(header: &Header, id: InjectionId) -> Span {
    let found = header.plan.injections().nth(id.0);
    let stay = found.and_then(|(phase, one)| Some(header.plan.phases.get(phase)?.stay(one)));
    stay.unwrap_or_default()
}

/// Names one round of one injection on the target.
fn key(header: &Header, name: &str, round: u32) -> String {
    format!("{}-{name}-{round}", header.exercise)
}
