//! Every type of fault there is, in effect when the program is killed: nothing of it is left on the machine, the next
//! start says so, and a lab works again.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use gameday::exercise::event::{Event, Outcome};
use gameday::recording::read::read;

use super::faults::{Group, each_group};
use super::program::{gameday, lab_folders, lab_pids, lab_processes, printed, recording};

/// Nothing that the program started outlives it for so long.
const LIMIT: Duration = Duration::from_secs(2);

/// Folders in which a program could leave something.
struct Places(tempfile::TempDir);

impl Places {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["data", "home", "temporary", "here"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self(folder)
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// The program, at home in them.
    fn gameday(&self) -> Command {
        let mut command = gameday(&self.data());
        command.env("HOME", self.0.path().join("home"));
        command.env("TMPDIR", self.0.path().join("temporary"));
        command.current_dir(self.0.path().join("here"));
        command
    }

    /// Every file below them, without the folders of labs.
    fn files(&self) -> Vec<PathBuf> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let lab = path.parent().is_some_and(|parent| parent.ends_with("data/labs"));
                match path.is_dir() {
                    true if lab => {}
                    true => folders.push(path),
                    false => found.push(path),
                }
            }
        }
        found.sort();
        found
    }

    /// What is mounted below them.
    fn mounts(&self) -> Vec<String> {
        let here = self.0.path().to_str().unwrap();
        let mounts = std::fs::read_to_string("/proc/mounts").unwrap();
        mounts.lines().filter(|line| line.contains(here)).map(str::to_owned).collect()
    }
}

/// What processes have of the machine that could outlive them.
struct Belongings {
    /// Numbers of their sockets.
    sockets: BTreeSet<String>,
    /// Groups in which they alone are limited.
    groups: BTreeSet<String>,
}

impl Belongings {
    fn of(pids: &[u32]) -> Self {
        let groups = |who: &str| -> BTreeSet<String> {
            let text = std::fs::read_to_string(format!("/proc/{who}/cgroup")).unwrap_or_default();
            text.lines().filter_map(|line| Some(line.rsplit_once(':')?.1.to_owned())).collect()
        };
        let ours = groups("self");
        let mut all = Self { sockets: BTreeSet::new(), groups: BTreeSet::new() };
        for pid in pids {
            all.groups.extend(groups(&pid.to_string()).difference(&ours).cloned());
            let Ok(entries) = std::fs::read_dir(format!("/proc/{pid}/fd")) else { continue };
            let targets =
                entries.flatten().filter_map(|entry| std::fs::read_link(entry.path()).ok());
            all.sockets.extend(targets.filter_map(|target| {
                let name = target.to_str()?.strip_prefix("socket:[")?;
                Some(name.strip_suffix(']')?.to_owned())
            }));
        }
        all
    }

    /// Those sockets that customers or pods can still reach.
    fn open(&self) -> Vec<String> {
        let tables = ["tcp", "tcp6", "udp", "udp6", "unix"];
        let read =
            |table| std::fs::read_to_string(format!("/proc/net/{table}")).unwrap_or_default();
        let lines: Vec<String> = tables
            .into_iter()
            .flat_map(|table| read(table).lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let ours = |line: &&String| line.split_whitespace().any(|word| self.sockets.contains(word));
        lines.iter().filter(ours).cloned().collect()
    }

    fn limited(&self) -> Vec<PathBuf> {
        let folders = self.groups.iter().map(|group| Path::new("/sys/fs/cgroup").join(&group[1..]));
        folders.filter(|folder| folder.exists()).collect()
    }
}

#[test]
fn the_death_of_the_program_leaves_no_trace_of_any_type() {
    each_group(killed);
}

fn killed(group: &Group) {
    let places = Places::new();
    let day = tempfile::tempdir().unwrap();
    let day = group.day(day.path(), "", &[("killed", "60s", None)]);
    let mut child = places
        .gameday()
        .arg("run")
        .arg(day)
        .args(["--headless", "--blast-radius", "wide", "--seed", "5"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let names = group.names("killed");
    let mut missing: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut said = Vec::new();
    for line in BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok) {
        missing.retain(|name| !line.contains(&format!("{name} took effect")));
        said.push(line);
        if missing.is_empty() {
            break;
        }
    }
    let pids = [lab_pids(&places.data()), vec![child.id()]].concat();
    let belongings = Belongings::of(&pids);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(missing.is_empty(), "{missing:?} never took effect: {said:#?}");
    assert!(belongings.sockets.len() > pids.len(), "the lab was not looked at");

    let died = Instant::now();
    let left = || (lab_processes(&places.data()), belongings.open());
    while left() != (Vec::new(), Vec::new()) {
        assert!(died.elapsed() < LIMIT, "{}: still there: {:#?}", group.name, left());
        std::thread::yield_now();
    }
    assert_eq!(belongings.limited(), Vec::<PathBuf>::new());
    assert_eq!(places.mounts(), Vec::<String>::new());
    let recorded = recording(&places.data());
    assert_eq!(places.files(), std::slice::from_ref(&recorded), "and nothing else");

    let next = places.gameday().arg("recover").output().unwrap();
    let said = printed(&next);
    assert!(next.status.success() && said.contains("the exercise died"), "{said}");
    for name in names {
        assert!(said.contains(&format!("{name}: undone: ")), "{name}: {said}");
    }
    let events = read(&recorded).unwrap().envelopes;
    let last = events.last().map(|last| &last.event);
    assert!(matches!(last, Some(Event::Ended { outcome: Outcome::Died, .. })), "{last:?}");
    serves(&places);
    assert_eq!(lab_folders(&places.data()), Vec::<String>::new());
}

/// A lab takes orders there as if nothing had been.
fn serves(places: &Places) {
    let mut lab =
        places.gameday().arg("lab").stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(lab.stdout.take().unwrap()).lines().map_while(Result::ok);
    let address =
        lines.find_map(|line| Some(line.split_once("takes traffic at http://")?.1.to_owned()));
    let address = address.expect("the lab says where it is");
    assert!(lines.any(|line| line.contains("Ctrl-C ends it")));
    let order = r#"{"user":3,"product":5,"quantity":2}"#;
    let answer = post(address.trim_end_matches('/'), "/checkout", order);
    let pid = rustix::process::Pid::from_raw(lab.id().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert!(lab.wait().unwrap().success());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert_eq!(lab_processes(&places.data()), Vec::<String>::new());
}

fn post(address: &str, path: &str, body: &str) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncookie: session=1\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}
