//! What is typed at a screen and not yet seen to be written, kept on disk for when the screen dies: one small file for each
//! screen, gone when nothing is left. Not the typing.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::{oneshot, watch};
use tokio::task::JoinHandle;

use crate::gameday::text::{printable, shown};
use crate::port::clock::Clock;

/// No more often than this is written, however fast somebody types.
const EVERY: Duration = Duration::from_millis(200);
/// No draft takes more.
const MOST_BYTES: u64 = 1 << 20;
/// So many lines come back at most.
const MOST_LINES: usize = 500;

/// Whose screen it is: what the facilitator typed does not come up before participants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The facilitator's.
    Facilitator,
    /// Participants'.
    Participants,
}

impl Whose {
    const fn name(self) -> &'static str {
        match self {
            Self::Facilitator => "run",
            Self::Participants => "join",
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Kept {
    /// The exercise it was typed at.
    exercise: String,
    lines: Vec<String>,
}

/// The drafts of one screen.
pub(super) struct Drafts {
    path: PathBuf,
    exercise: String,
    /// What earlier screens of the same kind left.
    pub(super) left: Vec<String>,
    lines: watch::Sender<Vec<String>>,
    writer: Option<(oneshot::Sender<()>, JoinHandle<()>)>,
}

impl Drafts {
    /// Takes over what dead screens left in `folder`. Nothing is lost on the way: the old files go when the new one is there.
    pub(super) fn open(folder: &Path, whose: Whose, exercise: &str) -> Self {
        let kind = whose.name();
        let own = format!("{kind}-{}.json", std::process::id());
        let path = folder.join(own);
        let dead = dead(folder, kind);
        let left: Vec<String> = dead.iter().flat_map(|path| read(path)).take(MOST_LINES).collect();
        let exercise = exercise.to_owned();
        let drafts =
            Self { path, exercise, left, lines: watch::channel(Vec::new()).0, writer: None };
        // Where it cannot be written, the old ones stay.
        if drafts.left.is_empty() || write(&drafts.path, &drafts.exercise, &drafts.left).is_ok() {
            for old in dead.iter().filter(|old| **old != drafts.path) {
                drop(fs::remove_file(old));
            }
        }
        drafts
    }

    /// Where the screen says what is typed. `complain` is told when it cannot be kept. Must be called inside a runtime.
    pub(super) fn keep(
        &mut self,
        clock: Arc<dyn Clock>,
        complain: impl Fn(String) + Send + 'static,
    ) -> watch::Sender<Vec<String>> {
        let (path, exercise) = (self.path.clone(), self.exercise.clone());
        let mut lines = self.lines.subscribe();
        let (stop, mut stopped) = oneshot::channel();
        let writer = tokio::spawn(async move {
            let (mut last, mut trouble) = (None, None);
            loop {
                tokio::select! {
                    biased;
                    _ = &mut stopped => return,
                    changed = lines.changed() => if changed.is_err() { return },
                }
                tokio::time::sleep(wait(last, clock.monotonic())).await;
                let now = lines.borrow_and_update().clone();
                let (path, exercise) = (path.clone(), exercise.clone());
                let written = tokio::task::spawn_blocking(move || write(&path, &exercise, &now));
                last = Some(clock.monotonic());
                let why = match written.await {
                    Ok(Ok(())) => None,
                    Ok(Err(error)) => Some(error.to_string()),
                    Err(error) => Some(error.to_string()),
                };
                if let Some(why) = why.clone().filter(|_| trouble != why) {
                    complain(why);
                }
                trouble = why;
            }
        });
        self.writer = Some((stop, writer));
        self.lines.clone()
    }

    /// The screen is left: what is not written stays for the next one.
    ///
    /// # Errors
    /// When it cannot be kept, with the reason.
    pub(super) async fn close(self) -> Result<(), String> {
        if let Some((stop, writer)) = self.writer {
            // Two at a time would be in each other's way.
            let _ = stop.send(());
            drop(writer.await);
        }
        let lines = self.lines.borrow().clone();
        write(&self.path, &self.exercise, &lines).map_err(|error| {
            format!("what was typed cannot be kept in {}: {error}", self.path.display())
        })
    }
}

/// How long to wait before the next write.
fn wait(last: Option<Duration>, now: Duration) -> Duration {
    last.map_or(Duration::ZERO, |last| (last + EVERY).saturating_sub(now))
}

/// Files of this kind whose screens are dead, by name.
fn dead(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name();
            let pid =
                name.to_str()?.strip_prefix(kind)?.strip_prefix('-')?.strip_suffix(".json")?;
            let pid: u32 = pid.parse().ok()?;
            // One of this number that is not ours is one that died before.
            (pid == std::process::id() || !alive(pid)).then(|| entry.path())
        })
        .collect();
    found.sort();
    found
}

