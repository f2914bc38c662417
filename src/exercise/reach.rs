//! How far a fault reaches, in words. Not how far it is.

use super::blast::BlastRadius;
use super::said::{Said, said};

/// All that is known of it.
pub fn words(blast: &BlastRadius) -> Said {
    let mut words = said!(
        "blast-pods",
        "{risk} risk: pods {pods}",
        risk = blast.risk.said(),
        pods = blast.pods
    );
    let names = |names: &[String]| names.join(", ");
    if !blast.owners.is_empty() {
        let (what, names) = (words, names(&blast.owners));
        words = said!("blast-owners", "{what}; of {names}", what = what, names = names);
        if !blast.zones.is_empty() {
            let (what, names) = (words, blast.zones.join(", "));
            words = said!("blast-zones", "{what}; zones {names}", what = what, names = names);
        }
    }
    if !blast.services.is_empty() {
        let (what, names) = (words, names(&blast.services));
        words = said!("blast-services", "{what}; services {names}", what = what, names = names);
    }
    if !blast.dependents.is_empty() {
        let (what, names) = (words, names(&blast.dependents));
        words = said!("blast-dependents", "{what}; dependents {names}", what = what, names = names);
    }
    if !blast.critical.is_empty() {
        let (what, names) = (words, names(&blast.critical));
        words = said!(
            "blast-critical",
            "{what}; critical without a pod {names}",
            what = what,
            names = names
        );
    }
    if !blast.budgets.is_empty() {
        let (what, names) = (words, names(&blast.budgets));
        words = said!(
            "blast-budgets",
            "{what}; breaks the disruption budgets {names}",
            what = what,
            names = names
        );
    }
    if let Some((left, all)) = blast.ready {
        return said!(
            "blast-ready",
            "{what}; {left} of {all} ready replicas left",
            what = words,
            left = left,
            all = all
        );
    }
    let left = format!("{:.0}%", blast.replicas_left * 100.0);
    said!("blast-left", "{what}; {left} of their replicas left", what = words, left = left)
}
