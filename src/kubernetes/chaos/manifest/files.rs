//! Faults of file operations: IOChaos at the root of a volume.

use serde_json::{Value, json};

use super::super::pod;
use super::assigned::{Assigned, grouped};
use crate::gameday::fault::IoAction;

/// An input or output error.
const EIO: u32 = 5;
/// No space left on the device.
const ENOSPC: u32 = 28;

/// The share of operations that is hit.
pub(super) const fn share(io: &IoAction) -> f64 {
    match io {
        IoAction::Latency { share, .. } | IoAction::Fault { share } => *share,
    }
}

/// A share in whole percents, which is all that IOChaos takes.
///
/// # Errors
/// When it is none; for people.
pub(super) fn percent(share: f64) -> Result<u32, String> {
    let percent = share * 100.0;
    let whole = percent.round();
    if !(1.0..=100.0).contains(&whole) || (percent - whole).abs() > 1e-6 {
        return Err(format!(
            "IOChaos takes whole percents from 1 to 100, and this is {percent}%; write share: 1%"
        ));
    }
    Ok(whole as u32)
}

/// Reads, writes and syncs are late, or fail.
pub(super) fn operations(work: &mut Assigned<'_>, io: IoAction) -> Result<(), String> {
    let percent = percent(share(&io))?;
    let spec = match io {
        IoAction::Latency { latency, .. } => {
            json!({"action": "latency", "delay": format!("{}ms", latency.as_millis())})
        }
        IoAction::Fault { .. } => json!({"action": "fault", "errno": EIO}),
    };
    let methods = &["read", "write", "fsync"];
    on_volumes(work, spec, methods, percent)
}

/// Whatever needs space fails for lack of it.
pub(super) fn full(work: &mut Assigned<'_>) -> Result<(), String> {
    let spec = json!({"action": "fault", "errno": ENOSPC});
    on_volumes(work, spec, &["write", "create", "mkdir", "mknod", "symlink"], 100)
}

fn on_volumes(
    work: &mut Assigned<'_>,
    mut spec: Value,
    methods: &[&str],
    percent: u32,
) -> Result<(), String> {
    let groups = grouped(&work.victims, |one| {
        let container = pod::main_container(one)?;
        let folder = pod::data_folder(one, container)?;
        Ok((container.name.clone(), folder.to_owned()))
    })?;
    spec["methods"] = json!(methods);
    spec["percent"] = percent.into();
    for ((container, folder), pods) in groups {
        let mut spec = spec.clone();
        spec["containerNames"] = json!([container]);
        spec["volumePath"] = folder.into();
        work.write("IOChaos", spec, &pods, &[]);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_whole_percents_or_refused() {
        assert_eq!(percent(0.3), Ok(30));
        assert_eq!(percent(0.07), Ok(7));
        assert_eq!(percent(1.0), Ok(100));
        for share in [0.0, 0.005, 0.125, 1.01, f64::NAN] {
            assert!(percent(share).is_err(), "{share}");
        }
    }
}
