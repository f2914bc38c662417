//! A thread of its own for what waits for the disk: it must not hold up the rest of the pod. Not what is read or written.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};

use tokio::sync::oneshot;

use super::store::StoreError;
use crate::lab::lock::lock;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// What is to be done.
struct Lanes<S> {
    first: VecDeque<Job<S>>,
    then: VecDeque<Job<S>>,
    over: bool,
}

/// The lanes, and news of them.
type Todo<S> = Arc<(Mutex<Lanes<S>>, Condvar)>;

/// The thread that writes: one piece of work after the other, in the order of asking, but for what goes first.
pub(super) struct Writer<S> {
    todo: Todo<S>,
}

impl<S: Send + 'static> Writer<S> {
    /// Starts the thread; it ends, after everything that was asked for, when this is dropped.
    pub(super) fn start(mut state: S) -> io::Result<Self> {
        let lanes = Lanes { first: VecDeque::new(), then: VecDeque::new(), over: false };
        let todo: Todo<S> = Arc::new((Mutex::new(lanes), Condvar::new()));
        let mine = Arc::clone(&todo);
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            while let Some(job) = next(&mine) {
                job(&mut state);
            }
        })?;
        Ok(Self { todo })
    }

    /// Has `work` done after everything that was asked for before, and waits for it. It is done also when nobody waits any
    /// longer.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(false, work).await
    }

    /// As above, but before everything that has not begun.
    pub(super) async fn work_first<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.ask(true, work).await
    }

    async fn ask<T: Send + 'static>(
        &self,
        first: bool,
        work: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let job: Job<S> = Box::new(move |state| {
            // Whoever asked may have gone.
            let _ = tell.send(work(state));
        });
        {
            let mut lanes = lock(&self.todo.0);
            let lane = if first { &mut lanes.first } else { &mut lanes.then };
            lane.push_back(job);
        }
        self.todo.1.notify_one();
        told.await.map_err(|_| StoreError::Failed("the writer is gone".to_owned()))?
    }
}

impl<S> Drop for Writer<S> {
    fn drop(&mut self) {
        lock(&self.todo.0).over = true;
        self.todo.1.notify_one();
    }
}

fn next<S>((lanes, news): &(Mutex<Lanes<S>>, Condvar)) -> Option<Job<S>> {
    let mut lanes = lock(lanes);
    loop {
        if let Some(job) = lanes.first.pop_front() {
            return Some(job);
        }
        if let Some(job) = lanes.then.pop_front() {
            return Some(job);
        }
        if lanes.over {
            return None;
        }
        lanes = news.wait(lanes).unwrap_or_else(PoisonError::into_inner);
    }
}
