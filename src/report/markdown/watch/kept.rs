//! The SLOs of a report on a watch, with how they went. Not how that is written.

use crate::report::model::{Kept, Report, Slo};

/// Each with how it went.
pub(super) fn kept(report: &Report) -> impl Iterator<Item = (&Slo, &Kept)> {
    report.slos.iter().filter_map(|slo| Some((slo, slo.watched.as_ref()?)))
}

/// Whether it promises anything.
pub(super) const fn is_bound(slo: &Slo) -> bool {
    slo.min.is_some() || slo.max.is_some()
}
