//! The lab by itself: start, say where everything is, wait, stop. Prints nothing: the text is handed over.

use std::fmt::Write as _;
use std::future::Future;

use super::running::{Lab, LabError, LabOptions};

/// Runs a lab until `shutdown`; `tell` gets the text with all addresses once every pod takes traffic.
///
/// # Errors
/// When the lab does not start.
pub async fn run_alone(
    options: LabOptions,
    tell: impl FnOnce(&str),
    shutdown: impl Future<Output = ()>,
) -> Result<(), LabError> {
    let lab = Lab::start(options).await?;
    tell(&addresses(&lab));
    shutdown.await;
    lab.stop().await;
    Ok(())
}

/// Where everything is, for people.
pub fn addresses(lab: &Lab) -> String {
    let mut text = format!("lab {} takes traffic at {}\n\n", lab.id(), lab.base_url());
    for at in lab.pods() {
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "{:<18} {:<7} {:<7} pid {:<8} {}",
            at.pod,
            at.zone,
            at.node,
            at.pid.map_or_else(|| "-".to_owned(), |pid| pid.to_string()),
            at.metrics_url.unwrap_or_else(|| "not ready".to_owned()),
        );
    }
    text
}
