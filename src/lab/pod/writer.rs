//! A thread of its own for what waits for the disk: it must not hold up the rest of the pod. Not what is written.

use std::io;
use std::sync::mpsc;

use tokio::sync::oneshot;

use super::store::StoreError;

type Job<S> = Box<dyn FnOnce(&mut S) + Send>;

/// The thread that writes: one piece of work after the other, in the order of asking.
pub(super) struct Writer<S> {
    jobs: mpsc::Sender<Job<S>>,
}

impl<S: Send + 'static> Writer<S> {
    /// Starts the thread; it ends when this is dropped.
    pub(super) fn start(mut state: S) -> io::Result<Self> {
        let (jobs, todo) = mpsc::channel::<Job<S>>();
        std::thread::Builder::new().name("writer".to_owned()).spawn(move || {
            while let Ok(job) = todo.recv() {
                job(&mut state);
            }
        })?;
        Ok(Self { jobs })
    }

    /// Has `work` done, and waits for it. It is done also when nobody waits any longer.
    pub(super) async fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut S) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (tell, told) = oneshot::channel();
        let job: Job<S> = Box::new(move |state| {
            // Whoever asked may have gone.
            let _ = tell.send(work(state));
        });
        let gone = || StoreError::Failed("the writer is gone".to_owned());
        self.jobs.send(job).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}
