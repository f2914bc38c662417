//! The program run without a screen, and what it leaves on the machine.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

/// Held by what asks for thousands of requests a second, and by what takes the whole machine besides: where both ran at
/// once, the one would judge the other.
pub static MACHINE: Mutex<()> = Mutex::new(());

/// The program with its data in `data`.
pub fn gameday(data: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gameday"));
    command.env("GAMEDAY_DATA", data).env_remove("GAMEDAY_LANG").env("LC_ALL", "C.UTF-8");
    command.current_dir(env!("CARGO_MANIFEST_DIR"));
    command
}

/// What a run printed, both streams.
pub fn printed(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

/// Command lines of lab processes whose data is in `data`.
pub fn lab_processes(data: &Path) -> Vec<String> {
    found(data).into_iter().map(|(_, line)| line).collect()
}

/// Numbers of lab processes whose data is in `data`.
pub fn lab_pids(data: &Path) -> Vec<u32> {
    found(data).into_iter().map(|(pid, _)| pid).collect()
}

/// Folders of labs below `data`.
pub fn lab_folders(data: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(data.join("labs")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}

fn found(data: &Path) -> Vec<(u32, String)> {
    let marker = data.to_str().unwrap().as_bytes();
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let read = |name: &str| std::fs::read(entry.path().join(name)).unwrap_or_default();
        let line = read("cmdline");
        let is_pod = line.split(|byte| *byte == 0).nth(1) == Some(b"pod");
        let ours = |bytes: &[u8]| bytes.windows(marker.len()).any(|window| window == marker);
        if is_pod && (ours(&read("environ")) || ours(&line)) {
            let pid = entry.file_name().to_string_lossy().parse().unwrap();
            found.push((pid, String::from_utf8_lossy(&line).replace('\0', " ")));
        }
    }
    found
}

/// The only recording below `data`.
pub fn recording(data: &Path) -> PathBuf {
    let files: Vec<PathBuf> = std::fs::read_dir(data.join("recordings"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "jsonl"))
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

/// A game day small enough for a slow build: twenty seconds, both kinds of fault, without a steady state to wait for.
pub fn short_day(folder: &Path) -> PathBuf {
    let path = folder.join("short.yaml");
    std::fs::write(&path, include_str!("short.yaml")).unwrap();
    path
}
