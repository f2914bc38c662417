//! Notices that the primary database is lost and lets the replica take over: fence, promote, swap roles, tell everyone.
//! The decision is pure; what the promoted pod does inside is its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::watch;

use super::channel::{Answer, What};
use super::crew::{Crew, Slot};
use super::datafile::read_in;
use super::ending::{kill_all, kill_lines};
use super::line::Line;
use super::look::probe;
use super::shop::Role;
use crate::exercise::reading::Failover;
use crate::exercise::said::{Said, said};
use crate::exercise::target::PodHealth;
use crate::gameday::defence::Defence;
use crate::gameday::span::Span;
use crate::port::clock::Clock;
use crate::port::target::TargetError;

/// A primary that is not ready, or that its callers do not reach, is lost after so long.
const PATIENCE: Duration = Duration::from_secs(1);

/// The callers are asked so often whether they reach the databases.
const ASK_EVERY: Duration = Duration::from_millis(300);

/// An answer that takes longer is none.
const ANSWER_WITHIN: Span = Span::from_millis(1_000);

/// A primary whose own statements take longer is slow, and not unreachable.
const SLOW: Duration = Duration::from_millis(300);

/// The replica has so long to take over.
const PROMOTE_LIMIT: Duration = Duration::from_secs(5);

/// After it could not, it is tried again after so long.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// What one caller sees of the databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Vote {
    /// Whether customers' requests reach the databases through it.
    serves: bool,
    /// Whether it reaches the primary.
    primary: bool,
    /// Whether it reaches the replica; the replica itself does.
    replica: bool,
}

/// How the primary is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Primary {
    /// It has ended.
    Gone,
    /// It does not answer.
    Silent,
    /// It answers.
    Here,
}

/// Remembers since when the primary seems lost.
#[derive(Debug, Default)]
struct Judge {
    since: Option<Duration>,
    retry: Duration,
}

impl Judge {
    /// Whether the replica has to take over now.
    fn decides(&mut self, now: Duration, primary: Primary, replica_ready: bool, cut: bool) -> bool {
        let seems_lost = primary != Primary::Here || cut;
        self.since = self.since.filter(|_| seems_lost).or(seems_lost.then_some(now));
        let waited = self.since.is_some_and(|since| now.saturating_sub(since) >= PATIENCE);
        let lost = primary == Primary::Gone || waited;
        replica_ready && lost && now >= self.retry
    }

    /// It took over, or could not.
    fn done(&mut self, now: Duration, well: bool) {
        self.since = None;
        self.retry = if well { now } else { now + RETRY_AFTER };
    }
}

/// Whether those who ask agree that the primary cannot be reached, and the replica would be of use: all who serve
/// customers, or most of all.
fn cut_off(votes: &[Vote]) -> bool {
    let without = |all: &[&Vote]| all.iter().filter(|vote| !vote.primary).count();
    let serving: Vec<&Vote> = votes.iter().filter(|vote| vote.serves).collect();
    let all: Vec<&Vote> = votes.iter().collect();
    let agreed = without(&serving) == serving.len() || 2 * without(&all) > all.len();
    let useful = serving.iter().any(|vote| !vote.primary && vote.replica);
    agreed && useful
}

/// Since when the primary is cut off: the last time it was reached.
type CutSince = Option<Duration>;

/// Watches over the primary for ever; does nothing without the defence.
pub(super) async fn watch_over(crew: Arc<Crew>, clock: Arc<dyn Clock>, folder: PathBuf) {
    if crew.defences().has(Defence::Failover) {
        let cut = watch::Sender::new(None);
        tokio::join!(ask(&crew, &*clock, &cut), judge(&crew, &clock, &folder, cut.subscribe()));
    }
}

