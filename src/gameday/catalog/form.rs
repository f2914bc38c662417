//! What is written down of a type of experiment. Not the types themselves.

/// One type of experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaultType {
    /// As written in a file.
    pub name: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Whom it hits.
    pub seat: Seat,
    /// What may stand beside name, type, target, mode, value and duration.
    pub parameters: &'static [Parameter],
    /// How it is undone, in general.
    pub undo: &'static str,
    /// What does it on Kubernetes; empty: nothing.
    pub kubernetes: &'static str,
}

/// A parameter of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The key.
    pub name: &'static str,
    /// What may stand there, with unit, default and bounds.
    pub about: &'static str,
}

/// Whom a type hits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seat {
    /// Pods that the file must name.
    Pods,
    /// All pods of workloads, which the file must name.
    Workloads,
    /// Pods with these labels, where the file names none.
    Usually(&'static [(&'static str, &'static str)]),
    /// Two apps: a source and a destination.
    TwoSides,
    /// Pods that the file may name, where what it places does not say it by labels.
    Given,
    /// Every pod with this one label (`node`, `zone`), which the file must name.
    Whole(&'static str),
}

impl FaultType {
    /// The keys of its parameters.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.parameters.iter().map(|one| one.name)
    }
}
