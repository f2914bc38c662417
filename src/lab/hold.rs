//! What keeps pods from running: pods that are held down, nodes that are out of use, pods that stand still; each on
//! behalf of an order. Starts and stops nothing.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use tokio::sync::watch;

use super::lock::lock;

/// What one order holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Hold {
    /// The key of the order.
    pub order: String,
    /// Pods that are not started.
    pub pods: Vec<String>,
    /// Nodes on which nothing is started.
    pub nodes: Vec<String>,
    /// Pods that stand still.
    pub hung: Vec<String>,
}

/// Everything that is held.
#[derive(Default)]
pub(super) struct Holds {
    standing: Mutex<Vec<Hold>>,
    /// Pods that are wanted awake for a moment, by how many.
    awake: Mutex<BTreeMap<&'static str, u32>>,
    news: watch::Sender<()>,
}

impl Holds {
    /// From now on this is held; replaces what the same order held.
    pub(super) fn put(&self, hold: Hold) {
        let mut standing = lock(&self.standing);
        standing.retain(|one| one.order != hold.order);
        standing.push(hold);
        drop(standing);
        self.news.send_replace(());
    }

    /// The order holds nothing any more.
    pub(super) fn lift(&self, order: &str) {
        lock(&self.standing).retain(|one| one.order != order);
        self.news.send_replace(());
    }

    /// Someone may want to look again: a pod has moved, or is wanted again.
    pub(super) fn stir(&self) {
        self.news.send_replace(());
    }

    /// Whether the pod may not be started, wherever.
    pub(super) fn keeps_down(&self, pod: &str) -> bool {
        self.any(|hold| hold.pods.iter().any(|one| one == pod))
    }

    /// Whether nothing is started on the node.
    pub(super) fn closes(&self, node: &str) -> bool {
        self.any(|hold| hold.nodes.iter().any(|one| one == node))
    }

    /// Whether the pod is made to stand still.
    pub(super) fn hangs(&self, pod: &str) -> bool {
        self.any(|hold| hold.hung.iter().any(|one| one == pod))
    }

    /// The pod's process has ended, and does not stand still any more.
    pub(super) fn ended(&self, pod: &str) {
        for hold in lock(&self.standing).iter_mut() {
            hold.hung.retain(|one| one != pod);
        }
    }

    /// Pods that are wanted awake for a moment although they are made to stand still, by how many. Whoever stops a
    /// process or lets it go on decides and does so while holding this.
    pub(super) fn awake(&self) -> MutexGuard<'_, BTreeMap<&'static str, u32>> {
        lock(&self.awake)
    }

    /// Tells when something has changed.
    pub(super) fn watch(&self) -> watch::Receiver<()> {
        self.news.subscribe()
    }

    fn any(&self, what: impl Fn(&Hold) -> bool) -> bool {
        lock(&self.standing).iter().any(what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_two_orders_hold_stays_until_both_are_lifted() {
        let holds = Holds::default();
        let hold = |order: &str| Hold {
            order: order.to_owned(),
            pods: vec!["a".to_owned()],
            nodes: vec!["n".to_owned()],
            hung: vec!["h".to_owned()],
        };
        let mut news = holds.watch();
        let all = |holds: &Holds| (holds.keeps_down("a"), holds.closes("n"), holds.hangs("h"));
        holds.put(hold("one"));
        holds.put(hold("one"));
        holds.put(hold("two"));
        assert!(news.has_changed().unwrap());
        news.borrow_and_update();
        assert_eq!(all(&holds), (true, true, true));
        assert!(!holds.keeps_down("n") && !holds.closes("a"));
        holds.lift("one");
        assert_eq!(all(&holds), (true, true, true));
        holds.ended("h");
        assert_eq!(all(&holds), (true, true, false));
        holds.lift("two");
        assert_eq!(all(&holds), (false, false, false));
        assert!(news.has_changed().unwrap());
    }
}
