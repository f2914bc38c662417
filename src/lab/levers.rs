//! The teams' levers on the lab: what each does to which pods. Scaling and restarting are `scale`'s, looking at a pod
//! `peek`'s.

use std::time::Duration;

use super::channel::{Answer as Told, Effect, What};
use super::crew::Crew;
use super::environment;
use super::failover::promote;
use super::line::Line;
use super::parts::Part;
use super::peek::{curl, log};
use super::running::Lab;
use super::scale::{restart, scale};
use super::shop::Role;
use crate::exercise::lever::Lever;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::port::levers::Levers;
use crate::port::target::{Answer, TargetError};

/// Keeping every page takes a while.
const WARM_LIMIT: Duration = Duration::from_secs(20);

/// Everything else a pod does at once.
const LIMIT: Duration = Duration::from_secs(5);

impl Levers for Lab {
    fn pull<'a>(&'a self, lever: &'a Lever) -> Answer<'a, Result<Said, TargetError>> {
        let crew = self.crew();
        Box::pin(async move {
            match lever {
                Lever::Scale { app, replicas } => scale(crew, app, *replicas).await,
                Lever::Restart { pod } => restart(crew, pod).await,
                Lever::Promote => take_over(self).await,
                Lever::FlushCache => {
                    let done = |pod: &str| said!("lab-empty", "{pod} is empty", pod = pod);
                    every(crew, Role::Cache, What::Flush, done).await
                }
                Lever::WarmCache => {
                    let done = |pod: &str| said!("lab-warm", "{pod} has every page", pod = pod);
                    one(crew, Role::Web, What::Warm, WARM_LIMIT, done).await
                }
                Lever::RenewCertificate => {
                    let done =
                        |pod: &str| said!("lab-renewed", "{pod} has a new certificate", pod = pod);
                    one(crew, Role::Gateway, What::RenewCertificate, LIMIT, done).await
                }
                Lever::RestorePermission { account } => {
                    let ours = |part: &Part| matches!(&part.effect, Effect::Revoke { account: of, .. } if of == account);
                    let lifted = lift(crew, ours).await?;
                    undone(lifted, &format!("{account} has its permissions"), || {
                        said!(
                            "lab-permissions-back",
                            "{account} has its permissions again",
                            account = account
                        )
                    })
                }
                Lever::RollBackConfiguration { app } => {
                    let ours = |part: &Part| {
                        matches!(part.effect, Effect::Configuration { .. })
                            && crew.slot(part.pod).is_some_and(|slot| slot.plan.role.app() == app)
                    };
                    let lifted =
                        lift(crew, ours).await? + environment::roll_back(crew, app).await?;
                    undone(lifted, &format!("{app} is configured as it was"), || {
                        said!("lab-rolled-back", "{app} is configured as it was again", app = app)
                    })
                }
                Lever::ShedLoad { share } => {
                    let what = What::Shed { share: share.clamp(0.0, 1.0) };
                    let percent = format!("{:.0}", share * 100.0);
                    let done = |pod: &str| {
                        said!(
                            "lab-sheds",
                            "{pod} refuses {percent} % of requests",
                            pod = pod,
                            percent = &percent
                        )
                    };
                    one(crew, Role::Gateway, what, LIMIT, done).await
                }
                Lever::ReadLog { pod, lines } => log(crew, pod, *lines),
                Lever::Curl { pod, path } => curl(crew, pod, path).await,
            }
        })
    }
}

async fn take_over(lab: &Lab) -> Result<Said, TargetError> {
    let by = said!("lab-a-team", "a team");
    let done = promote(lab.crew(), lab.clock(), lab.folder(), by, None).await?;
    Ok(said!(
        "lab-promoted",
        "{to} is the primary, after {took}; {from} was",
        to = done.to,
        took = done.took,
        from = done.from
    ))
}

/// The lines to the pods of a role that take traffic.
fn ready(crew: &Crew, role: Role) -> Result<Vec<std::sync::Arc<Line>>, TargetError> {
    let there =
        crew.present().filter(|(_, state)| state.role == role && state.health == PodHealth::Ready);
    let lines: Vec<_> = there.filter_map(|(_, state)| state.line).collect();
    if lines.is_empty() {
        return Err(TargetError(format!("no pod of {} takes traffic", role.app())));
    }
    Ok(lines)
}

/// Tells every pod of the role.
async fn every(
    crew: &Crew,
    role: Role,
    what: What,
    done: impl Fn(&str) -> Said,
) -> Result<Said, TargetError> {
    let mut evidence = Vec::new();
    for line in ready(crew, role)? {
        evidence.push(told(&line, line.call_for(what.clone(), LIMIT).await?, &done));
    }
    Ok(Said::all(evidence, Between::Comma))
}

/// Tells the first pod of the role that does it.
async fn one(
    crew: &Crew,
    role: Role,
    what: What,
    limit: Duration,
    done: impl Fn(&str) -> Said,
) -> Result<Said, TargetError> {
    let mut last = None;
    for line in ready(crew, role)? {
        match line.call_for(what.clone(), limit).await {
            Ok(answer) => return Ok(told(&line, answer, &done)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| TargetError(format!("no pod of {} answers", role.app()))))
}

fn told(line: &Line, answer: Told, done: impl Fn(&str) -> Said) -> Said {
    match answer {
        Told::Said { what } => {
            said!("lab-pod-says", "{pod}: {what}", pod = line.pod, what = what)
        }
        _ => done(line.pod),
    }
}

/// Takes the parts out of their pods; how many there were. The fault they belong to is still undone as planned.
async fn lift(crew: &Crew, ours: impl Fn(&Part) -> bool) -> Result<usize, TargetError> {
    let parts: Vec<Part> = crew.standing().iter().filter(|part| ours(part)).cloned().collect();
    for part in &parts {
        if let Some(line) = crew.line(part.pod) {
            line.call(What::Lift { key: part.key.clone() }).await?;
        }
        // Only now: had it failed, a new process would get it again.
        crew.standing().retain(|one| (&*one.key, one.pod) != (&*part.key, part.pod));
    }
    Ok(parts.len())
}

/// What is said where something was lifted; where there was nothing, `done` already.
fn undone(lifted: usize, done: &str, said: impl Fn() -> Said) -> Result<Said, TargetError> {
    match lifted {
        0 => Err(TargetError(format!("{done} already: nothing to do"))),
        _ => Ok(said()),
    }
}
