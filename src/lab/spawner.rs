//! Starts processes from one thread that lives as long as the lab: the kernel ends them when that thread ends.

use std::io;
use std::sync::mpsc;

use tokio::process::{Child, Command};
use tokio::sync::oneshot;

/// What is to be started, and who waits for it.
pub(super) type Job = (Command, oneshot::Sender<io::Result<Child>>);

/// Starts processes.
pub(super) struct Spawner {
    jobs: mpsc::Sender<Job>,
}

impl Spawner {
    /// Starts the thread. Must be called inside a runtime, which then collects the processes' ends.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = tokio::runtime::Handle::current();
        let (jobs, todo) = mpsc::channel::<Job>();
        std::thread::Builder::new().name("lab-spawner".to_owned()).spawn(move || {
            let _inside = runtime.enter();
            while let Ok((mut command, tell)) = todo.recv() {
                // A child that nobody takes is dropped, and killed by that.
                let _ = tell.send(command.kill_on_drop(true).spawn());
            }
        })?;
        Ok(Self { jobs })
    }

    /// One for tests: whoever has the other end starts the processes.
    #[cfg(test)]
    pub(super) fn by_hand() -> (Self, mpsc::Receiver<Job>) {
        let (jobs, todo) = mpsc::channel();
        (Self { jobs }, todo)
    }

    /// Starts one process; it is killed when its handle is dropped.
    pub(super) async fn spawn(&self, command: Command) -> io::Result<Child> {
        let gone = || io::Error::other("the lab is being stopped");
        let (tell, told) = oneshot::channel();
        self.jobs.send((command, tell)).map_err(|_| gone())?;
        told.await.map_err(|_| gone())?
    }
}
