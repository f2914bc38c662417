//! A waker that can be kept quiet while its own task is at work anyway. Wakes nobody else.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Wake, Waker};

/// Passes wakes on to a task, unless the task itself is causing them and looks right after.
#[derive(Debug)]
pub struct Hush {
    bell: Arc<Bell>,
    waker: Waker,
}

#[derive(Debug)]
struct Bell {
    task: Waker,
    quiet: AtomicBool,
}

impl Hush {
    /// For the task of `context`.
    pub fn new(context: &Context<'_>) -> Self {
        let bell = Arc::new(Bell { task: context.waker().clone(), quiet: AtomicBool::new(false) });
        Self { waker: Waker::from(Arc::clone(&bell)), bell }
    }

    /// The waker to hand out.
    pub const fn waker(&self) -> &Waker {
        &self.waker
    }

    /// Does `work` and passes no wake on meanwhile.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        self.bell.quiet.store(true, Ordering::Relaxed);
        let done = work();
        self.bell.quiet.store(false, Ordering::Relaxed);
        done
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.quiet.load(Ordering::Relaxed) {
            self.task.wake_by_ref();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn only_what_the_task_does_itself_is_kept_quiet() {
        let count = Arc::new(Count(AtomicUsize::new(0)));
        let waker = Waker::from(Arc::clone(&count));
        let hush = Hush::new(&Context::from_waker(&waker));
        hush.waker().wake_by_ref();
        hush.during(|| hush.waker().wake_by_ref());
        let handed_out = hush.waker().clone();
        handed_out.wake_by_ref();
        assert_eq!(count.0.load(Ordering::Relaxed), 2);
    }
}
