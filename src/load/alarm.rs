//! A clock bell for the driver: rings once, so long after it was set. The only platform code of the generator.
//!
//! The runtime's own timer has grains of one millisecond. On Linux a timer descriptor rings within some tens
//! of microseconds; elsewhere the runtime's timer serves, and the generator's own lag shows it.

#[cfg(target_os = "linux")]
pub use linux::Alarm;
#[cfg(not(target_os = "linux"))]
pub use portable::Alarm;

#[cfg(target_os = "linux")]
mod linux {
    use std::io;
    use std::os::fd::OwnedFd;
    use std::time::Duration;

    use rustix::time::{
        Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec, timerfd_create,
        timerfd_settime,
    };
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// Rings once after it was set.
    #[derive(Debug)]
    pub struct Alarm {
        timer: AsyncFd<OwnedFd>,
    }

    impl Alarm {
        /// An alarm that is not set. Must be called within a runtime.
        ///
        /// # Errors
        /// When the system has no descriptor left.
        pub fn new() -> io::Result<Self> {
            let flags = TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC;
            let timer = timerfd_create(TimerfdClockId::Monotonic, flags)?;
            #[expect(
                deprecated,
                reason = "the successor is unsafe for types that may give away a descriptor they do not own; \
                          an OwnedFd owns it, and this crate forbids unsafe code"
            )]
            let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
            Ok(Self { timer })
        }

        /// Sets it anew.
        ///
        /// # Errors
        /// When the system refuses.
        pub fn set(&mut self, after: Duration) -> io::Result<()> {
            // Zero would switch the timer off.
            let after = after.max(Duration::from_nanos(1));
            let spec = Itimerspec {
                it_interval: Timespec { tv_sec: 0, tv_nsec: 0 },
                it_value: Timespec {
                    tv_sec: i64::try_from(after.as_secs()).unwrap_or(i64::MAX),
                    tv_nsec: i64::from(after.subsec_nanos()),
                },
            };
            timerfd_settime(self.timer.get_ref(), TimerfdTimerFlags::empty(), &spec)?;
            Ok(())
        }

        /// Waits until it rings. It may ring once too often after it was set anew.
        ///
        /// # Errors
        /// When the runtime ends.
        pub async fn ring(&mut self) -> io::Result<()> {
            // The count of expirations is not read: setting the timer anew forgets it.
            self.timer.readable().await?.clear_ready();
            Ok(())
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod portable {
    use std::io;
    use std::pin::Pin;
    use std::time::Duration;

    use tokio::time::Sleep;

    /// Rings once after it was set.
    #[derive(Debug)]
    pub struct Alarm {
        sleep: Pin<Box<Sleep>>,
    }

    impl Alarm {
        /// An alarm that is not set. Must be called within a runtime.
        ///
        /// # Errors
        /// Never here.
        pub fn new() -> io::Result<Self> {
            Ok(Self { sleep: Box::pin(tokio::time::sleep(Duration::ZERO)) })
        }

        /// Sets it anew.
        ///
        /// # Errors
        /// Never here.
        pub fn set(&mut self, after: Duration) -> io::Result<()> {
            self.sleep.set(tokio::time::sleep(after));
            Ok(())
        }

        /// Waits until it rings.
        ///
        /// # Errors
        /// Never here.
        pub async fn ring(&mut self) -> io::Result<()> {
            self.sleep.as_mut().await;
            Ok(())
        }
    }
}
