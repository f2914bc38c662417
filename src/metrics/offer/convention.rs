//! How those who serve requests name their metrics: a table. Not what is made of it.

use super::family::Family;

/// What some people call their metrics of requests.
pub(super) struct Convention {
    pub(super) family: Family,
    /// Counters of requests, the better known first.
    pub(super) counts: &'static [&'static str],
    /// Histograms of how long they took, without their endings, and how many milliseconds one is.
    pub(super) latency: &'static [(&'static str, f64)],
    /// Labels that tell how a request ended.
    pub(super) outcome: &'static [&'static str],
    /// What the label says when the server failed.
    pub(super) failed: &'static str,
    /// Whether the label holds status codes, in full or by their class; else words.
    pub(super) by_code: bool,
    /// Of several who count the same request, the one that counts.
    pub(super) once: Option<(&'static str, &'static str)>,
}

impl Convention {
    /// The histograms alone.
    pub(super) fn latency_stems(&self) -> impl Iterator<Item = &&'static str> {
        self.latency.iter().map(|(stem, _)| stem)
    }
}

const HTTP: Convention = Convention {
    family: Family::Http,
    counts: &[],
    latency: &[],
    outcome: &[],
    failed: "5..",
    by_code: true,
    once: None,
};

/// Seconds and milliseconds in milliseconds.
const SECONDS: f64 = 1_000.0;
const MILLIS: f64 = 1.0;

/// What a server of gRPC is to blame for.
const GRPC_NAMES: &str = "Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss";
const GRPC_NUMBERS: &str = "2|4|12|13|14|15";

/// Every convention; of one family the first that fits counts.
pub(super) const ALL: &[Convention] = &[
    Convention {
        family: Family::Ingress,
        counts: &["nginx_ingress_controller_requests"],
        latency: &[("nginx_ingress_controller_request_duration_seconds", SECONDS)],
        outcome: &["status"],
        ..HTTP
    },
    Convention {
        family: Family::Traefik,
        counts: &["traefik_entrypoint_requests_total", "traefik_service_requests_total"],
        latency: &[
            ("traefik_entrypoint_request_duration_seconds", SECONDS),
            ("traefik_service_request_duration_seconds", SECONDS),
        ],
        outcome: &["code"],
        ..HTTP
    },
    Convention {
        family: Family::Istio,
        counts: &["istio_requests_total"],
        latency: &[("istio_request_duration_milliseconds", MILLIS)],
        outcome: &["response_code"],
        once: Some(("reporter", "destination")),
        ..HTTP
    },
    Convention {
        family: Family::Envoy,
        counts: &["envoy_http_downstream_rq_xx", "envoy_cluster_upstream_rq_xx"],
        latency: &[
            ("envoy_http_downstream_rq_time", MILLIS),
            ("envoy_cluster_upstream_rq_time", MILLIS),
        ],
        outcome: &["envoy_response_code_class"],
        failed: "5",
        ..HTTP
    },
    Convention {
        family: Family::OpenTelemetry,
        latency: &[
            ("http_server_request_duration_seconds", SECONDS),
            ("http.server.request.duration", SECONDS),
            ("http_server_duration_milliseconds", MILLIS),
        ],
        outcome: &["http_response_status_code", "http.response.status_code", "http_status_code"],
        ..HTTP
    },
    Convention {
        counts: &["http_requests_total", "http_server_requests_total"],
        latency: &[
            ("http_request_duration_seconds", SECONDS),
            ("http_request_duration_milliseconds", MILLIS),
        ],
        outcome: &[
            "code",
            "status",
            "status_code",
            "http_status",
            "http_status_code",
            "statuscode",
        ],
        ..HTTP
    },
    Convention {
        family: Family::Spring,
        latency: &[("http_server_requests_seconds", SECONDS)],
        outcome: &["status"],
        ..HTTP
    },
    Convention {
        family: Family::Grpc,
        counts: &["grpc_server_handled_total"],
        latency: &[("grpc_server_handling_seconds", SECONDS)],
        outcome: &["grpc_code"],
        failed: GRPC_NAMES,
        by_code: false,
        ..HTTP
    },
    Convention {
        family: Family::Grpc,
        latency: &[
            ("rpc_server_call_duration_seconds", SECONDS),
            ("rpc_server_duration_milliseconds", MILLIS),
        ],
        outcome: &["rpc_grpc_status_code"],
        failed: GRPC_NUMBERS,
        by_code: false,
        ..HTTP
    },
];
