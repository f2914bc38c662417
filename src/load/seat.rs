//! Where the desk leaves a request for a connection's task, and what both know of it. Holds no socket.

use std::cell::{Cell, RefCell};
use std::task::{Context, Waker};
use std::time::Duration;

use super::request::Choice;

/// One request that fell due.
#[derive(Clone, Copy, Debug)]
pub struct Job {
    /// When it fell due: latency counts from here.
    pub intended: Duration,
    /// When its time is up.
    pub deadline: Duration,
    /// What is sent.
    pub choice: Choice,
    /// Unique number, from 1.
    pub serial: u64,
}

/// One connection as the desk sees it. All on one thread.
#[derive(Debug, Default)]
pub struct Seat {
    job: Cell<Option<Job>>,
    /// The job under way, 0: none.
    serial: Cell<u64>,
    expired: Cell<bool>,
    opened: Cell<bool>,
    closed: Cell<bool>,
    waker: RefCell<Option<Waker>>,
}

impl Seat {
    /// Hands a job over and wakes the task, unless the task is `awake` and about to look.
    pub fn give(&self, job: Job, awake: bool) {
        self.serial.set(job.serial);
        self.job.set(Some(job));
        if !awake {
            self.wake();
        }
    }

    /// Takes the job that was handed over.
    pub const fn take(&self) -> Option<Job> {
        self.job.replace(None)
    }

    /// Whether job `serial` is no longer under way here.
    pub const fn over(&self, serial: u64) -> bool {
        self.serial.get() != serial
    }

    /// The job under way has ended.
    pub fn finish(&self) {
        self.serial.set(0);
    }

    /// The time of the job under way is up: its task is to give up.
    pub fn expire(&self) {
        self.expired.set(true);
        self.wake();
    }

    /// Whether the time of the job under way is up.
    pub const fn expired(&self) -> bool {
        self.expired.get()
    }

    /// The connection stands. Says whether that is new.
    pub fn open(&self) -> bool {
        !self.opened.replace(true)
    }

    /// Whether the connection ever stood.
    pub const fn opened(&self) -> bool {
        self.opened.get()
    }

    /// No job can be handed over any more.
    pub fn close(&self) {
        self.closed.set(true);
    }

    /// Whether the connection is gone.
    pub const fn closed(&self) -> bool {
        self.closed.get()
    }

    /// Remembers which task to wake. A task keeps its waker, so once is enough.
    pub fn attend(&self, context: &Context<'_>) {
        let mut waker = self.waker.borrow_mut();
        if waker.is_none() {
            *waker = Some(context.waker().clone());
        }
    }

    fn wake(&self) {
        if let Some(waker) = &*self.waker.borrow() {
            waker.wake_by_ref();
        }
    }
}
