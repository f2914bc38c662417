//! How many pods a workload is to have: a number, or a change of what it has. Not the scaling.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How many pods a workload is to have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replicas {
    /// So many.
    Count(u32),
    /// So many percent more, or fewer; always at least one pod more or fewer.
    Change(i16),
}

impl Replicas {
    /// How many it is to have where it has `now`.
    pub fn of(self, now: u32) -> u32 {
        match self {
            Self::Count(count) => count,
            Self::Change(percent) => {
                let part = u64::from(now) * u64::from(percent.unsigned_abs());
                let part = u32::try_from(part.div_ceil(100)).unwrap_or(u32::MAX);
                if percent < 0 { now.saturating_sub(part) } else { now.saturating_add(part) }
            }
        }
    }

    /// Whether it cannot be fewer, however many there are.
    pub const fn only_grows(self) -> bool {
        matches!(self, Self::Change(percent) if percent > 0)
    }
}

/// As it is written: `0`, `-50%`.
impl fmt::Display for Replicas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Count(count) => write!(f, "{count}"),
            Self::Change(percent) => write!(f, "{percent:+}%"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_whole_pods_and_never_none() {
        let of = |percent, now| Replicas::Change(percent).of(now);
        assert_eq!((of(-50, 4), of(-50, 3), of(-1, 3), of(-100, 3)), (2, 1, 2, 0));
        assert_eq!((of(50, 4), of(50, 3), of(1, 3), of(100, 3)), (6, 5, 4, 6));
        assert_eq!((of(-50, 0), of(400, u32::MAX)), (0, u32::MAX));
        assert_eq!(Replicas::Count(0).of(7), 0);
        assert!(Replicas::Change(1).only_grows() && !Replicas::Count(9).only_grows());
    }

    #[test]
    fn it_is_shown_as_it_is_written() {
        let shown = [Replicas::Count(2), Replicas::Change(-50), Replicas::Change(50)];
        assert_eq!(shown.map(|one| one.to_string()), ["2", "-50%", "+50%"]);
    }
}
