//! Faults that sit in a pod's data, memory or disk: what they mean in it, and whether they are felt, as the process table
//! and the files show. Does and undoes nothing: see `injector`; what they leave behind is `trace`'s.

use std::path::Path;
use std::time::Duration;

use super::channel::{Effect, What};
use super::datafile::{folder, read_in};
use super::line::Line;
use super::process::{read_written, resident};
use super::shop::{PodPlan, Role};
use crate::exercise::said::{Said, said};
use crate::gameday::catalog::LAB_TABLES;
use crate::gameday::fault::{Fault, IoAction, Stress};
use crate::gameday::span::Span;
use crate::port::target::TargetError;

/// No more memory is taken, and no more workers write, whatever is asked for.
const MEMORY_AT_MOST: u64 = 2 * 1024 * 1024 * 1024;
const WORKERS_AT_MOST: u32 = 16;

/// File operations that hit a share are looked for with so many questions at most.
const QUESTIONS: u32 = 30;

/// Memory and writing are watched for so long at most until they show.
const LOOKS: u32 = 100;
const LOOK: Duration = Duration::from_millis(50);

/// No answer is waited for longer.
const PATIENCE: Duration = Duration::from_secs(2);

/// What a write needs in a file that was full beforehand: more than a page.
pub(super) const MORE: u64 = 64 * 1024;

/// Whether the parameters make sense.
///
/// # Errors
/// The reason, as a part of a sentence for people.
pub(super) fn check(fault: &Fault) -> Result<(), String> {
    let share = |share: f64| share > 0.0 && share <= 1.0;
    let why = match fault {
        Fault::ResourceChaos { stress: Stress::MemoryStress { bytes } }
            if *bytes == 0 || *bytes > MEMORY_AT_MOST =>
        {
            "memory must be 1 byte to 2 GiB".to_owned()
        }
        Fault::ResourceChaos { stress: Stress::IoStress { workers } }
            if *workers == 0 || *workers > WORKERS_AT_MOST =>
        {
            format!("workers must be 1 to {WORKERS_AT_MOST}")
        }
        Fault::IoChaos { io: IoAction::Latency { latency, share: part } }
            if latency.is_zero() || *latency > Span::from_secs(60) || !share(*part) =>
        {
            "a latency must be above zero and at most 60 s, its share above 0 and at most 1"
                .to_owned()
        }
        Fault::IoChaos { io: IoAction::Fault { share: part } } if !share(*part) => {
            "the share of failing operations must be above 0 and at most 1".to_owned()
        }
        Fault::DataCorruption { table, rows }
            if *rows == 0 || !LAB_TABLES.contains(&table.as_str()) =>
        {
            format!("at least one row of {} can be changed", LAB_TABLES.join(", "))
        }
        Fault::ReplicaLag { lag } if lag.is_zero() => "a lag of zero would not be felt".to_owned(),
        _ => return Ok(()),
    };
    Err(why)
}

/// What the fault is in the pod; `None`: it is not one of these.
///
/// # Errors
/// When this pod cannot have it.
pub(super) fn effect(fault: &Fault, pod: &PodPlan) -> Result<Option<Effect>, TargetError> {
    let needs = |fits: bool, what: &str| {
        if fits { Ok(()) } else { Err(TargetError(format!("{} {what}", pod.name))) }
    };
    let database = matches!(pod.role, Role::Primary | Role::Replica);
    let stores = database || pod.role == Role::Queue;
    Ok(Some(match fault {
        Fault::ResourceChaos { stress: Stress::MemoryStress { bytes } } => {
            Effect::Memory { bytes: *bytes }
        }
        Fault::ResourceChaos { stress: Stress::IoStress { workers } } => {
            Effect::Io { workers: *workers }
        }
        Fault::IoChaos { io } => {
            needs(stores, "has no data; select app: database or app: message-queue")?;
            Effect::Files(*io)
        }
        Fault::DiskFull { free } => {
            needs(stores, "has no data; select app: database or app: message-queue")?;
            Effect::Quota { free: *free }
        }
        Fault::DataCorruption { table, rows } => {
            needs(pod.role == Role::Replica, "is no replica; select role: replica")?;
            Effect::Corrupt { table: table.clone(), rows: *rows }
        }
        Fault::ReplicaLag { lag } => {
            needs(pod.role == Role::Replica, "is no replica; select role: replica")?;
            Effect::Lag { lag: *lag }
        }
        _ => return Ok(None),
    }))
}

