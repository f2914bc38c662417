//! Keeps one pod running as a ReplicaSet does: start, watch, notice the end, back off, start again.

use std::path::PathBuf;
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::{mpsc, watch};

use super::authority::Authority;
use super::backoff::Backoff;
use super::channel::{MARK, MARK_PARENT, Notice, Order, PodSpec, What};
use super::crew::{Crew, Environment, Slot, SlotState};
use super::line::Line;
use super::process::kill;
use super::shop::Role;
use super::spawner::Spawner;
use crate::exercise::said::{Between, Said, said};
use crate::exercise::target::PodHealth;
use crate::gameday::defence::Defences;
use crate::port::clock::Clock;

/// How often a pod is asked whether it is there.
const ASK_EVERY: Duration = Duration::from_millis(500);

/// How long it may take to answer.
const ANSWER_WITHIN: Duration = Duration::from_millis(1_500);

/// What all pods of one lab are started with.
pub(super) struct Base {
    /// The program.
    pub exe: PathBuf,
    /// The lab.
    pub lab_id: String,
    /// The lab's folder.
    pub folder: PathBuf,
    /// The lab's seed.
    pub seed: u64,
    /// Makes the gateway's certificates.
    pub authority: Arc<Authority>,
    /// The defences that are on.
    pub defences: Defences,
    /// Starts processes.
    pub spawner: Spawner,
    /// The time.
    pub clock: Arc<dyn Clock>,
}

/// Keeps the pod at `index` running until `stop` says so, as long as it is wanted and nothing keeps it down.
pub(super) async fn keep(
    base: Arc<Base>,
    crew: Arc<Crew>,
    index: usize,
    mut stop: watch::Receiver<bool>,
) {
    let slot = &crew.slots()[index];
    let mut backoff = Backoff::default();
    let mut ports = (0, 0);
    let mut first = true;
    loop {
        tokio::select! {
            () = placed(&crew, slot) => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
        if !first {
            slot.change(|state| {
                state.restarts += 1;
                state.health = PodHealth::Starting;
                state.leaving = false;
                state.note = Said::default();
            });
            crew.publish();
        }
        first = false;
        let start = base.clock.monotonic();
        let ended = tokio::select! {
            ended = live(&base, &crew, slot, index, ports) => ended,
            _ = stop.wait_for(|stop| *stop) => return,
        };
        if slot.plan.role == Role::Gateway {
            // Customers know one address for each way in, also of the next gateway.
            let state = slot.state();
            ports.0 = state.metrics.map_or(ports.0, |address| address.port());
            ports.1 = state.secure.map_or(ports.1, |address| address.port());
        }
        let now = base.clock.monotonic();
        // Whoever is stopped on purpose, or was held down, or is to be another by now, starts as soon as it may.
        let wait = if ended.at_once || slot.state().leaving || !crew.may_run(slot) {
            Duration::ZERO
        } else {
            backoff.after(now.saturating_sub(start))
        };
        died(&crew, slot, &ended.how, wait, now);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = slot.soon.notified() => {}
            _ = stop.wait_for(|stop| *stop) => return,
        }
    }
}

/// Waits until the pod is wanted and there is a place for it.
async fn placed(crew: &Crew, slot: &Slot) {
    let mut news = crew.holds.watch();
    loop {
        news.borrow_and_update();
        if crew.place(slot) || news.changed().await.is_err() {
            return;
        }
    }
}

/// Says that the process has ended, and what follows.
fn died(crew: &Crew, slot: &Slot, ended: &Said, wait: Duration, now: Duration) {
    let node_is_lost = crew.holds.closes(slot.state().node);
    let next = match (crew.may_run(slot), node_is_lost) {
        (true, true) => said!("lab-starts-elsewhere", "starts elsewhere"),
        (true, false) => {
            said!("lab-starts-in", "starts again in {seconds} s", seconds = wait.as_secs())
        }
        (false, true) => {
            said!("lab-not-in-use", "{node} is not in use", node = slot.state().node)
        }
        (false, false) => said!("lab-held-down", "is held down"),
    };
    slot.change(|state| {
        if let Some(line) = state.line.take() {
            line.close();
        }
        if state.health == PodHealth::Ready {
            state.seen = now;
        }
        state.address = None;
        state.health = PodHealth::Dead;
        state.note = Said::all([ended.clone(), next], Between::Then);
    });
    slot.wrote(format!("({ended})"));
    crew.holds.ended(slot.plan.name);
    crew.bury(slot.plan.name);
    crew.publish();
}

