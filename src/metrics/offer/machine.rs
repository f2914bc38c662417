//! Panels of machines, from the node exporter: of all of them the one that is worst off. Not of what runs on them.

use super::family::Family;
use super::promql::{both, rate, selector};
use super::requests::Made;
use crate::exercise::said::{Said, said};
use crate::gameday::matcher::Matcher;
use crate::gameday::metric::Unit;
use crate::gameday::span::Span;
use crate::metrics::catalogue::Catalogue;

const CPU: &str = "node_cpu_seconds_total";
const MEMORY: (&str, &str) = ("node_memory_MemAvailable_bytes", "node_memory_MemTotal_bytes");
const DISK: (&str, &str) = ("node_filesystem_avail_bytes", "node_filesystem_size_bytes");

/// Filesystems that no disk stands behind, or that are full by nature.
const NO_DISK: &str = "tmpfs|ramfs|overlay|squashfs|iso9660|fuse.*";

/// The panels.
pub(super) fn panels(catalogue: &Catalogue, window: Span, narrow: &[Matcher]) -> Vec<Made> {
    let mut made = Vec::new();
    if catalogue.has(CPU) {
        let idle = rate(CPU, &both(narrow, &[Matcher::is("mode", "idle")]), window);
        let query = format!("max(1 - avg by (instance) ({idle}))");
        made.push(one("cpu", said!("offer-cpu", "CPU of the busiest node"), query, CPU));
    }
    let used = |(free, all): (&str, &str), only: &[Matcher]| {
        let both = catalogue.has(free) && catalogue.has(all);
        both.then(|| format!("max(1 - {} / {})", selector(free, only), selector(all, only)))
    };
    if let Some(query) = used(MEMORY, narrow) {
        let title = said!("offer-memory", "Memory of the fullest node");
        made.push(one("memory", title, query, MEMORY.0));
    }
    let disks = both(narrow, &[Matcher::fits_not("fstype", NO_DISK)]);
    if let Some(query) = used(DISK, &disks) {
        made.push(one("disk", said!("offer-disk", "Fullest disk of a node"), query, DISK.0));
    }
    made
}

fn one(name: &str, title: Said, query: String, metric: &str) -> Made {
    Made::beside(Family::Node, name, title, query, (Unit::Share, metric))
}
