//! The facilitator's word on what nobody can measure. Not the measuring.

/// The facilitator's word on an objective or an expectation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    /// Met or not.
    pub met: bool,
    /// Who said so.
    pub by: String,
    /// Why.
    pub reason: String,
}