/// What the next process of the pod is told.
fn spec(base: &Base, slot: &Slot, index: usize, (port, secure_port): (u16, u16)) -> PodSpec {
    PodSpec {
        lab_id: base.lab_id.clone(),
        name: slot.plan.name.to_owned(),
        role: slot.state().role,
        parent_pid: std::process::id(),
        folder: base.folder.clone(),
        port,
        secure_port,
        // Other pods and other lives see other dice.
        defences: base.defences.clone(),
        seed: base.seed.wrapping_add(index as u64 * 1_000 + u64::from(slot.state().restarts)),
    }
}

/// How a life ended.
struct Ended {
    /// In words.
    how: Said,
    /// Whether it was started for nothing, so that the next start need not wait.
    at_once: bool,
}

impl From<Said> for Ended {
    fn from(how: Said) -> Self {
        Self { how, at_once: false }
    }
}

/// Whether a process that was started like this is one that is wanted now. While it was being started there was no line
/// to it: whoever changed something in that moment could not end it.
fn is_wanted(
    crew: &Crew,
    name: &str,
    spec: &PodSpec,
    environment: &Environment,
    now: &SlotState,
) -> bool {
    let held = now.absent || crew.holds.keeps_down(name) || crew.holds.closes(now.node);
    !held && now.role == spec.role && now.environment == *environment
}

/// One life of a pod; returns how it ended.
async fn live(
    base: &Base,
    crew: &Arc<Crew>,
    slot: &Slot,
    index: usize,
    ports: (u16, u16),
) -> Ended {
    let spec = spec(base, slot, index, ports);
    let environment = slot.state().environment;
    let mut child = match spawn(base, &spec, environment.values().flatten()).await {
        Ok(child) => child,
        Err(error) => {
            let why = error.to_string();
            return said!("lab-cannot-start", "cannot be started: {why}", why = why).into();
        }
    };
    let streams = (child.id(), child.stdin.take(), child.stdout.take(), child.stderr.take());
    let (Some(pid), Some(stdin), Some(stdout), Some(stderr)) = streams else {
        return said!("lab-ended-at-once", "ended at once").into();
    };
    let (line, outgoing) = Line::new(slot.plan.name, pid);
    let line = Arc::new(line);
    slot.change(|state| {
        state.line = Some(Arc::clone(&line));
    });
    // Only now: whoever changes something from here on sees the line.
    if !is_wanted(crew, slot.plan.name, &spec, &environment, &slot.state()) {
        // What cannot be killed has no way to be called, and ends with this handle.
        let how = match kill(pid) {
            Ok(()) => said!("lab-for-nothing", "started for nothing"),
            Err(error) => error.into(),
        };
        let how = Said::all([how, end(child).await], Between::Then);
        return Ended { how, at_once: true };
    }
    equip(base, crew, slot, &line);
    crew.publish();
    let listen = async {
        let mut lines = BufReader::new(stdout).lines();
        while let Ok(Some(text)) = lines.next_line().await {
            match serde_json::from_str(&text) {
                Ok(Notice::Reply { seq, answer }) => line.answered(seq, answer),
                Ok(Notice::WantCertificate) => certify(base, &line),
                Ok(Notice::Ready { address, metrics, secure }) => {
                    crew.catch_up(&line);
                    let now = base.clock.monotonic();
                    slot.change(|state| {
                        (state.address, state.metrics) = (Some(address), Some(metrics));
                        state.secure = secure;
                        (state.health, state.seen) = (PodHealth::Ready, now);
                    });
                    crew.publish();
                }
                // Not from us: a library that prints.
                Err(_) => {}
            }
        }
    };
    let hear = async {
        let mut lines = BufReader::new(stderr).lines();
        while let Ok(Some(text)) = lines.next_line().await {
            slot.wrote(text);
        }
    };
    tokio::select! {
        ((), (), ()) = async { tokio::join!(listen, hear, write(stdin, outgoing)) } => {}
        () = check(base, crew, slot, &line) => {}
    }
    end(child).await.into()
}

/// Gives a new process what it must have before anyone calls it.
fn equip(base: &Base, crew: &Crew, slot: &Slot, line: &Line) {
    match slot.plan.role {
        Role::Gateway => certify(base, line),
        // Nobody may hear of a policy without what has been taken away.
        Role::Auth => crew.catch_up(line),
        _ => {}
    }
}

/// Sends the gateway a new certificate. Without one no customer gets a connection, which is seen.
fn certify(base: &Base, line: &Line) {
    if let Ok(kit) = base.authority.kit(base.clock.wall_millis()) {
        line.tell(What::Certificate(Box::new(kit)));
    }
}

