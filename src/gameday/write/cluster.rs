//! A Kubernetes target, and load from it, as they stand in a game day file.

use super::tree::{Tree, map, may, one};
use crate::gameday::cluster::{Cluster, Declared};
use crate::gameday::generator::Generator;

/// The bare word where nothing more is said.
pub(super) fn kubernetes(cluster: &Cluster) -> Tree {
    let word = |key: &'static str, value: &Option<String>| {
        value.as_ref().map(|value| (key, may(one(value))))
    };
    let mut entries: Vec<(&'static str, Tree)> = Vec::new();
    entries.extend(word("context", &cluster.context));
    entries.extend(word("namespace", &cluster.namespace));
    entries.extend(word("url", &cluster.url));
    if cluster.shop {
        entries.push(("shop", one("true")));
    }
    if !cluster.services.is_empty() {
        let services = cluster.services.iter().map(|(name, known)| (name.clone(), declared(known)));
        entries.push(("services", may(Tree::Map(services.collect()))));
    }
    match entries.is_empty() {
        true => one("kubernetes"),
        false => map([("kubernetes", map(entries))]),
    }
}

/// Who makes the load, if it is not this program.
pub(super) fn generator(generator: &Generator) -> Tree {
    let Generator::K6(runners) = generator;
    let text = |key: &'static str, value: &Option<String>| value.as_ref().map(|it| (key, one(it)));
    let mut entries = vec![("engine", one("k6")), ("parallelism", one(runners.parallelism))];
    entries.extend(text("url", &runners.url));
    entries.push(("image", one(&runners.image)));
    entries.extend(text("namespace", &runners.namespace));
    entries.extend(text("prometheus_rw", &runners.prometheus_rw));
    if runners.native_histograms {
        entries.push(("native_histograms", one(true)));
    }
    map(entries)
}

fn declared(known: &Declared) -> Tree {
    let mut entries: Vec<(&'static str, Tree)> = Vec::new();
    if !known.depends_on.is_empty() {
        entries.push(("depends_on", Tree::List(known.depends_on.iter().map(one).collect())));
    }
    if known.critical {
        entries.push(("critical", one("true")));
    }
    map(entries)
}
