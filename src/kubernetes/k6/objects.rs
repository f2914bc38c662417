//! What is placed for a run: the script in a ConfigMap, and the `TestRun`. Pure.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::ConfigMap;
use kube::api::{ApiResource, DynamicObject, GroupVersionKind, ObjectMeta};
use serde_json::{Value, json};

use crate::gameday::generator::Runners;
use crate::kubernetes::name;

/// The script's key in its ConfigMap.
const FILE: &str = "load.js";
/// The biggest script that a ConfigMap holds, with room for the rest of it.
pub const MOST_BYTES: usize = 900_000;

/// Which run of which exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The exercise (see `name::run_id`).
    pub run: String,
    /// The game day's name.
    pub game_day: String,
    /// Where the runners are.
    pub namespace: String,
}

impl Label {
    /// What a run of k6 is called in the cluster, and in what it measures.
    pub fn name(&self, number: u32) -> String {
        name::object(&self.run, &format!("load-{number}"), &format!("load/{number}"))
    }

    /// What all of them are called, as a regular expression.
    pub fn all(&self) -> String {
        format!("gd-{}-load-.*", self.run)
    }

    fn labels(&self, number: u32) -> BTreeMap<String, String> {
        let mut labels = name::labels(&self.run, "load", Some(&format!("load-{number}")));
        labels.insert(name::GAME_DAY.to_owned(), name::label(&self.game_day));
        labels
    }

    fn meta(&self, number: u32) -> ObjectMeta {
        let version = (name::VERSION.to_owned(), env!("CARGO_PKG_VERSION").to_owned());
        ObjectMeta {
            name: Some(self.name(number)),
            namespace: Some(self.namespace.clone()),
            labels: Some(self.labels(number)),
            annotations: Some([version].into()),
            ..ObjectMeta::default()
        }
    }
}

/// The kind of a run.
pub fn resource() -> ApiResource {
    let kind = GroupVersionKind::gvk("k6.io", "v1alpha1", "TestRun");
    ApiResource::from_gvk_with_plural(&kind, "testruns")
}

/// The script where the runners find it.
pub fn config_map(label: &Label, number: u32, script: String) -> ConfigMap {
    ConfigMap {
        metadata: label.meta(number),
        data: Some([(FILE.to_owned(), script)].into()),
        ..ConfigMap::default()
    }
}

/// The run; `nodes` are those that runners may run on, as far as that is known.
pub fn test_run(label: &Label, number: u32, runners: &Runners, nodes: usize) -> DynamicObject {
    let name = label.name(number);
    let mut args: Vec<&str> = Vec::new();
    let tag = format!("testid={name}");
    let mut env: Vec<Value> = Vec::new();
    if let Some(url) = &runners.prometheus_rw {
        args.extend(["--out", "experimental-prometheus-rw", "--tag", &tag]);
        let mut set = |name: &str, value: &str| env.push(json!({ "name": name, "value": value }));
        set("K6_PROMETHEUS_RW_SERVER_URL", url);
        set("K6_PROMETHEUS_RW_PUSH_INTERVAL", "1s");
        set("K6_PROMETHEUS_RW_STALE_MARKERS", "true");
        set("K6_PROMETHEUS_RW_TREND_STATS", "p(50),p(95),p(99),avg,max");
        if runners.native_histograms {
            set("K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", "true");
        }
    } else {
        args.extend(["--tag", &tag]);
    }
    let labels = label.labels(number);
    let apart = json!({ "podAntiAffinity": {
        "preferredDuringSchedulingIgnoredDuringExecution": [{
            "weight": 100,
            "podAffinityTerm": {
                "topologyKey": "kubernetes.io/hostname",
                "labelSelector": { "matchLabels": { "k6_cr": name } },
            },
        }],
    } });
    let runner = json!({
        "image": runners.image,
        "env": env,
        "metadata": { "labels": labels },
        "affinity": apart,
        "resources": { "requests": { "cpu": "250m", "memory": "256Mi" } },
    });
    let helper = json!({ "image": runners.image, "metadata": { "labels": labels } });
    let spec = json!({
        "parallelism": runners.parallelism,
        // Where there is no node for each, they would wait for ever.
        "separate": nodes >= runners.parallelism as usize,
        "script": { "configMap": { "name": name, "file": FILE } },
        "args": args,
        "runner": runner,
        "initializer": helper,
        "starter": { "metadata": { "labels": labels } },
    });
    let mut object = DynamicObject::new(&name, &resource()).within(&label.namespace);
    object.metadata = label.meta(number);
    object.data = json!({ "spec": spec });
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::generator::IMAGE;

    #[test]
    fn a_run_says_who_it_belongs_to_and_where_it_writes() {
        let label = Label {
            run: "20261122t160500z-1a2b".to_owned(),
            game_day: "black-friday".to_owned(),
            namespace: "load".to_owned(),
        };
        let mut runners = Runners {
            parallelism: 8,
            url: None,
            image: IMAGE.to_owned(),
            namespace: None,
            prometheus_rw: Some("http://prometheus.monitoring:9090/api/v1/write".to_owned()),
            native_histograms: true,
        };
        let run = test_run(&label, 2, &runners, 3);
        let text = serde_json::to_string_pretty(&run).unwrap();
        let text = text.replace(env!("CARGO_PKG_VERSION"), "VERSION");
        insta::assert_snapshot!(text);
        assert!(label.name(2).starts_with("gd-20261122t160500z-1a2b-load-2-"));
        runners.prometheus_rw = None;
        let quiet = test_run(&label, 2, &runners, 8);
        assert_eq!(quiet.data["spec"]["args"][0], "--tag");
        assert_eq!(quiet.data["spec"]["separate"], true);
        let script = config_map(&label, 2, "x".to_owned());
        assert_eq!(script.data.unwrap()[FILE], "x");
        assert_eq!(script.metadata.name, run.metadata.name);
    }
}