async fn spawn(
    base: &Base,
    spec: &PodSpec,
    environment: impl Iterator<Item = (&String, &String)>,
) -> std::io::Result<Child> {
    let mut command = Command::new(&base.exe);
    command
        .arg("pod")
        .arg(serde_json::to_string(spec)?)
        .envs(environment)
        .env(MARK, &base.lab_id)
        .env(MARK_PARENT, spec.parent_pid.to_string())
        .current_dir(&base.folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // Ctrl-C in the terminal is for the program on the screen, not for the pods. And in a group of its own, but the
        // same session, a pod that stands still is hung up by the kernel and let go on when this program dies, also on
        // systems that cannot kill it with its parent.
        .process_group(0);
    base.spawner.spawn(command).await
}

async fn write(mut stdin: ChildStdin, mut outgoing: mpsc::UnboundedReceiver<Order>) {
    while let Some(order) = outgoing.recv().await {
        let Ok(mut text) = serde_json::to_vec(&order) else { continue };
        text.push(b'\n');
        if stdin.write_all(&text).await.is_err() {
            return;
        }
    }
}

/// Asks the pod every second whether it is there; one that does not answer gets no traffic.
async fn check(base: &Base, crew: &Arc<Crew>, slot: &Slot, line: &Line) {
    let mut tick = tokio::time::interval(ASK_EVERY);
    loop {
        tick.tick().await;
        let there = line.call_for(What::Ping, ANSWER_WITHIN).await.is_ok();
        let mut changed = false;
        slot.change(|state| {
            if there {
                state.seen = base.clock.monotonic();
            }
            let (next, note) = match (there, state.health) {
                (false, PodHealth::Ready) => {
                    (PodHealth::NotReady, said!("lab-silent", "does not answer"))
                }
                // One that is only woken for a moment takes no traffic.
                (true, PodHealth::NotReady) if !crew.holds.hangs(slot.plan.name) => {
                    (PodHealth::Ready, Said::default())
                }
                _ => return,
            };
            changed = true;
            state.health = next;
            state.note = note;
        });
        if changed {
            crew.publish();
        }
    }
}

async fn end(mut child: Child) -> Said {
    let how = match child.wait().await {
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    said!("lab-ended", "ended: {how}", how = how)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lab::hold::Hold;

    struct Still;

    impl Clock for Still {
        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }

        fn wall_millis(&self) -> i64 {
            0
        }
    }

    /// What may happen while a process is being started.
    type Change = fn(&Crew, &Slot);

    #[tokio::test(flavor = "multi_thread")]
    async fn a_process_that_became_another_while_it_was_started_never_runs() {
        let cases: [(&str, Change); 5] = [
            ("its role", |_, slot| slot.change(|state| state.role = Role::Replica)),
            ("its environment", |_, slot| {
                slot.change(|state| {
                    state.environment.insert("order".to_owned(), Default::default());
                });
            }),
            ("it is held", |crew, slot| {
                let pods = vec![slot.plan.name.to_owned()];
                crew.holds.put(Hold { order: "order".to_owned(), pods, ..Hold::default() });
            }),
            ("its node is lost", |crew, slot| {
                let nodes = vec![slot.plan.node.to_owned()];
                crew.holds.put(Hold { order: "order".to_owned(), nodes, ..Hold::default() });
            }),
            ("it is not wanted", |_, slot| slot.change(|state| state.absent = true)),
        ];
        for (what, change) in cases {
            let crew = Crew::new(&Defences::default());
            let index =
                crew.slots().iter().position(|slot| slot.plan.role == Role::Primary).unwrap();
            let slot = &crew.slots()[index];
            let (spawner, jobs) = Spawner::by_hand();
            let base = Base {
                exe: "gameday".into(),
                lab_id: "lab".to_owned(),
                folder: "/".into(),
                seed: 1,
                authority: Arc::new(Authority::new().unwrap()),
                defences: Defences::default(),
                spawner,
                clock: Arc::new(Still),
            };
            let starts = async {
                tokio::task::block_in_place(|| {
                    let (_, tell) = jobs.recv().unwrap();
                    change(&crew, slot);
                    let mut stand_in = Command::new("cat");
                    stand_in.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
                    let child = stand_in.kill_on_drop(true).spawn().unwrap();
                    let pid = child.id().unwrap();
                    tell.send(Ok(child)).unwrap();
                    pid
                })
            };
            let lives = tokio::time::timeout(
                Duration::from_secs(10),
                live(&base, &crew, slot, index, (0, 0)),
            );
            let (ended, pid) = tokio::join!(lives, starts);
            let ended = ended.unwrap_or_else(|_| panic!("{what} has changed, and it runs"));
            assert!(ended.at_once && ended.how.starts_with("started for nothing"), "{what}");
            assert!(!super::super::process::alive(pid), "{what}");
        }
    }
}
