//! The load generator as the rest of the program holds it: a handle to a thread of its own.

use std::io;
use std::sync::mpsc as handover;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use tokio::runtime::{Builder, LocalOptions};
use tokio::sync::mpsc;

use super::address::Address;
use super::alarm::Alarm;
use super::connection;
use super::desk::{Desk, Order};
use super::dial::Dial;
use super::driver::{self, Control};
use super::request::RequestBook;
use super::secure::Secure;
use crate::exercise::sample::Sample;
use crate::gameday::load::RateCurve;
use crate::port::clock::Clock;
use crate::port::load::{LoadError, LoadGenerator, LoadOrder};

/// Sends load, open loop, from one thread of its own.
///
/// A request times out `traffic.timeout` after it was handed to a connection (opening one counts); its latency
/// counts from the instant it was due. The two differ by the generator's own lag. Redirects are answers like
/// others. A run ends when it is stopped, when the generator is dropped, or when nobody takes its samples.
pub struct Generator {
    clock: Arc<dyn Clock>,
    control: Mutex<Option<mpsc::UnboundedSender<Control>>>,
}

impl Generator {
    /// A generator that does nothing yet. `clock` is read on the thread of the load, twice per request.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self { clock, control: Mutex::new(None) }
    }

    fn tell(&self, word: Control) {
        let control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(control) = &*control {
            // A run that has ended follows nothing.
            let _ = control.send(word);
        }
    }
}

impl LoadGenerator for Generator {
    /// Starts at rate zero. After [`LoadGenerator::stop`] it may be started again.
    fn start(&self, order: LoadOrder) -> Result<mpsc::UnboundedReceiver<Sample>, LoadError> {
        let mut control = self.control.lock().unwrap_or_else(PoisonError::into_inner);
        if control.as_ref().is_some_and(|control| !control.is_closed()) {
            return Err(LoadError::Invalid("load is being sent already".to_owned()));
        }
        let order = understand(&order)?;
        let (samples, taker) = mpsc::unbounded_channel();
        let (words, listener) = mpsc::unbounded_channel();
        begin(order, Arc::clone(&self.clock), samples, listener)
            .map_err(|error| LoadError::Invalid(format!("the load cannot be started: {error}")))?;
        *control = Some(words);
        Ok(taker)
    }

    fn follow(&self, curve: RateCurve) {
        self.tell(Control::Follow(curve, self.clock.monotonic()));
    }

    fn stop(&self) {
        self.tell(Control::Stop);
        *self.control.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// Checks an order and makes everything ready that can be before the first request.
fn understand(order: &LoadOrder) -> Result<Order, LoadError> {
    let address = Address::parse(&order.base_url, &order.allowed_hosts)?;
    let secure = if address.secure {
        Some(Secure::new(&address.host, order.certificate_authority.as_deref())?)
    } else {
        None
    };
    if order.traffic.timeout.is_zero() {
        return Err(LoadError::Invalid("a timeout of 0 leaves no time for an answer".to_owned()));
    }
    Ok(Order {
        book: RequestBook::new(&address, &order.traffic)?,
        dial: Dial::new(&address.host, address.port),
        secure,
        timeout: order.traffic.timeout.into(),
        max_in_flight: order.traffic.max_in_flight as usize,
        origin: order.origin,
        seed: order.seed,
        open: |desk, seat| drop(tokio::task::spawn_local(connection::run(desk, seat))),
    })
}

/// Starts the thread and waits until it can send.
fn begin(
    order: Order,
    clock: Arc<dyn Clock>,
    samples: mpsc::UnboundedSender<Sample>,
    control: mpsc::UnboundedReceiver<Control>,
) -> io::Result<()> {
    let (ready, started) = handover::sync_channel::<io::Result<()>>(1);
    thread::Builder::new().name("load".to_owned()).spawn(move || {
        raise_descriptor_limit(order.max_in_flight);
        let runtime =
            match Builder::new_current_thread().enable_all().build_local(LocalOptions::default()) {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error))),
            };
        runtime.block_on(async move {
            let alarm = match Alarm::new() {
                Ok(alarm) => alarm,
                Err(error) => return drop(ready.send(Err(error))),
            };
            drop(ready.send(Ok(())));
            let desk = Desk::new(order, clock, samples);
            // A task of its own: waking the root of a runtime costs a system call each time.
            let driver = tokio::task::spawn_local(driver::drive(desk, control, alarm));
            if let Ok(Err(error)) = driver.await {
                tracing::error!(%error, "the load generator's timer failed; no more load is sent");
            }
        });
    })?;
    started.recv().unwrap_or_else(|_| Err(io::Error::other("its thread ended at once")))
}

/// Every request under way needs a descriptor: asks for as many as are allowed.
#[cfg(unix)]
fn raise_descriptor_limit(wanted: usize) {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// For everything in the process that is not a connection.
    const OTHERS: u64 = 512;
    let limit = getrlimit(Resource::Nofile);
    let wanted = wanted as u64 + OTHERS;
    let target = limit.maximum.map_or(wanted, |maximum| maximum.min(wanted));
    if limit.current.is_some_and(|current| current < target) {
        let raised = Rlimit { current: Some(target), maximum: limit.maximum };
        if let Err(error) = setrlimit(Resource::Nofile, raised) {
            // What finds no descriptor later counts as dropped.
            tracing::warn!(%error, "the limit of open files stays as it is");
        }
    }
}

#[cfg(not(unix))]
const fn raise_descriptor_limit(_wanted: usize) {}
