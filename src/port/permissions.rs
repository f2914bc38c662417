//! What accounts may do, as somebody else holds it, as a port. Enforces nothing.

use super::target::{Answer, TargetError};

/// Says what accounts may do.
pub trait Permissions: Send + Sync {
    /// Which of `permissions` (`products:read`) the account holds now.
    fn held<'a>(
        &'a self,
        account: &'a str,
        permissions: &'a [&'a str],
    ) -> Answer<'a, Result<Vec<String>, TargetError>>;
}
