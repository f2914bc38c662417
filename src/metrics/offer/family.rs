//! The conventions by which metrics are recognised. Not their metrics.

/// Who named the metrics.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// The lab of this program.
    Lab,
    /// The ingress controller of Kubernetes over nginx.
    Ingress,
    /// Traefik.
    Traefik,
    /// The mesh Istio.
    Istio,
    /// The proxy Envoy, alone or in a mesh.
    Envoy,
    /// The conventions of OpenTelemetry for HTTP.
    OpenTelemetry,
    /// Client libraries of Prometheus, by custom.
    Http,
    /// Spring Boot.
    Spring,
    /// gRPC, as its middlewares and OpenTelemetry name it.
    Grpc,
    /// kube-state-metrics.
    Kubernetes,
    /// The node exporter.
    Node,
}

impl Family {
    /// Every one; who customers meet first comes first.
    pub const ALL: [Self; 11] = [
        Self::Lab,
        Self::Ingress,
        Self::Traefik,
        Self::Istio,
        Self::Envoy,
        Self::OpenTelemetry,
        Self::Http,
        Self::Spring,
        Self::Grpc,
        Self::Kubernetes,
        Self::Node,
    ];

    /// As people know it, in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Ingress => "ingress-nginx",
            Self::Traefik => "Traefik",
            Self::Istio => "Istio",
            Self::Envoy => "Envoy",
            Self::OpenTelemetry => "OpenTelemetry",
            Self::Http => "HTTP",
            Self::Spring => "Spring",
            Self::Grpc => "gRPC",
            Self::Kubernetes => "Kubernetes",
            Self::Node => "nodes",
        }
    }

    /// Whether it counts requests of customers.
    pub const fn serves_requests(self) -> bool {
        !matches!(self, Self::Kubernetes | Self::Node)
    }
}
