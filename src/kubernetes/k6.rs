//! Load from the cluster: TestRuns of the k6 operator.
