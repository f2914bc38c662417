//! Looks whether faults of certificates, clocks and permissions are felt, and that they are gone. Puts nothing in but a new
//! certificate where one is owed.

use std::time::Duration;

use futures::future::join_all;

use super::channel::{Answer, Effect, What};
use super::crew::Crew;
use super::handshake::Trouble;
use super::hang::Awake;
use super::line::Line;
use super::process::halted;
use super::shop::{ACCOUNT, Role};
use super::witness::Witness;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::port::target::TargetError;

/// What spreads from pod to pod is waited for so often, so long each time.
const LOOKS: u32 = 60;
const LOOK: Duration = Duration::from_millis(50);

/// Who does not say what it knows within so long hangs.
const HELD_LIMIT: Duration = Duration::from_millis(500);

/// A drift has had no longer than this (milliseconds) when it is looked at.
const DRIFTS: f64 = 10_000.0;

/// Clocks that differ by less (milliseconds) go right.
const RIGHT: i64 = 50;

/// Makes a handshake with the gateway as a customer does; it must fail because the certificate has expired, or must not.
pub(super) async fn certificate(
    crew: &Crew,
    pod: &str,
    expired: bool,
) -> Result<Said, TargetError> {
    let address = crew.slot(pod).and_then(|slot| slot.state().secure);
    let address = address.ok_or_else(|| TargetError(format!("{pod} speaks no TLS")))?;
    match (witness(crew)?.handshake(address).await, expired) {
        (Ok(()), false) => {
            Ok(said!("lab-handshake", "a TLS handshake with {pod} succeeds", pod = pod))
        }
        (Err(Trouble::Expired), true) => Ok(said!(
            "lab-expired",
            "a TLS handshake with {pod} fails: the certificate has expired",
            pod = pod
        )),
        (Ok(()), true) => Err(TargetError(format!("a TLS handshake with {pod} still succeeds"))),
        (Err(trouble), _) => {
            Err(TargetError(format!("a TLS handshake with {pod} fails: {trouble}")))
        }
    }
}

/// Asks the pod for its time; it must be as far off as the fault says, where no other fault moves it too.
pub(super) async fn clock(
    crew: &Crew,
    line: &Line,
    offset_millis: i64,
    drift: f64,
) -> Result<Said, TargetError> {
    let witness = witness(crew)?;
    let alone = standing(crew, line.pod, |effect| matches!(effect, Effect::Clock { .. })) <= 1;
    for _ in 0..LOOKS {
        let (least, most) = witness.ahead(line).await?;
        let felt = if offset_millis == 0 {
            // It drifts away from the right time, and is far enough soon.
            if drift > 0.0 { least > 0 } else { most < 0 }
        } else {
            let drifted = offset_millis.saturating_add((drift * DRIFTS) as i64);
            most + RIGHT >= offset_millis.min(drifted)
                && least - RIGHT <= offset_millis.max(drifted)
        };
        if felt || !alone {
            return Ok(said!(
                "lab-clock-off",
                "the clock of {pod} is {off} off",
                pod = line.pod,
                off = shown(most)
            ));
        }
        tokio::time::sleep(LOOK).await;
    }
    Err(TargetError(format!("the clock of {} still goes right", line.pod)))
}

/// Waits until those that enforce the policy know that the permissions are gone.
pub(super) async fn revoked(
    crew: &Crew,
    line: &Line,
    account: &str,
    permissions: &[String],
) -> Result<Said, TargetError> {
    let gone = |held: &[String]| {
        if permissions.is_empty() {
            held.is_empty()
        } else {
            !permissions.iter().any(|one| held.contains(one))
        }
    };
    let held = held(line, account).await?.unwrap_or_default();
    if !gone(&held) {
        return Err(TargetError(format!("{account} may still {}", held.join(", "))));
    }
    let said = enforced(crew, account, gone).await?;
    let left =
        if held.is_empty() { said!("lab-may-nothing", "nothing") } else { held.join(", ").into() };
    let told = said!(
        "lab-may-now",
        "{pod} says that {account} may {left} now",
        pod = line.pod,
        account = account,
        left = left
    );
    Ok(Said::all([told, said], Between::Then))
}

