//! Looks what faults in a pod's data, memory, disk and configuration have left behind after they were lifted, as the
//! process table and the files show. Lifts nothing; only a file that no process uses is put right here.

use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};

use super::channel::{Effect, What};
use super::inner::{MORE, damaged};
use super::line::Line;
use super::parts::Part;
use super::pod::{churn_in, undo_damage};
use super::process::{resident, thread_time};
use super::snapshot::{data_of, database_of};
use crate::exercise::said::{Between, Said, said};
use crate::port::target::TargetError;

/// Whoever has the file at the moment is waited for so long.
const BUSY_LIMIT: Duration = Duration::from_millis(300);

/// Looks that nothing of a part is left in a pod that runs and has let go of it; what was seen.
///
/// # Errors
/// When something of it is left.
pub(super) async fn gone(
    line: &Line,
    folder: &Path,
    part: &Part,
) -> Result<Option<Said>, TargetError> {
    let pod = line.pod;
    Ok(Some(match &part.effect {
        Effect::Burn { .. } => no_threads(line, "burn-", &said!("lab-burn", "burn"))?,
        Effect::Memory { .. } => {
            let holds = said!("lab-hold-memory", "hold memory");
            let threads = no_threads(line, "memory", &holds)?;
            let in_memory = match resident(line.pid) {
                Some(now) => said!("lab-in-memory", "{now} bytes are in memory", now = now),
                None => said!("lab-memory-unknown", "unknown bytes are in memory"),
            };
            Said::all([threads, in_memory], Between::Comma)
        }
        Effect::Io { .. } => unchurned(folder, pod)?,
        Effect::Quota { free } => {
            line.call(What::ProbeWrite { bytes: free.saturating_add(MORE) }).await?;
            said!(
                "lab-not-full",
                "{free} bytes and {more} more can be written in {pod}",
                free = *free,
                more = MORE,
                pod = pod
            )
        }
        Effect::Files(_) => {
            line.call(What::ProbeWrite { bytes: 1 }).await?;
            said!("lab-writes-again", "{pod} writes again", pod = pod)
        }
        Effect::Corrupt { .. } => {
            undamaged(folder, pod, &part.key, false).await?;
            said!("lab-rows-restored", "0 changed rows are left in {pod}", pod = pod)
        }
        Effect::Configuration { .. } => {
            if folder.join(pod).join("config.yaml.original").exists() {
                return Err(TargetError(format!("the configuration file of {pod} is changed")));
            }
            said!(
                "lab-configuration-restored",
                "the configuration file of {pod} is as it was",
                pod = pod
            )
        }
        Effect::Lag { .. } => said!("lab-waits-not", "{pod} waits no longer", pod = pod),
        _ => return Ok(None),
    }))
}

/// Looks that nothing of a part is left in a pod that does not run: its process took everything with it but what is in
/// its data or its folder, which is put right here.
///
/// # Errors
/// When something of it is left.
pub(super) async fn gone_at_rest(folder: &Path, part: &Part) -> Result<Option<Said>, TargetError> {
    let pod = part.pod;
    if matches!(part.effect, Effect::Corrupt { .. }) {
        undamaged(folder, pod, &part.key, true).await?;
        return Ok(Some(said!(
            "lab-rows-restored-at-rest",
            "{pod} does not run, 0 changed rows are left in its file",
            pod = pod
        )));
    }
    if matches!(part.effect, Effect::Io { .. }) {
        for churn in churns(folder, pod) {
            // What cannot be removed is there, which is seen next.
            let _ = tokio::fs::remove_dir_all(churn).await;
        }
        return unchurned(folder, pod).map(Some);
    }
    Ok(None)
}

/// Whether what is seen of one effect in a pod can come from another that is in the same pod.
pub(super) const fn disturbs(other: &Effect, effect: &Effect) -> bool {
    match effect {
        Effect::Burn { .. } => matches!(other, Effect::Burn { .. }),
        Effect::Memory { .. } => matches!(other, Effect::Memory { .. }),
        Effect::Io { .. } => matches!(other, Effect::Io { .. }),
        Effect::Configuration { .. } => matches!(other, Effect::Configuration { .. }),
        Effect::Quota { .. } | Effect::Files(_) => {
            matches!(other, Effect::Quota { .. } | Effect::Files(_) | Effect::Statements { .. })
        }
        _ => false,
    }
}

/// Where files of a stress can be.
fn churns(folder: &Path, pod: &str) -> [PathBuf; 2] {
    [folder.to_owned(), data_of(folder, pod)].map(|place| churn_in(&place, pod))
}

/// Looks that none of them is there.
fn unchurned(folder: &Path, pod: &str) -> Result<Said, TargetError> {
    if churns(folder, pod).iter().any(|churn| churn.exists()) {
        return Err(TargetError(format!("files of the stress are left in {pod}'s folder")));
    }
    Ok(said!("lab-folder-clean", "nothing of it is left in {pod}'s folder", pod = pod))
}

fn no_threads(line: &Line, name: &str, what: &Said) -> Result<Said, TargetError> {
    let pod = line.pod;
    match thread_time(line.pid, name) {
        Some((0, _)) => {
            Ok(said!("lab-no-threads", "0 threads of {pod} {what}", pod = pod, what = what))
        }
        Some((threads, _)) => Err(TargetError(format!("{threads} threads of {pod} {what}"))),
        // Its word has to do where the system shows no threads.
        None => Ok(said!(
            "lab-says-no-threads",
            "{pod} says that none of its threads {what}",
            pod = pod,
            what = what
        )),
    }
}

/// Looks that no row in the pod's file is as the fault left it. `undo`: nobody else does it, so it is undone here.
async fn undamaged(folder: &Path, pod: &str, key: &str, undo: bool) -> Result<(), TargetError> {
    let path = database_of(folder, pod);
    if !path.exists() {
        // It was lost, and the change with it.
        return Ok(());
    }
    if undo {
        let key = key.to_owned();
        let work = tokio::task::spawn_blocking(move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_WRITE;
            let open = Connection::open_with_flags(path, flags)
                .and_then(|file| file.busy_timeout(BUSY_LIMIT).map(|()| file));
            let mut file = open.map_err(|error| error.to_string())?;
            undo_damage(&mut file, &key)
        });
        let undone = work.await.map_err(|error| TargetError(error.to_string()))?;
        undone.map_err(|error| TargetError(format!("{pod}: {error}")))?;
    }
    match damaged(folder, pod, key).await? {
        0 => Ok(()),
        rows => Err(TargetError(format!("{rows} changed rows are left in {pod}"))),
    }
}
