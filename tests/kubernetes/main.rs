//! Kubernetes from outside.
