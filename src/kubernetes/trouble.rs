//! What goes wrong at an API server, in words: where, why, how to mend it. Nothing secret stands in it.

use crate::gameday::text::printable;
use crate::port::target::TargetError;

/// So much of what a server says is told.
const SHOWN: usize = 400;

/// What a call did, and how it failed: `list pods in shop: …`.
pub fn trouble(doing: &str, error: &kube::Error) -> TargetError {
    TargetError(format!("{doing}: {}", why(error)))
}

/// Why it failed.
pub(super) fn why(error: &kube::Error) -> String {
    match error {
        kube::Error::Api(status) => {
            let said = printable(&status.message, SHOWN);
            let mend = match status.code {
                401 => "; log in again, or look at the user of this context",
                403 => "; gameday rbac prints the Role that is needed",
                404 => "; is it installed, and the name right?",
                429 => "; the server has too much to do, or a disruption budget says no",
                _ => "",
            };
            format!("{said} (HTTP {}){mend}", status.code)
        }
        kube::Error::Auth(error) => {
            format!("cannot log in: {}; look at the user of this context", all(error))
        }
        kube::Error::HyperError(error) => {
            format!("the API server cannot be reached: {}", all(error))
        }
        kube::Error::Service(error) => {
            format!("the API server cannot be reached: {}", all(error.as_ref()))
        }
        other => all(other),
    }
}

/// The error with everything behind it.
fn all(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    printable(&text, SHOWN)
}

/// The status that a server answered with; `None`: it did not answer.
pub fn code(error: &kube::Error) -> Option<u16> {
    match error {
        kube::Error::Api(status) => Some(status.code),
        _ => None,
    }
}