fn alive(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| {
        !matches!(rustix::process::test_kill_process(pid), Err(rustix::io::Errno::SRCH))
    })
}

/// The lines of a file; one that cannot be read has none.
fn read(path: &Path) -> Vec<String> {
    let small = fs::metadata(path).is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES);
    let text = if small { fs::read_to_string(path).unwrap_or_default() } else { String::new() };
    let kept = serde_json::from_str::<Kept>(&text);
    let lines = kept.map(|kept| kept.lines).unwrap_or_default();
    let clean = |line: &String| line.chars().map(shown).collect::<String>();
    lines.iter().take(MOST_LINES).map(clean).filter(|line| !line.trim().is_empty()).collect()
}

/// Wholly, or what was there stays; without a line there is no file.
fn write(path: &Path, exercise: &str, lines: &[String]) -> io::Result<()> {
    if lines.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    if let Some(folder) = path.parent() {
        DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    }
    let kept = Kept { exercise: printable(exercise, 200), lines: lines.to_vec() };
    let beside = path.with_extension("new");
    drop(fs::remove_file(&beside));
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(&serde_json::to_vec(&kept)?)?;
    fs::rename(&beside, path)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::engine::clock::SystemClock;

    fn lines(of: &[&str]) -> Vec<String> {
        of.iter().map(|line| (*line).to_owned()).collect()
    }

    /// A number that no process has.
    const NOBODY: u32 = 4_194_999;

    #[test]
    fn the_first_key_is_kept_at_once_and_the_next_ones_together() {
        let ms = Duration::from_millis;
        assert_eq!(wait(None, ms(5)), ms(0));
        assert_eq!(wait(Some(ms(1_000)), ms(1_050)), ms(150));
        assert_eq!(wait(Some(ms(1_000)), ms(1_200)), ms(0));
        assert_eq!(wait(Some(ms(1_000)), ms(9_000)), ms(0));
    }

    #[test]
    fn what_a_dead_screen_left_comes_back_once_and_only_where_it_belongs() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("deeper/drafts");
        write(&folder.join(format!("run-{NOBODY}.json")), "x", &lines(&["!2 pay\u{1b}[2J", " "]))
            .unwrap();
        write(&folder.join(format!("join-{NOBODY}.json")), "x", &lines(&["hm"])).unwrap();
        // A living one is another screen's.
        write(&folder.join("run-1.json"), "x", &lines(&["not this"])).unwrap();
        fs::write(folder.join(format!("run-{}.json", NOBODY + 1)), "{ no").unwrap();
        let drafts = Drafts::open(&folder, Whose::Facilitator, "y");
        assert_eq!(drafts.left, ["!2 pay\u{fffd}[2J"]);
        let own = format!("run-{}.json", std::process::id());
        let mut names: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let mut want = vec![format!("join-{NOBODY}.json"), "run-1.json".to_owned(), own.clone()];
        want.sort();
        assert_eq!(names, want);
        let mode = fs::metadata(folder.join(&own)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(Drafts::open(&folder, Whose::Participants, "y").left, ["hm"]);
    }

    #[tokio::test]
    async fn what_is_typed_reaches_the_disk_and_goes_when_it_is_written() {
        let home = tempfile::tempdir().unwrap();
        let mut drafts = Drafts::open(home.path(), Whose::Participants, "x");
        let path = drafts.path.clone();
        let typed = drafts.keep(Arc::new(SystemClock::new()), |why| panic!("{why}"));
        typed.send(lines(&["!2 pa"])).unwrap();
        while read(&path) != ["!2 pa"] {
            tokio::task::yield_now().await;
        }
        typed.send(lines(&["!2 pay"])).unwrap();
        drafts.close().await.unwrap();
        assert_eq!(read(&path), ["!2 pay"]);
        let mut drafts = Drafts::open(home.path(), Whose::Participants, "x");
        assert_eq!(drafts.left, ["!2 pay"]);
        let typed = drafts.keep(Arc::new(SystemClock::new()), |why| panic!("{why}"));
        typed.send_replace(Vec::new());
        drafts.close().await.unwrap();
        assert!(!path.exists());
    }
}
