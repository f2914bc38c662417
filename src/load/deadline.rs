//! Timeouts without timers: all are equally long, so they end in the order in which they began. Does not
//! end anything itself.

use std::collections::VecDeque;
use std::time::Duration;

/// A queue of what has a deadline, in order of time.
#[derive(Debug)]
pub struct DeadlineQueue<T> {
    waiting: VecDeque<(Duration, T)>,
}

impl<T> DeadlineQueue<T> {
    /// An empty queue.
    pub const fn new() -> Self {
        Self { waiting: VecDeque::new() }
    }

    /// Adds one; deadlines come in order.
    pub fn push(&mut self, deadline: Duration, one: T) {
        self.waiting.push_back((deadline, one));
    }

    /// The next deadline of something that is not over, forgetting what is over before it.
    pub fn next(&mut self, over: impl Fn(&T) -> bool) -> Option<Duration> {
        while let Some((deadline, one)) = self.waiting.front() {
            if !over(one) {
                return Some(*deadline);
            }
            self.waiting.pop_front();
        }
        None
    }

    /// One whose deadline has passed at `now` and that is not over.
    pub fn pop(&mut self, now: Duration, over: impl Fn(&T) -> bool) -> Option<T> {
        let deadline = self.next(over)?;
        if deadline > now {
            return None;
        }
        self.waiting.pop_front().map(|(_, one)| one)
    }

    /// How many entries are kept, over or not.
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl<T> Default for DeadlineQueue<T> {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_late_and_not_over_comes_out() {
        let mut queue = DeadlineQueue::new();
        for one in 0..10_u64 {
            queue.push(Duration::from_millis(100 + one), one);
        }
        let odd = |one: &u64| one % 2 == 1;
        assert_eq!(queue.pop(Duration::from_millis(99), odd), None);
        let mut late = Vec::new();
        while let Some(one) = queue.pop(Duration::from_millis(105), odd) {
            late.push(one);
        }
        assert_eq!(late, [0, 2, 4]);
        assert_eq!(queue.next(odd), Some(Duration::from_millis(106)));
    }

    #[test]
    fn what_ends_in_time_takes_no_room() {
        let mut queue = DeadlineQueue::new();
        for one in 0..100_000_u64 {
            queue.push(Duration::from_micros(one) + Duration::from_secs(30), one);
            // Each ends three requests later.
            assert!(queue.next(|&older| older + 3 <= one).is_some());
            assert!(queue.len() <= 3);
        }
        assert_eq!(queue.next(|_| true), None);
        assert!(queue.is_empty());
    }
}
