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
use crate::exercise::said::Said;
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
            let done = match lever {
                Lever::Scale { app, replicas } => scale(crew, app, *replicas).await,
                Lever::Restart { pod } => restart(crew, pod).await,
                Lever::Promote => take_over(self).await,
                Lever::FlushCache => every(crew, Role::Cache, What::Flush, "is empty").await,
                Lever::WarmCache => {
                    one(crew, Role::Web, What::Warm, WARM_LIMIT, "has every page").await
                }
                Lever::RenewCertificate => {
                    let what = What::RenewCertificate;
                    one(crew, Role::Gateway, what, LIMIT, "has a new certificate").await
                }
                Lever::RestorePermission { account } => {
                    let ours = |part: &Part| matches!(&part.effect, Effect::Revoke { account: of, .. } if of == account);
                    let lifted = lift(crew, ours).await?;
                    said(lifted, &format!("{account} has its permissions"))
                }
                Lever::RollBackConfiguration { app } => {
                    let ours = |part: &Part| {
                        matches!(part.effect, Effect::Configuration { .. })
                            && crew.slot(part.pod).is_some_and(|slot| slot.plan.role.app() == app)
                    };
                    let lifted =
                        lift(crew, ours).await? + environment::roll_back(crew, app).await?;
                    said(lifted, &format!("{app} is configured as it was"))
                }
                Lever::ShedLoad { share } => {
                    let what = What::Shed { share: share.clamp(0.0, 1.0) };
                    let done = format!("refuses {:.0} % of requests", share * 100.0);
                    one(crew, Role::Gateway, what, LIMIT, &done).await
                }
                Lever::ReadLog { pod, lines } => log(crew, pod, *lines),
                Lever::Curl { pod, path } => curl(crew, pod, path).await,
            };
            done.map(Said::from)
        })
    }
}

async fn take_over(lab: &Lab) -> Result<String, TargetError> {
    let done = promote(lab.crew(), lab.clock(), lab.folder(), "a team", None).await?;
    Ok(format!("{} is the primary, after {}; {} was", done.to, done.took, done.from))
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
async fn every(crew: &Crew, role: Role, what: What, done: &str) -> Result<String, TargetError> {
    let mut evidence = Vec::new();
    for line in ready(crew, role)? {
        evidence.push(told(&line, line.call_for(what.clone(), LIMIT).await?, done));
    }
    Ok(evidence.join(", "))
}

/// Tells the first pod of the role that does it.
async fn one(
    crew: &Crew,
    role: Role,
    what: What,
    limit: Duration,
    done: &str,
) -> Result<String, TargetError> {
    let mut last = None;
    for line in ready(crew, role)? {
        match line.call_for(what.clone(), limit).await {
            Ok(answer) => return Ok(told(&line, answer, done)),
            Err(error) => last = Some(error),
        }
    }
    Err(last.unwrap_or_else(|| TargetError(format!("no pod of {} answers", role.app()))))
}

fn told(line: &Line, answer: Told, done: &str) -> String {
    match answer {
        Told::Said { what } => format!("{}: {what}", line.pod),
        _ => format!("{} {done}", line.pod),
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

fn said(lifted: usize, done: &str) -> Result<String, TargetError> {
    match lifted {
        0 => Err(TargetError(format!("{done} already: nothing to do"))),
        _ => Ok(format!("{done} again")),
    }
}
