//! The system's view of processes: who carries a lab's mark, how much processor time was used, killing. The one place
//! that knows `/proc`; where there is none, nothing is found.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::channel::{MARK, MARK_PARENT};

/// Clock ticks per second in `/proc`; the kernel's promise to programs on every platform that has `/proc`.
const TICKS: u64 = 100;

/// A process that carries a lab's mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Marked {
    /// Its id.
    pub pid: u32,
    /// Its parent's id.
    pub parent: u32,
    /// The id of the process that started the lab.
    pub starter: Option<u32>,
}

/// Processes that carry the mark of the lab `lab_id`, in order of their ids. The caller itself is never among them.
pub fn orphans(lab_id: &str) -> Vec<Marked> {
    let own = std::process::id();
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    let mut found: Vec<Marked> = entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .filter(|pid| *pid != own)
        .filter_map(|pid| {
            let environment = fs::read(format!("/proc/{pid}/environ")).ok()?;
            let value = |name: &str| {
                environment.split(|byte| *byte == 0).find_map(|one| {
                    one.strip_prefix(name.as_bytes())?.strip_prefix(b"=").map(<[u8]>::to_vec)
                })
            };
            if value(MARK)? != lab_id.as_bytes() || !alive(pid) {
                return None;
            }
            let starter = value(MARK_PARENT);
            let starter = starter.and_then(|text| String::from_utf8(text).ok()?.parse().ok());
            Some(Marked {
                pid,
                parent: stat(Path::new(&format!("/proc/{pid}/stat")))?.parent,
                starter,
            })
        })
        .collect();
    found.sort_unstable_by_key(|one| one.pid);
    found
}

/// Whether this system shows what processes there are.
pub(super) fn can_look() -> bool {
    Path::new("/proc/self/environ").exists()
}

/// What a line of `/proc/…/stat` says.
struct Stat {
    state: char,
    parent: u32,
    ticks: u64,
    started: u64,
}

fn stat(path: &Path) -> Option<Stat> {
    let text = fs::read_to_string(path).ok()?;
    // The name in parentheses may hold anything, also parentheses.
    let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
    let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
    Some(Stat {
        state: fields.first()?.chars().next()?,
        parent: u32::try_from(number(1)?).ok()?,
        ticks: number(11)? + number(12)?,
        started: number(19)?,
    })
}

/// Whether the process runs; one that has ended and waits to be collected does not.
pub(super) fn alive(pid: u32) -> bool {
    if can_look() {
        stat(Path::new(&format!("/proc/{pid}/stat")))
            .is_some_and(|stat| !matches!(stat.state, 'Z' | 'X'))
    } else {
        id(pid).is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok())
    }
}

/// When the process started, in the kernel's ticks; with its id it names a process for good. 0 where unknown.
pub(super) fn started(pid: u32) -> u64 {
    stat(Path::new(&format!("/proc/{pid}/stat"))).map_or(0, |stat| stat.started)
}

/// The processor time that threads whose name begins with `name` have used in the process, and how many there are.
pub(super) fn thread_time(pid: u32, name: &str) -> Option<(usize, Duration)> {
    let mut threads = (0, 0);
    for entry in fs::read_dir(format!("/proc/{pid}/task")).ok()? {
        let path = entry.ok()?.path();
        if fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.starts_with(name))
            && let Some(stat) = stat(&path.join("stat"))
        {
            threads = (threads.0 + 1, threads.1 + stat.ticks);
        }
    }
    Some((threads.0, Duration::from_millis(threads.1 * 1_000 / TICKS)))
}

/// How many bytes the process has in memory.
pub(super) fn resident(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok().map(|kilo| kilo * 1_024)
}

/// How many bytes the process has read and written so far, with whatever it did that to.
pub(super) fn read_written(pid: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{pid}/io")).ok()?;
    let value = |name: &str| -> Option<u64> {
        text.lines().find_map(|line| line.strip_prefix(name))?.trim().parse().ok()
    };
    Some(value("rchar:")? + value("wchar:")?)
}

/// The folder the process works in.
pub(super) fn works_in(pid: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{pid}/cwd")).ok()
}

/// Ends the process without warning. Whoever is gone already is no error.
///
/// # Errors
/// When the system refuses.
pub(super) fn kill(pid: u32) -> Result<(), String> {
    send(pid, Signal::KILL)
}

/// Lets the process stand still. Whoever is gone already is no error.
///
/// # Errors
/// When the system refuses.
pub(super) fn stand_still(pid: u32) -> Result<(), String> {
    send(pid, Signal::STOP)
}

/// Lets a process that stands still go on. Whoever is gone already is no error.
///
/// # Errors
/// When the system refuses.
pub(super) fn go_on(pid: u32) -> Result<(), String> {
    send(pid, Signal::CONT)
}

/// Whether the process stands still.
pub(super) fn halted(pid: u32) -> bool {
    stat(Path::new(&format!("/proc/{pid}/stat"))).is_some_and(|stat| stat.state == 'T')
}

fn send(pid: u32, signal: Signal) -> Result<(), String> {
    let Some(id) = id(pid) else { return Ok(()) };
    match kill_process(id, signal) {
        Ok(()) | Err(rustix::io::Errno::SRCH) => Ok(()),
        Err(error) => Err(format!("process {pid} takes no signal: {error}")),
    }
}

fn id(pid: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(pid).ok()?)
}
