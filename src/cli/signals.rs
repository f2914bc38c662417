//! Signals that end the program: each becomes an orderly end, with every fault undone.

use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::tui::shell::error::ShellError;

/// The signals that are listened to.
pub(super) struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hangup: Signal,
}

impl Signals {
    /// Listens from now on; the default action (dying on the spot) no longer happens.
    ///
    /// # Errors
    /// When the system does not allow it.
    pub(super) fn listen() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hangup: signal(SignalKind::hangup())?,
        })
    }

    /// Shows a screen until it is left, or one of them asks for the end.
    ///
    /// # Errors
    /// When the system does not allow to listen, or the screen cannot be shown; for people.
    pub(super) async fn beside(
        shown: impl Future<Output = Result<(), ShellError>>,
    ) -> Result<(), String> {
        let mut signals =
            Self::listen().map_err(|error| format!("cannot listen to signals: {error}"))?;
        tokio::select! {
            left = shown => left.map_err(|error| error.to_string()),
            _ = signals.next() => Ok(()),
        }
    }

    /// Waits for the next one and says which.
    pub(super) async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.interrupt.recv() => "SIGINT",
            _ = self.terminate.recv() => "SIGTERM",
            _ = self.hangup.recv() => "SIGHUP",
        }
    }
}
