//! A condition tied to one injection, where its words name no stretch of time. Not the figures of that time (see
//! `exercise::judge`).

use super::Condition;
use super::units::has_metric;

impl Condition {
    /// The same condition, with every comparison that names no stretch of its own judged during the injection `name`.
    /// Figures that belong to no stretch, such as times of an injection or counts of incidents, stay as they are.
    #[must_use]
    pub fn judged_during(self, name: &str) -> Self {
        let each = |parts: Vec<Condition>| -> Vec<Condition> {
            parts.into_iter().map(|part| part.judged_during(name)).collect()
        };
        match self {
            Self::Compare { left, op, right, phase: None, during: None }
                if has_metric(&left) || has_metric(&right) =>
            {
                let during = Some(name.to_owned());
                Self::Compare { left, op, right, phase: None, during }
            }
            Self::Compare { .. } => self,
            Self::All(parts) => Self::All(each(parts)),
            Self::Any(parts) => Self::Any(each(parts)),
        }
    }
}
