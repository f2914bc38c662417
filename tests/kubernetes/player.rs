//! Controllers that play Chaos Mesh, workloads, and the k6 operator.