/// Looks whether the effect is felt in the pod; the evidence.
pub(super) async fn felt(line: &Line, key: &str, effect: &Effect) -> Result<Said, TargetError> {
    let pod = line.pod;
    match effect {
        Effect::Memory { bytes } => holds(line, *bytes).await,
        Effect::Io { .. } => writes(line).await,
        Effect::Files(action) => operates(line, *action).await,
        Effect::Quota { free } => {
            match line.call(What::ProbeWrite { bytes: free.saturating_add(MORE) }).await {
                Ok(_) => Err(TargetError(format!("{pod} can still write more than {free} bytes"))),
                Err(why) => Ok(said!(
                    "lab-full",
                    "{free} bytes and {more} more cannot be written in {pod}: {why}",
                    free = *free,
                    more = MORE,
                    pod = pod,
                    why = why.0
                )),
            }
        }
        Effect::Corrupt { table, .. } => match damaged(&folder(line)?, pod, key).await? {
            0 => Err(TargetError(format!("no row of {table} in {pod} is changed"))),
            rows => Ok(said!(
                "lab-rows-changed",
                "{rows} rows of {table} in {pod} say something else than before",
                rows = rows,
                table = table,
                pod = pod
            )),
        },
        _ => Ok(Said::default()),
    }
}

async fn holds(line: &Line, bytes: u64) -> Result<Said, TargetError> {
    for _ in 0..LOOKS {
        if let Some(held) = resident(line.pid).filter(|held| *held >= bytes) {
            return Ok(said!(
                "lab-holds",
                "{pod} (process {pid}) has {held} bytes in memory",
                pod = line.pod,
                pid = line.pid,
                held = held
            ));
        }
        tokio::time::sleep(LOOK).await;
    }
    Err(TargetError(format!("{} does not have {bytes} bytes in memory", line.pod)))
}

async fn writes(line: &Line) -> Result<Said, TargetError> {
    let unknown = || TargetError(format!("what {} writes cannot be seen", line.pod));
    let before = read_written(line.pid).ok_or_else(unknown)?;
    for _ in 0..LOOKS {
        tokio::time::sleep(LOOK).await;
        let now = read_written(line.pid).ok_or_else(unknown)?;
        // More than any other work of a pod in that time.
        if now.saturating_sub(before) > 8 * 1024 * 1024 {
            return Ok(said!(
                "lab-writes",
                "{pod} (process {pid}) read and wrote {more} bytes",
                pod = line.pod,
                pid = line.pid,
                more = now - before
            ));
        }
    }
    Err(TargetError(format!("{} hardly reads and writes", line.pod)))
}

async fn operates(line: &Line, action: IoAction) -> Result<Said, TargetError> {
    let pod = line.pod;
    for question in 1..=QUESTIONS {
        let late = match action {
            IoAction::Latency { latency, .. } => Duration::from(latency).mul_f64(0.9),
            IoAction::Fault { .. } => PATIENCE,
        };
        let limit = late.min(PATIENCE);
        let answer = line.call_for(What::ProbeWrite { bytes: 1 }, PATIENCE * 2);
        match (action, tokio::time::timeout(limit, answer).await) {
            (IoAction::Fault { .. }, Ok(Err(why))) => {
                return Ok(said!(
                    "lab-write-fails",
                    "a write in {pod} fails (number {question}): {why}",
                    pod = pod,
                    question = question,
                    why = why.0
                ));
            }
            (IoAction::Latency { .. }, Err(_)) => {
                return Ok(said!(
                    "lab-write-late",
                    "a write in {pod} is not done after {limit} ms (number {question})",
                    pod = pod,
                    limit = limit.as_millis(),
                    question = question
                ));
            }
            _ => {}
        }
    }
    Err(TargetError(format!("{QUESTIONS} writes in {pod} were neither late nor failed")))
}

/// How many rows in the pod's file differ from what they were because of the fault, as the file says.
///
/// # Errors
/// When it cannot be read.
pub(super) async fn damaged(lab: &Path, pod: &str, key: &str) -> Result<u64, TargetError> {
    let key = key.to_owned();
    let sql = "SELECT count(*) FROM damage WHERE fault = ?1";
    let count =
        read_in(lab, pod, move |file| file.query_row(sql, [key], |row| row.get::<_, i64>(0)));
    count.await.map(i64::unsigned_abs)
}
