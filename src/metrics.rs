//! Prometheus and Alertmanager, and whatever speaks as they do (Mimir, Thanos, VictoriaMetrics): asking them and
//! understanding what they say. And figures that nobody else takes: by looking as a customer does, and by a command. An adapter: it knows nothing of phases, screens or incidents.

pub mod access;
pub mod address;
pub mod alertmanager;
pub mod alerts;
pub mod answer;
pub mod backoff;
pub mod catalogue;
pub mod command;
mod door;
pub mod explore;
mod mishap;
pub mod offer;
pub mod probe;
pub mod prometheus;
pub mod reach;
pub mod round;
pub mod schedule;
pub mod secret;
pub mod several;
pub mod trust;
pub mod unfit;
mod verdict;
pub mod watcher;
