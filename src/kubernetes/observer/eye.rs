//! Watches one kind of objects for as long as it is held, through whatever happens to the connection.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::hash::Hash;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use kube::Api;
use kube::api::ListParams;
use kube::core::Resource;
use kube::runtime::WatchStreamExt;
use kube::runtime::reflector::Store;
use kube::runtime::reflector::store::Writer;
use kube::runtime::utils::Backoff;
use kube::runtime::watcher::{self, Config, Event};
use serde::de::DeserializeOwned;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use crate::exercise::said::{Said, said};
use crate::gameday::text::printable;
use crate::kubernetes::trouble::trouble;

/// A single watch lasts no longer, so that a connection that died silently is noticed soon after.
const WATCH: u32 = 60;

/// Pauses after failures begin and end with these.
const FIRST: Duration = Duration::from_millis(300);
const LONGEST: Duration = Duration::from_secs(5);

/// Where nothing came for so long after a failure, neither news nor another failure, it is asked whether it is well: in a quiet
/// kind nothing happens, and nothing is heard.
const QUIET: Duration = Duration::from_secs(8);
/// Such a question takes no longer.
const QUESTION: Duration = Duration::from_secs(6);

/// Fewer failures in a row are nothing to talk about: watches end, and are taken up again.
const SEVERAL: u32 = 3;

/// Told of every change, and how each watch stands.
pub(super) type At<'a> = (&'a Arc<Notify>, &'a Arc<Standing>);

/// How it stands with every watch.
#[derive(Default)]
pub(super) struct Standing(Mutex<BTreeMap<&'static str, (u32, String)>>);

impl Standing {
    /// The watch of `what` says something.
    pub(super) fn is_well(&self, what: &'static str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(what);
    }

    /// The watch of `what` failed once more.
    pub(super) fn failed(&self, what: &'static str, error: &watcher::Error) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = all.entry(what).or_default();
        *entry = (entry.0.saturating_add(1), why(error));
    }

    /// Whether the watch of `what` failed last.
    fn is_silent(&self, what: &'static str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains_key(what)
    }

    /// What is not seen at the moment, and why; what has the same reason is told once.
    pub(super) fn troubles(&self) -> Vec<Said> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut by_reason: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (what, (times, why)) in all.iter() {
            if *times >= SEVERAL {
                by_reason.entry(why).or_default().push(what);
            }
        }
        let told = by_reason.into_iter().map(|(why, what)| {
            let what = what.join(", ");
            said!("cluster-silent", "no word of {what}: {why}", what = what, why = why)
        });
        told.collect()
    }
}

/// The reason, without what differs from one watch to another.
fn why(error: &watcher::Error) -> String {
    match error {
        watcher::Error::InitialListFailed(error)
        | watcher::Error::WatchStartFailed(error)
        | watcher::Error::WatchFailed(error) => trouble("watch", error).0,
        watcher::Error::WatchError(status) => printable(&status.message, 200),
        watcher::Error::NoResourceVersion => error.to_string(),
    }
}

/// Ever longer pauses.
#[derive(Clone, Default)]
struct Pauses(Option<Duration>);

impl Iterator for Pauses {
    type Item = Duration;

    fn next(&mut self) -> Option<Duration> {
        let next = self.0.map_or(FIRST, |last| (last * 2).min(LONGEST));
        self.0 = Some(next);
        Some(next)
    }
}

impl Backoff for Pauses {
    fn reset(&mut self) {
        self.0 = None;
    }
}

/// Follows a kind, event by event, until `each` says that it is enough.
pub(super) async fn follow<K>(
    what: &'static str,
    api: Api<K>,
    config: Config,
    standing: Arc<Standing>,
    mut each: impl FnMut(Event<K>),
    changed: Arc<Notify>,
) where
    K: Resource + Clone + Debug + DeserializeOwned + Send + 'static,
{
    let list = ListParams {
        limit: Some(1),
        label_selector: config.label_selector.clone(),
        field_selector: config.field_selector.clone(),
        ..ListParams::default()
    };
    let watch = watcher::watcher(api.clone(), Config { timeout: Some(WATCH), ..config });
    let mut events = std::pin::pin!(watch.backoff(Pauses::default()));
    loop {
        let event = tokio::select! {
            event = events.next() => event,
            () = sleep(QUIET), if standing.is_silent(what) => {
                ask(what, &api, &list, &standing).await;
                changed.notify_one();
                continue;
            }
        };
        match event {
            // That a list is begun is no word yet.
            Some(Ok(event)) => {
                if !matches!(event, Event::Init) {
                    standing.is_well(what);
                }
                each(event);
            }
            Some(Err(error)) => standing.failed(what, &error),
            None => return,
        }
        changed.notify_one();
    }
}

/// A list that answers is a word.
async fn ask<K>(what: &'static str, api: &Api<K>, list: &ListParams, standing: &Standing)
where
    K: Clone + Debug + DeserializeOwned,
{
    match timeout(QUESTION, api.list_metadata(list)).await {
        Ok(Ok(_)) => standing.is_well(what),
        Ok(Err(error)) => standing.failed(what, &watcher::Error::InitialListFailed(error)),
        // It is asked again.
        Err(_) => {}
    }
}

/// Ends a task with this.
pub(super) struct Held(pub(super) JoinHandle<()>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Everything of one kind, as it is now.
pub(super) struct Eye<K: Resource + 'static>
where
    K::DynamicType: Eq + Hash,
{
    store: Store<K>,
    /// Whether everything was listed at least once.
    whole: Arc<AtomicBool>,
    _task: Held,
}

impl<K> Eye<K>
where
    K: Resource + Clone + Debug + DeserializeOwned + Send + Sync + 'static,
    K::DynamicType: Eq + Hash + Clone + Default + Send + Sync,
{
    /// Begins to watch a kind that is known.
    pub(super) fn open(what: &'static str, api: Api<K>, at: At<'_>) -> Self {
        Self::of(what, api, K::DynamicType::default(), at)
    }
}

impl<K> Eye<K>
where
    K: Resource + Clone + Debug + DeserializeOwned + Send + Sync + 'static,
    K::DynamicType: Eq + Hash + Clone + Send + Sync,
{
    /// Begins to watch.
    pub(super) fn of(
        what: &'static str,
        api: Api<K>,
        kind: K::DynamicType,
        (changed, standing): At<'_>,
    ) -> Self {
        let mut writer = Writer::new(kind);
        let store = writer.as_reader();
        let whole = Arc::new(AtomicBool::new(false));
        let is_whole = Arc::clone(&whole);
        let keep = move |event: Event<K>| {
            writer.apply_watcher_event(&event);
            if matches!(event, Event::InitDone) {
                is_whole.store(true, Ordering::Release);
            }
        };
        let (standing, changed) = (Arc::clone(standing), Arc::clone(changed));
        let task = follow(what, api, Config::default(), standing, keep, changed);
        Self { store, whole, _task: Held(tokio::spawn(task)) }
    }

    /// Puts what is seen in the place of what was seen before, as soon as all of it was.
    pub(super) fn fill(&self, place: &mut Vec<K>) {
        if self.whole.load(Ordering::Acquire) {
            *place = self.all().map(|one| (*one).clone()).collect();
        }
    }

    /// Everything that is seen, by name.
    pub(super) fn all(&self) -> impl Iterator<Item = Arc<K>> + use<K> {
        let mut all = self.store.state();
        all.sort_by(|a, b| a.meta().name.cmp(&b.meta().name));
        all.into_iter()
    }
}
