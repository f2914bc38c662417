//! The table of all types of experiments. Not their reading.

use super::form::{FaultType, Parameter, Seat};

const fn takes(name: &'static str, about: &'static str) -> Parameter {
    Parameter { name, about }
}

const LATENCY: Parameter = takes("latency", "1ms to 10s; needed");
const JITTER: Parameter = takes("jitter", "at most the latency; 0ms");
const SHARE: Parameter = takes("share", "share of operations, above 0% to 100%; 100%");
const AGAIN: Parameter = takes("interval", "at least 1s: strikes again and again; once");

const PRIMARY: Seat = Seat::Usually(&[("app", "database"), ("role", "primary")]);
const REPLICA: Seat = Seat::Usually(&[("app", "database"), ("role", "replica")]);

/// The whole vocabulary.
pub const TYPES: &[FaultType] = &[
    FaultType {
        name: "pod-failure",
        about: "kills pods without warning (SIGKILL)",
        seat: Seat::Pods,
        parameters: &[takes("action", "pod-kill"), AGAIN],
        undo: "stops killing; the controller replaces the pods, waited for until they are ready",
        kubernetes: "PodChaos pod-kill",
    },
    FaultType {
        name: "pod-hang",
        about: "lets pods stand still (SIGSTOP): they answer nothing, and keep their connections",
        seat: Seat::Pods,
        parameters: &[takes("action", "pause")],
        undo: "lets them go on (SIGCONT), waited for until they are ready",
        kubernetes: "HTTPChaos that holds requests back; other ports go on",
    },
    FaultType {
        name: "node-failure",
        about: "switches a node off: its pods die, and nothing runs there until it is undone",
        seat: Seat::Whole("node"),
        parameters: &[takes("action", "shutdown")],
        undo: "switches it on again; its pods are waited for until they are ready",
        kubernetes: "cordon, and its pods deleted; the machine runs on",
    },
    FaultType {
        name: "node-restart",
        about: "restarts a node: its pods die and come back there",
        seat: Seat::Whole("node"),
        parameters: &[takes("action", "restart"), AGAIN],
        undo: "nothing to take away; its pods are waited for until they are ready",
        kubernetes: "its pods deleted; the machine runs on",
    },
    FaultType {
        name: "node-drain",
        about: "empties a node: its pods finish what they do and run elsewhere until it is undone",
        seat: Seat::Whole("node"),
        parameters: &[
            takes("action", "drain"),
            takes("grace", "how long they may take to finish, 0s to 10m; 30s"),
        ],
        undo: "lets pods run there again",
        kubernetes: "cordon and eviction",
    },
    FaultType {
        name: "zone-failure",
        about: "takes a whole zone away: its computers, what they stored, its network",
        seat: Seat::Whole("zone"),
        parameters: &[
            takes("action", "shutdown"),
            takes("resources", "of compute, storage, network; all three"),
        ],
        undo: "brings the zone back; its pods are waited for until they are ready and in step",
        kubernetes: "its nodes cordoned and emptied with the volumes bound to them, NetworkChaos partition",
    },
    FaultType {
        name: "network-chaos",
        about: "cuts, delays, thins or narrows the network between two apps",
        seat: Seat::TwoSides,
        parameters: &[
            takes("action", "partition, delay, loss or bandwidth; needed"),
            takes("direction", "to, from or both; both"),
            takes("latency", "for delay: 1ms to 10s; needed"),
            takes("jitter", "for delay: at most the latency; 0ms"),
            takes("loss", "for loss: share of packets, above 0% to 100%; needed"),
            takes("bandwidth", "for bandwidth: 1KiB to 1GiB a second; needed"),
        ],
        undo: "the network is as before",
        kubernetes: "NetworkChaos",
    },
    FaultType {
        name: "resource-chaos",
        about: "eats processor time or memory of pods, or keeps their disk busy",
        seat: Seat::Pods,
        parameters: &[
            takes("action", "cpu-stress, memory-stress or io-stress; needed"),
            takes(
                "stress",
                "cpu: { cores: 1 to 256, load: 1 to 100 (percent) }; memory: { size: 1MiB to 1GiB }; \
                 io: { workers: 1 to 16 }, 1 where none is given",
            ),
        ],
        undo: "stops what eats it, and gives it back",
        kubernetes: "StressChaos (cpu, memory)",
    },
    FaultType {
        name: "disk-full",
        about: "lets the pods' data folders take no more than a little",
        seat: Seat::Pods,
        parameters: &[takes("free", "what still fits, 0B to 1GiB; 0B")],
        undo: "lifts the quota",
        kubernetes: "IOChaos fault (no space left)",
    },
    FaultType {
        name: "time-chaos",
        about: "moves the clock that pods see, at once or bit by bit",
        seat: Seat::Pods,
        parameters: &[
            takes("offset", "a jump such as -5m or +30d, at most 3650d; this or drift is needed"),
            takes("drift", "seconds gained per second, -90% to 1000%; none"),
        ],
        undo: "the clock is right again",
        kubernetes: "TimeChaos (jumps)",
    },
    FaultType {
        name: "latency-injection",
        about: "makes requests from one app to another late",
        seat: Seat::TwoSides,
        parameters: &[LATENCY, JITTER],
        undo: "removes the delay",
        kubernetes: "NetworkChaos delay",
    },
    FaultType {
        name: "http-chaos",
        about: "breaks off, delays, falsifies or damages HTTP answers",
        seat: Seat::Pods,
        parameters: &[
            takes("action", "abort, delay, status or body; needed"),
            takes("latency", "for delay: 1ms to 10s; needed"),
            takes("code", "for status: 400 to 599; needed"),
            SHARE,
        ],
        undo: "answers are as they were made",
        kubernetes: "HTTPChaos",
    },
    FaultType {
        name: "dns-chaos",
        about: "lets the names of one app's services not resolve for another",
        seat: Seat::TwoSides,
        parameters: &[takes("action", "error")],
        undo: "names resolve again",
        kubernetes: "DNSChaos error",
    },
    FaultType {
        name: "data-corruption",
        about: "changes rows of a table in the replica",
        seat: REPLICA,
        parameters: &[
            takes("table", "users, products, orders or transactions; products"),
            takes("rows", "1 to 10000; 10"),
        ],
        undo: "puts every changed row back exactly as it was",
        kubernetes: "",
    },
    FaultType {
        name: "configuration-change",
        about: "changes configuration: in a file that is read again, or in the environment of new processes",
        seat: Seat::Pods,
        parameters: &[
            takes("source", "file or environment; file"),
            takes("set", "keys with values, such as { answer-delay: 300ms }; needed"),
        ],
        undo: "sets it back to what it was",
        kubernetes: "ConfigMap or environment of a Deployment",
    },
    FaultType {
        name: "scale",
        about: "gives workloads another number of pods: fewer than they need, or none",
        seat: Seat::Workloads,
        parameters: &[takes(
            "replicas",
            "0 to 500, or a change from -100% to +400% (whole pods, at least one); 0 is an outage; needed",
        )],
        undo: "scales back to the number there was, waited for until the pods are ready",
        kubernetes: "the replicas of a Deployment, StatefulSet or ReplicaSet",
    },
    FaultType {
        name: "image-change",
        about: "rolls out another image, as a bad deployment does: pods are replaced a few at a time",
        seat: Seat::Workloads,
        parameters: &[
            takes("image", "such as registry.example/web-app:broken; needed"),
            takes("container", "whose image it is; the only container"),
        ],
        undo: "rolls the image back that there was, waited for until the pods are ready and as they were",
        kubernetes: "the image of a Deployment, StatefulSet or DaemonSet",
    },
    FaultType {
        name: "rollout-restart",
        about: "replaces the pods of workloads a few at a time by others that are the same",
        seat: Seat::Workloads,
        parameters: &[AGAIN],
        undo: "nothing to take away; the rollout is waited for until the pods are ready",
        kubernetes: "a rollout of a Deployment, StatefulSet or DaemonSet, as kubectl rollout restart",
    },
    FaultType {
        name: "dependency-failure",
        about: "takes pods that others need down until it is undone",
        seat: Seat::Pods,
        parameters: &[takes("action", "shutdown")],
        undo: "lets them start, waited for until they are ready",
        kubernetes: "PodChaos pod-failure",
    },
    FaultType {
        name: "database-slowdown",
        about: "makes every statement of the database late",
        seat: PRIMARY,
        parameters: &[LATENCY, JITTER],
        undo: "removes the delay of statements",
        kubernetes: "NetworkChaos delay towards the database",
    },
    FaultType {
        name: "database-failure",
        about: "takes the primary database down until it is undone",
        seat: PRIMARY,
        parameters: &[takes("action", "shutdown")],
        undo: "lets it start; it follows whoever is primary then",
        kubernetes: "PodChaos pod-failure",
    },
    FaultType {
        name: "replica-lag",
        about: "lets the replica fall behind",
        seat: REPLICA,
        parameters: &[takes("lag", "100ms to 10m; needed")],
        undo: "lets it catch up",
        kubernetes: "NetworkChaos delay from the primary",
    },
    FaultType {
        name: "io-chaos",
        about: "makes file operations of the database late, or fail",
        seat: PRIMARY,
        parameters: &[
            takes("action", "latency or fault; needed"),
            takes("latency", "for latency: 1ms to 10s; needed"),
            SHARE,
        ],
        undo: "file operations are as before",
        kubernetes: "IOChaos",
    },
    FaultType {
        name: "cache-failure",
        about: "empties the cache, or takes it down until it is undone",
        seat: Seat::Usually(&[("app", "cache-service")]),
        parameters: &[
            takes("action", "flush or outage; needed"),
            takes("interval", "for flush: at least 1s: again and again; once"),
        ],
        undo: "lets the cache start; what was in it comes back by itself",
        kubernetes: "PodChaos pod-failure (outage) or pod-kill (flush)",
    },
    FaultType {
        name: "queue-failure",
        about: "takes the message queue down until it is undone",
        seat: Seat::Usually(&[("app", "message-queue")]),
        parameters: &[takes("action", "shutdown")],
        undo: "lets it start, with everything it had accepted",
        kubernetes: "PodChaos pod-failure",
    },
    FaultType {
        name: "certificate-expiry",
        about: "serves customers a certificate that has expired",
        seat: Seat::Usually(&[("app", "api-gateway")]),
        parameters: &[takes("action", "expire-cert")],
        undo: "serves a good certificate",
        kubernetes: "a Secret with an expired certificate",
    },
    FaultType {
        name: "auth-service-failure",
        about: "takes the identity provider down until it is undone",
        seat: Seat::Usually(&[("app", "oauth-provider")]),
        parameters: &[takes("action", "shutdown")],
        undo: "lets it start, waited for until it is ready",
        kubernetes: "PodChaos pod-failure",
    },
    FaultType {
        name: "rbac-mutation",
        about: "takes permissions from a service account",
        seat: Seat::Usually(&[("app", "web-app")]),
        parameters: &[
            takes("action", "remove-permissions"),
            takes("account", "also as target: { serviceAccount: … }; app-service-account"),
            takes("permissions", "a list such as [products:read]; all it has"),
        ],
        undo: "gives the permissions back",
        kubernetes: "a changed RoleBinding",
    },
    FaultType {
        name: "traffic-flood",
        about: "sends a flood of requests without a session from outside",
        seat: Seat::Usually(&[("app", "api-gateway")]),
        parameters: &[takes("rps", "above 0 to 5000 requests a second; needed")],
        undo: "stops sending",
        kubernetes: "sent from here to the url of the target",
    },
    FaultType {
        name: "manifest",
        about: "places objects of Chaos Mesh as you wrote them, of any kind but KernelChaos",
        seat: Seat::Given,
        parameters: &[takes("manifest", "a file beside the game day, or the objects; needed")],
        undo: "deletes the objects, and waits until Chaos Mesh has taken everything back",
        kubernetes: "what the objects say",
    },
];