async fn judge(
    crew: &Arc<Crew>,
    clock: &Arc<dyn Clock>,
    folder: &Path,
    mut cut: watch::Receiver<CutSince>,
) {
    let mut judge = Judge::default();
    let mut topology = crew.watch();
    let mut tick = tokio::time::interval(ASK_EVERY);
    loop {
        tokio::select! {
            changed = topology.changed() => if changed.is_err() { return },
            changed = cut.changed() => if changed.is_err() { return },
            _ = tick.tick() => {}
        }
        topology.borrow_and_update();
        let cut_since = *cut.borrow_and_update();
        let (Some(primary), Some(replica)) =
            (holder(crew, Role::Primary), holder(crew, Role::Replica))
        else {
            continue;
        };
        let primary = match primary.state() {
            // Not yet up for the first time.
            state if state.seen.is_zero() => Primary::Here,
            state if state.health == PodHealth::Dead => Primary::Gone,
            state if state.health == PodHealth::Ready => Primary::Here,
            _ => Primary::Silent,
        };
        let ready = replica.state().health == PodHealth::Ready;
        if judge.decides(clock.monotonic(), primary, ready, cut_since.is_some()) {
            let seen = cut_since.filter(|_| primary == Primary::Here);
            let by = said!("lab-controller", "the lab's controller");
            let done = promote(crew, clock, folder, by, seen).await;
            judge.done(clock.monotonic(), done.is_ok());
        }
    }
}

/// Asks those who call the databases, for ever, whether they reach them.
async fn ask(crew: &Crew, clock: &dyn Clock, cut: &watch::Sender<CutSince>) {
    let mut tick = tokio::time::interval(ASK_EVERY);
    let mut reached = clock.monotonic();
    loop {
        tick.tick().await;
        let names = (holder(crew, Role::Primary), holder(crew, Role::Replica));
        let (Some(primary), Some(replica)) = names else { continue };
        let ready = |slot: &Slot| slot.state().health == PodHealth::Ready;
        if !ready(primary) || !ready(replica) {
            cut.send_replace(None);
            reached = clock.monotonic();
            continue;
        }
        let (first, second) = (primary.plan.name, replica.plan.name);
        let callers = crew.present().filter(|(slot, state)| {
            slot.plan.name != first && state.role.dials_role(Role::Primary)
        });
        let lines: Vec<_> = callers
            .filter(|(_, state)| state.health == PodHealth::Ready)
            .filter_map(|(_, state)| Some((state.role == Role::Backend, state.line?)))
            .collect();
        let votes = lines.iter().map(|(serves, line)| async move {
            let (primary, replica) = tokio::join!(reaches(line, first), async {
                !serves || reaches(line, second).await
            });
            Vote { serves: *serves, primary, replica }
        });
        let asked = clock.monotonic();
        let votes = join_all(votes).await;
        let is_cut = cut_off(&votes) && !is_slow(primary).await;
        if !is_cut {
            reached = asked;
        }
        cut.send_replace(is_cut.then_some(reached));
    }
}

async fn reaches(line: &Line, peer: &str) -> bool {
    matches!(probe(line, peer, ANSWER_WITHIN).await, Ok(Some(_)))
}

/// Whether the primary answers the lab, and it is its statements that take long.
async fn is_slow(primary: &Slot) -> bool {
    let Some(line) = primary.state().line else { return false };
    if line.call_for(What::Ping, SLOW).await.is_err() {
        return false;
    }
    !matches!(line.call_for(What::ProbeStatement, SLOW).await, Ok(Answer::Took { .. }))
}

fn holder(crew: &Crew, role: Role) -> Option<&Slot> {
    crew.slots().iter().find(|slot| slot.state().role == role)
}

/// Lets the replica take over from the primary, which is ended first if it still runs; what was seen. `seen`: when the
/// primary was last known to be there, where that is not what the lab itself sees. Goes on to its end, even if nobody
/// waits for that any more: half a change of roles would be no primary, or two.
///
/// # Errors
/// When there is no replica that takes traffic, or it cannot take over; the primary stays primary then.
pub(super) async fn promote(
    crew: &Arc<Crew>,
    clock: &Arc<dyn Clock>,
    folder: &Path,
    by: Said,
    seen: Option<Duration>,
) -> Result<Failover, TargetError> {
    let (crew, clock) = (Arc::clone(crew), Arc::clone(clock));
    let folder = folder.to_owned();
    let work = tokio::spawn(async move {
        let done = take_over(&crew, &*clock, &folder, seen, PROMOTE_LIMIT).await?;
        let failover = Failover { by, ..done };
        crew.has_failed_over(&failover);
        Ok(failover)
    });
    work.await.map_err(|error| TargetError(error.to_string()))?
}

