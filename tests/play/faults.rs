//! Every type of fault there is, in groups that can be in effect at the same time. Not what is proven with them.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use gameday::gameday::catalog::{TYPES, lab_lacks};

/// Faults that leave each other room: none hits what another has taken away.
pub struct Group {
    pub name: &'static str,
    /// The fields of each experiment in a file, its type first.
    pub faults: &'static [&'static str],
}

/// Those that would be over at once strike again and again.
pub const GROUPS: &[Group] = &[
    Group {
        name: "zone",
        faults: &[
            "type: zone-failure, target: { zone: zone-a }",
            "type: node-restart, target: { node: node-3 }, interval: 15s",
            "type: auth-service-failure",
            "type: pod-hang, target: { selector: { app: web-app, zone: zone-b } }, mode: one",
        ],
    },
    Group {
        name: "drain",
        faults: &[
            "type: node-drain, target: { node: node-3 }, grace: 300ms",
            "type: pod-failure, target: { selector: { app: web-app, zone: zone-b } }, interval: 15s",
            "type: database-failure",
            "type: rollout-restart, target: { selector: { app: cache-service } }, interval: 15s",
        ],
    },
    Group {
        name: "node",
        faults: &[
            "type: node-failure, target: { node: node-1 }",
            "type: dependency-failure, target: { selector: { app: backend-service, zone: zone-b } }",
            "type: cache-failure, action: outage",
            "type: queue-failure",
            "type: scale, replicas: -50%, target: { selector: { app: web-app, zone: zone-b } }",
        ],
    },
    Group {
        name: "inside",
        faults: &[
            "type: network-chaos, action: partition, target: { source: { selector: { app: backend-service } }, destination: { selector: { role: replica } } }",
            "type: resource-chaos, action: memory-stress, stress: { size: 32MiB }, target: { selector: { app: cache-service } }",
            "type: disk-full, target: { selector: { role: primary } }",
            "type: time-chaos, offset: +10m, target: { selector: { app: backend-service } }, mode: one",
            "type: latency-injection, latency: 300ms, jitter: 50ms, target: { source: { selector: { app: api-gateway } }, destination: { selector: { app: web-app, zone: zone-c } } }",
            "type: http-chaos, action: status, code: 503, share: 50%, target: { selector: { app: web-app, zone: zone-b } }, mode: one",
            "type: dns-chaos, target: { source: { selector: { app: web-app, zone: zone-c } }, destination: { selector: { app: backend-service } } }",
            "type: configuration-change, set: { maintenance: \"on\" }, target: { selector: { app: web-app, zone: zone-a } }, mode: one",
            "type: traffic-flood, rps: 100",
            "type: data-corruption, rows: 5",
            "type: database-slowdown, latency: 50ms",
            "type: replica-lag, lag: 500ms",
            "type: io-chaos, action: latency, latency: 20ms, share: 50%",
            "type: certificate-expiry",
            "type: rbac-mutation",
        ],
    },
];

impl Group {
    /// What the injections of `phase` are called.
    pub fn names(&self, phase: &str) -> Vec<String> {
        self.faults.iter().map(|fields| format!("{}-{phase}", kind(fields))).collect()
    }

    /// A game day that injects all of them at the start of each phase: name, length and how long they last there,
    /// unless they last as long as the phase. `also` is a line of the file.
    pub fn day(&self, folder: &Path, also: &str, phases: &[(&str, &str, Option<&str>)]) -> PathBuf {
        let mut text = format!(
            "gameday: v1\nname: {}\ntarget: lab\ntraffic: {{ tls: true }}\nteams: [sre]\n\
             slos: {{ availability: {{ objective: 99% }} }}\n{also}\n\
             objectives:\n  - {{ title: Nothing is lost, measure: lost_writes == 0 and integrity.discrepancies == 0 }}\n\
             phases:\n",
            self.name
        );
        for (phase, length, lasts) in phases {
            writeln!(text, "  - name: {phase}\n    duration: {length}\n    load: {{ rps: 20 }}")
                .unwrap();
            writeln!(text, "    chaos:").unwrap();
            let lasts = lasts.map_or_else(String::new, |span| format!(", duration: {span}"));
            for (name, fields) in self.names(phase).iter().zip(self.faults) {
                writeln!(text, "      - time: +500ms\n        name: {name}").unwrap();
                writeln!(text, "        experiment: {{ {fields}{lasts} }}").unwrap();
            }
        }
        let path = folder.join(format!("{}.yaml", self.name));
        std::fs::write(&path, text).unwrap();
        path
    }
}

fn kind(fields: &str) -> &str {
    fields.strip_prefix("type: ").unwrap().split(',').next().unwrap()
}

/// For each group at the same time, two by two: a lab is a dozen processes.
pub fn each_group(proof: impl Fn(&'static Group) + Sync) {
    for pair in GROUPS.chunks(2) {
        std::thread::scope(|scope| {
            for group in pair {
                let proof = &proof;
                scope.spawn(move || proof(group));
            }
        });
    }
}

#[test]
fn every_type_of_the_catalogue_is_in_a_group() {
    let tried: BTreeSet<&str> =
        GROUPS.iter().flat_map(|group| group.faults).map(|fields| kind(fields)).collect();
    let types = TYPES.iter().map(|one| one.name).filter(|name| lab_lacks(name).is_none()).collect();
    assert_eq!(tried, types, "every type has to be proven");
}
