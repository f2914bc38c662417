//! Where in a recording the playback is at an instant of the clock: plays, pauses, goes faster, is put elsewhere, and stops at
//! the end. Pure: every instant is passed in. Not what is shown there.

use std::time::Duration;

use super::{LIVE, SPEEDS};
use crate::gameday::span::Span;

/// The playback of a recording of some length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Player {
    length: Span,
    /// Where it was at `since`, in millionths of a second.
    at: u64,
    /// Since when time goes on; `None`: it is paused.
    since: Option<Duration>,
    speed: usize,
}

impl Player {
    /// Paused at the beginning, as fast as it was.
    pub const fn new(length: Span) -> Self {
        Self { length, at: 0, since: None, speed: LIVE }
    }

    /// Where it is at `now`.
    pub fn at(&self, now: Duration) -> Span {
        Span::from_millis(self.exact(now) / 1_000)
    }

    fn exact(&self, now: Duration) -> u64 {
        let end = self.length.as_millis().saturating_mul(1_000);
        let passed = self.since.map_or(Duration::ZERO, |since| now.saturating_sub(since));
        let passed = u64::try_from(passed.as_micros()).unwrap_or(u64::MAX);
        let passed = passed.saturating_mul(u64::from(self.quarters())) / 4;
        self.at.saturating_add(passed).min(end)
    }

    fn quarters(&self) -> u32 {
        SPEEDS.get(self.speed).copied().unwrap_or(4)
    }

    /// Whether time goes on.
    pub const fn is_playing(&self) -> bool {
        self.since.is_some()
    }

    /// How fast, as a place in the list of speeds.
    pub const fn speed(&self) -> usize {
        self.speed
    }

    /// How long it is.
    pub const fn length(&self) -> Span {
        self.length
    }

    /// Whether nothing follows.
    pub fn is_over(&self, now: Duration) -> bool {
        self.at(now) >= self.length
    }

    /// Lets time go on; from the beginning, where it has reached the end.
    pub fn play(&mut self, now: Duration) {
        self.settle(now);
        if self.is_over(now) {
            self.at = 0;
        }
        self.since = Some(now);
    }

    /// Lets time stand still.
    pub fn pause(&mut self, now: Duration) {
        self.settle(now);
        self.since = None;
    }

    /// Another speed; where it is does not change.
    pub fn set_speed(&mut self, speed: usize, now: Duration) {
        self.settle(now);
        self.speed = speed.min(SPEEDS.len() - 1);
    }

    /// Puts it elsewhere; it goes on from there, if it did before.
    pub fn seek(&mut self, to: Span, now: Duration) {
        self.at = to.min(self.length).as_millis().saturating_mul(1_000);
        self.since = self.since.map(|_| now);
    }

    fn settle(&mut self, now: Duration) {
        self.at = self.exact(now);
        self.since = self.since.map(|_| now);
    }

    /// How long until it is at `to`; `None`: it never will be by itself.
    pub fn until(&self, to: Span, now: Duration) -> Option<Duration> {
        self.since?;
        if to > self.length {
            return None;
        }
        let left = to.as_millis().saturating_mul(1_000).saturating_sub(self.exact(now));
        Some(Duration::from_micros(left.saturating_mul(4).div_ceil(u64::from(self.quarters()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(secs: u64) -> Span {
        Span::from_secs(secs)
    }
    const fn at(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    #[test]
    fn it_begins_paused_and_stands_still_until_it_plays() {
        let mut player = Player::new(secs(100));
        assert_eq!((player.at(at(50)), player.is_playing()), (Span::ZERO, false));
        assert_eq!(player.until(secs(1), at(50)), None, "nothing is awaited while it is paused");
        player.play(at(50));
        assert_eq!(player.at(at(57)), secs(7));
        player.pause(at(57));
        assert_eq!(player.at(at(1_000)), secs(7));
        player.play(at(1_000));
        assert_eq!(player.at(at(1_003)), secs(10));
    }

    #[test]
    fn another_speed_goes_on_from_where_it_is() {
        let mut player = Player::new(secs(1_000));
        player.play(at(0));
        player.set_speed(4, at(10));
        assert_eq!((player.at(at(10)), player.at(at(15))), (secs(10), secs(30)));
        player.set_speed(0, at(15));
        assert_eq!(player.at(at(23)), secs(32));
        player.set_speed(99, at(23));
        assert_eq!((player.speed(), player.at(at(24))), (SPEEDS.len() - 1, secs(96)));
        // No step is lost between many changes.
        let mut player = Player::new(secs(1_000));
        player.set_speed(0, at(0));
        player.play(at(0));
        for millis in 1..=4_000 {
            let now = Duration::from_millis(millis);
            player.set_speed(usize::from(millis % 2 == 0), now);
        }
        let want = Span::from_millis(1_500);
        assert!(want.as_millis().abs_diff(player.at(at(4)).as_millis()) <= 1, "{player:?}");
    }

    #[test]
    fn it_stops_at_the_end_and_begins_anew() {
        let mut player = Player::new(secs(10));
        player.play(at(0));
        assert!(!player.is_over(at(9)) && player.is_over(at(10)));
        assert_eq!(player.at(at(99)), secs(10));
        player.pause(at(99));
        player.play(at(100));
        assert_eq!(player.at(at(101)), secs(1), "from the beginning");
    }

    #[test]
    fn a_seek_keeps_whether_it_plays() {
        let mut player = Player::new(secs(100));
        player.seek(secs(40), at(1));
        assert_eq!((player.at(at(9)), player.is_playing()), (secs(40), false));
        player.play(at(10));
        player.seek(secs(20), at(15));
        assert_eq!(player.at(at(16)), secs(21));
        player.seek(secs(1_000), at(16));
        assert_eq!(player.at(at(16)), secs(100), "never behind the end");
    }

    #[test]
    fn what_is_awaited_is_awaited_as_long_as_it_takes() {
        let mut player = Player::new(secs(100));
        player.set_speed(5, at(0));
        player.play(at(0));
        assert_eq!(player.until(secs(16), at(0)), Some(at(2)));
        assert_eq!(player.at(at(2)), secs(16));
        assert_eq!(player.until(secs(16), at(3)), Some(Duration::ZERO));
        assert_eq!(player.until(secs(101), at(0)), None);
        // Never too early by rounding.
        let wait = player.until(Span::from_millis(1), at(0)).unwrap();
        assert_eq!(player.at(wait), Span::from_millis(1));
    }
}