async fn take_over(
    crew: &Crew,
    clock: &dyn Clock,
    folder: &Path,
    seen: Option<Duration>,
    limit: Duration,
) -> Result<Failover, TargetError> {
    let _one_at_a_time = crew.promoting.lock().await;
    let none = |what: &str| TargetError(format!("the lab has no {what}"));
    let old = holder(crew, Role::Primary).ok_or_else(|| none("primary"))?;
    let new = holder(crew, Role::Replica).ok_or_else(|| none("replica"))?;
    let state = new.state();
    let Some(line) = state.line.filter(|_| state.health == PodHealth::Ready) else {
        return Err(TargetError(format!("{} does not take traffic", new.plan.name)));
    };
    let seen = seen.unwrap_or_else(|| match old.state() {
        state if state.health == PodHealth::Ready => clock.monotonic(),
        state => state.seen,
    });
    // From here on nobody starts as primary; whoever still is one has to go first: two would be worse than none.
    old.change(|state| state.role = Role::Replica);
    let promoted = async {
        kill_all(crew, &[old.plan.name.to_owned()]).await?;
        // Read before it starts as something else.
        let newest = newest_commit(folder, old.plan.name);
        let (newest, answer) = tokio::join!(newest, line.call_for(What::Promote, limit));
        match answer? {
            Answer::Promoted { last_commit_wall } => Ok((newest, last_commit_wall)),
            other => Err(TargetError(format!("{} answered {other:?}", new.plan.name))),
        }
    };
    let (newest, last_commit) = match promoted.await {
        Ok(commits) => commits,
        Err(error) => {
            give_back(crew, old, &line).await;
            return Err(error);
        }
    };
    let mut next = None;
    new.change(|state| {
        state.role = Role::Primary;
        next = state.line.clone().filter(|next| !Arc::ptr_eq(next, &line));
    });
    if let Some(next) = next {
        // It died right after it took over, and was started as the replica it is no longer.
        let _ = kill_lines(crew, &[next]).await;
        new.soon.notify_waiters();
    }
    crew.publish();
    let took = clock.monotonic().saturating_sub(seen);
    let seen_wall = clock.wall_millis() - i64::try_from(took.as_millis()).unwrap_or(i64::MAX);
    Ok(Failover {
        from: old.plan.name.to_owned(),
        to: new.plan.name.to_owned(),
        took: took.into(),
        behind: behind(seen_wall, newest, last_commit),
        by: Said::default(),
    })
}

/// The old primary is to be primary again. The other one may have heard that it is to be one, and only be late: its
/// process has to go first, however long that takes, and starts again as the replica that it is.
async fn give_back(crew: &Crew, old: &Slot, other: &Arc<Line>) {
    while kill_lines(crew, std::slice::from_ref(other)).await.is_err() {
        tokio::time::sleep(ASK_EVERY).await;
    }
    old.change(|state| state.role = Role::Primary);
    // It may have been started as a replica meanwhile.
    if let Some(line) = old.state().line {
        // Where it stays it is only one replica too many, until it is ended.
        let _ = kill_lines(crew, &[line]).await;
    }
    old.soon.notify_waiters();
    crew.publish();
}

/// How much time of commits is lost: from what the new primary has until the old one was lost, but for the time in which
/// it had nothing more to commit. `newest`: its newest commit, where that is known. All in milliseconds since 1970.
fn behind(seen: i64, newest: Option<i64>, has: i64) -> Span {
    let until = newest.map_or(seen, |newest| newest.min(seen));
    Span::from_millis(u64::try_from(until.saturating_sub(has)).unwrap_or(0))
}