/// What shows that a fault of this kind, which sat in these pods, is gone; nothing for other kinds.
///
/// # Errors
/// When it is not.
pub(super) async fn mended(
    crew: &Crew,
    kind: &str,
    seats: &[String],
) -> Result<Option<Said>, TargetError> {
    let mut evidence = Vec::new();
    for seat in seats {
        // A pod that does not run has no fault in it, and starts without.
        let Some(line) = crew.line(seat) else { continue };
        let _awake = Awake::begin(crew, &line);
        let others = |kind: fn(&Effect) -> bool| standing(crew, seat, kind) > 0;
        match kind {
            "certificate-expiry" if !others(|one| *one == Effect::ExpiredCertificate) => {
                if !listens(crew, seat) {
                    // It gets a new one when it starts.
                    continue;
                }
                witness(crew)?.certify(&line).await?;
                evidence.push(certificate(crew, seat, false).await?);
            }
            "time-chaos" if !others(|one| matches!(one, Effect::Clock { .. })) => {
                evidence.push(right(crew, &line).await?);
            }
            "rbac-mutation" => {
                let held = held(&line, ACCOUNT).await?.unwrap_or_default();
                let said = enforced(crew, ACCOUNT, |seen| seen == held).await?;
                let held = held.join(", ");
                evidence.push(said!(
                    "lab-may-again",
                    "{account} may {held} again",
                    account = ACCOUNT,
                    held = held
                ));
                evidence.push(said);
            }
            _ => {}
        }
    }
    Ok((!evidence.is_empty()).then(|| Said::all(evidence, Between::Then)))
}

/// Whether the pod has come so far that customers can call it.
fn listens(crew: &Crew, pod: &str) -> bool {
    let health = crew.slot(pod).map(|slot| slot.state().health);
    matches!(health, Some(PodHealth::Ready | PodHealth::NotReady))
}

async fn right(crew: &Crew, line: &Line) -> Result<Said, TargetError> {
    let (least, most) = witness(crew)?.ahead(line).await?;
    if least > RIGHT || most < -RIGHT {
        let off = shown(most);
        return Err(TargetError(format!("the clock of {} is still {off} off", line.pod)));
    }
    Ok(said!("lab-clock-right", "the clock of {pod} goes right", pod = line.pod))
}

/// Waits until every backend that answers sees the permissions of the account as they should be.
async fn enforced(
    crew: &Crew,
    account: &str,
    as_should: impl Fn(&[String]) -> bool,
) -> Result<Said, TargetError> {
    let mut late = Vec::new();
    for _ in 0..LOOKS {
        late.clear();
        let mut knows = 0_u32;
        let backends = crew.slots().iter().filter(|slot| slot.plan.role == Role::Backend);
        let lines: Vec<_> = backends.filter_map(|slot| slot.state().line).collect();
        let asked = lines
            .iter()
            .filter(|line| !halted(line.pid))
            .map(|line| async move { (line.pod, held(line, account).await) });
        for (pod, seen) in join_all(asked).await {
            // Who does not answer serves nobody either.
            match seen {
                Ok(Some(seen)) if as_should(&seen) => knows += 1,
                Ok(_) => late.push(pod),
                Err(_) => {}
            }
        }
        if late.is_empty() {
            return Ok(said!(
                "lab-go-by-that",
                "{knows} pods of {app} go by that",
                knows = knows,
                app = Role::Backend.app()
            ));
        }
        tokio::time::sleep(LOOK).await;
    }
    Err(TargetError(format!("{} do not know yet what {account} may do", late.join(", "))))
}

async fn held(line: &Line, account: &str) -> Result<Option<Vec<String>>, TargetError> {
    let what = What::Permissions { account: account.to_owned() };
    match line.call_for(what, HELD_LIMIT).await? {
        Answer::Permissions { held } => Ok(held),
        other => Err(TargetError(format!("{} answered {other:?}", line.pod))),
    }
}

fn standing(crew: &Crew, pod: &str, kind: impl Fn(&Effect) -> bool) -> usize {
    crew.standing().iter().filter(|part| part.pod == pod && kind(&part.effect)).count()
}

fn witness(crew: &Crew) -> Result<&Witness, TargetError> {
    crew.witness.get().ok_or_else(|| TargetError("the lab is being started".to_owned()))
}

fn shown(millis: i64) -> String {
    format!("{:+.3} s", millis as f64 / 1_000.0)
}
