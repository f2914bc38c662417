//! Calls that the API server must allow, and what for. Pure data.

/// What a permission is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// Seeing the target.
    Look,
    /// The journal, the lease, the reaper.
    Guard,
    /// Doing it.
    Forward,
    /// Undoing it.
    Undo,
}

/// Calls that must be allowed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Need {
    pub way: Way,
    /// Empty for the core.
    pub group: &'static str,
    /// `pods`, or `deployments/scale`.
    pub resource: String,
    pub verbs: Vec<&'static str>,
    /// Only objects of these names; none: any.
    pub names: Vec<String>,
    /// In the whole cluster, not in the namespace.
    pub everywhere: bool,
    /// Whether the reaper needs it, too.
    pub reaper: bool,
    /// What for: `looking`, or names of injections.
    pub why: String,
}

/// Reads.
pub(super) const READ: &[&str] = &["get", "list", "watch"];

impl Need {
    pub(super) fn of(
        way: Way,
        group: &'static str,
        resource: &str,
        verbs: &[&'static str],
        why: &str,
    ) -> Self {
        Self {
            way,
            group,
            resource: resource.to_owned(),
            verbs: verbs.to_vec(),
            names: Vec::new(),
            everywhere: false,
            reaper: false,
            why: why.to_owned(),
        }
    }

    /// In the whole cluster.
    pub(super) fn everywhere(self) -> Self {
        Self { everywhere: true, ..self }
    }

    /// The reaper needs it, too.
    pub(super) fn reaper(self) -> Self {
        Self { reaper: true, ..self }
    }
}