/// When the newest commit in the file of a database that does not run was made; none where that cannot be known.
async fn newest_commit(folder: &Path, pod: &str) -> Option<i64> {
    let sql = "SELECT max(at) FROM replication_log";
    let newest = read_in(folder, pod, |file| file.query_row(sql, [], |row| row.get(0)));
    newest.await.ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn vote(serves: bool, primary: bool, replica: bool) -> Vote {
        Vote { serves, primary, replica }
    }

    #[test]
    fn callers_agree_before_a_primary_counts_as_cut_off() {
        let (lost, well) = (vote(true, false, true), vote(true, true, true));
        let (follows, alone) = (vote(false, true, true), vote(false, false, true));
        let cases: [(&str, &[Vote], bool); 9] = [
            ("nobody to ask", &[], false),
            ("all is well", &[well, well, follows], false),
            ("one of two backends", &[lost, well, follows], false),
            ("both backends", &[lost, lost, follows], true),
            ("one backend and the replica: another zone", &[lost, well, alone], true),
            ("only replication", &[well, well, alone], false),
            ("the only backend left", &[lost, follows], true),
            ("the only backend is well", &[well, alone], false),
            ("neither database is reached", &[vote(true, false, false); 2], false),
        ];
        for (what, votes, expected) in cases {
            assert_eq!(cut_off(votes), expected, "{what}");
        }
    }

    #[test]
    fn a_dead_primary_is_replaced_at_once_and_a_silent_one_after_a_while() {
        let at = Duration::from_millis;
        let mut judge = Judge::default();
        assert!(!judge.decides(at(0), Primary::Here, true, false));
        assert!(judge.decides(at(10), Primary::Gone, true, false));
        assert!(!judge.decides(at(20), Primary::Gone, false, false), "nobody to take over");
        judge.done(at(20), false);
        assert!(!judge.decides(at(30), Primary::Gone, true, false), "it just failed");
        assert!(judge.decides(at(5_020), Primary::Gone, true, false));

        for (primary, cut) in [(Primary::Silent, false), (Primary::Here, true)] {
            let mut judge = Judge::default();
            assert!(!judge.decides(at(100), primary, true, cut));
            assert!(!judge.decides(at(1_099), primary, true, cut));
            assert!(judge.decides(at(1_100), primary, true, cut));
            assert!(!judge.decides(at(1_200), Primary::Here, true, false), "it is back");
            assert!(!judge.decides(at(1_300), primary, true, cut), "and away again");
            judge.done(at(1_300), true);
            assert!(!judge.decides(at(2_300), primary, true, cut));
            assert!(judge.decides(at(3_300), primary, true, cut));
        }
    }

    #[test]
    fn time_in_which_nothing_was_committed_is_not_lost() {
        let cases = [
            ("it had more", 9_000, Some(8_500), 8_000, 500),
            ("idle since long", 9_000, Some(2_000), 8_000, 0),
            ("idle, and the replica knows only its last commit", 9_000, Some(2_000), 2_000, 0),
            ("it committed after it was last seen", 9_000, Some(9_400), 8_000, 1_000),
            ("its file is gone", 9_000, None, 8_000, 1_000),
        ];
        for (what, seen, newest, has, expected) in cases {
            assert_eq!(behind(seen, newest, has), Span::from_millis(expected), "{what}");
        }
    }

    struct Still;

    impl Clock for Still {
        fn monotonic(&self) -> Duration {
            Duration::ZERO
        }

        fn wall_millis(&self) -> i64 {
            0
        }
    }

    /// Whatever comes of a promotion, nobody who may still become the primary is left when the old one may start.
    #[cfg(target_os = "linux")]
    #[tokio::test]
    async fn a_replica_that_is_late_to_take_over_is_ended_before_the_old_primary_returns() {
        let crew = Crew::new(&Default::default());
        let mut children = Vec::new();
        for name in ["database-primary", "database-replica"] {
            let child =
                tokio::process::Command::new("sleep").arg("60").kill_on_drop(true).spawn().unwrap();
            let slot = crew.slot(name).unwrap();
            let (line, orders) = Line::new(slot.plan.name, child.id().unwrap());
            slot.change(|state| {
                state.line = Some(Arc::new(line));
                state.health = PodHealth::Ready;
            });
            // It hears everything and says nothing.
            children.push((slot, child, orders));
        }
        let folder = tempfile::tempdir().unwrap();
        let limit = Duration::from_millis(20);
        let pids: Vec<u32> = children.iter().filter_map(|(_, child, _)| child.id()).collect();
        let watch = join_all(children.into_iter().map(|(slot, mut child, orders)| {
            let (crew, pids) = (&crew, &pids);
            async move {
                child.wait().await.unwrap();
                let (primary, alive) =
                    (crew.slot("database-primary").unwrap(), super::super::process::alive);
                let returned = primary.state().role == Role::Primary;
                assert!(!(returned && alive(pids[1])), "there could be two");
                slot.change(|state| state.line = None);
                drop(orders);
            }
        }));
        let work = async {
            let error = take_over(&crew, &Still, folder.path(), None, limit).await.unwrap_err();
            assert!(!super::super::process::alive(pids[1]), "it may still take over: {error}");
            let role = |name| crew.slot(name).unwrap().state().role;
            assert_eq!(role("database-primary"), Role::Primary);
            assert_eq!(role("database-replica"), Role::Replica);
        };
        tokio::join!(work, watch);
    }
}
