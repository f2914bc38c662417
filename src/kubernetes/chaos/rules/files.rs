//! IOChaos.

use k8s_openapi::api::core::v1::{Container, Pod};

use super::super::choose::words;
use super::super::pod;
use super::look::Look;
use crate::gameday::go_duration;

/// The operations of a file system that can be broken, as the daemon calls them.
const METHODS: [&str; 31] = [
    "lookup",
    "forget",
    "getattr",
    "setattr",
    "readlink",
    "mknod",
    "mkdir",
    "unlink",
    "rmdir",
    "symlink",
    "rename",
    "link",
    "open",
    "read",
    "write",
    "flush",
    "release",
    "fsync",
    "opendir",
    "readdir",
    "releasedir",
    "fsyncdir",
    "statfs",
    "setxattr",
    "getxattr",
    "listxattr",
    "removexattr",
    "access",
    "create",
    "getlk",
    "setlk",
];

pub(super) fn check(look: &mut Look<'_>, struck: &[&Pod]) {
    action(look);
    for method in words(look.get("methods")) {
        let lower = method.to_ascii_lowercase();
        if METHODS.contains(&method) {
            continue;
        }
        let why = format!("there is no operation {}, and nothing would happen", pod::shown(method));
        match METHODS.contains(&lower.as_str()) {
            true => look.no("methods", why, format!("write {lower}")),
            false => look.no("methods", why, "write such as read, write, open, fsync"),
        }
    }
    if let Some(percent) = look.get("percent").as_i64()
        && !(1..=100).contains(&percent)
    {
        look.no("percent", "it is no percentage from 1 to 100", "write one such as 50");
    }
    volume(look, struck);
}

/// What the action goes by is there.
fn action(look: &mut Look<'_>) {
    match look.text("action") {
        "latency" => {
            if let Err(why) = go_duration::length(look.text("delay")) {
                look.no("delay", format!("latency needs one: {why}"), "write one such as 100ms");
            }
        }
        "fault" => {
            if look.get("errno").as_u64().unwrap_or_default() == 0 {
                look.no(
                    "errno",
                    "fault needs the number of an error",
                    "write 5 (EIO) or 28 (no space)",
                );
            }
        }
        "attrOverride" => {
            let given = look.get("attr").as_object().is_some_and(|attr| !attr.is_empty());
            if !given {
                look.no(
                    "attr",
                    "attrOverride needs attributes, and would fail for ever",
                    "add attr: { perm: 72 }",
                );
            }
        }
        "mistake" => mistake(look),
        other => {
            let why = format!("IOChaos has no action \"{}\"", pod::shown(other));
            look.no("action", why, "write latency, fault, attrOverride or mistake");
        }
    }
}

/// Mistakes while reading end with the experiment; those while writing stay on the disk.
fn mistake(look: &mut Look<'_>) {
    let mistake = look.get("mistake");
    let whole = |key: &str| mistake[key].as_i64().is_some_and(|value| value >= 1);
    let filling = matches!(mistake["filling"].as_str(), Some("zero" | "random"));
    if !(filling && whole("maxOccurrences") && whole("maxLength")) {
        let why =
            "mistake needs all of filling, maxOccurrences and maxLength, and would fail for ever";
        look.no(
            "mistake",
            why,
            "add mistake: { filling: random, maxOccurrences: 1, maxLength: 8 }",
        );
    }
    let methods = words(look.get("methods"));
    if methods.is_empty() || methods.iter().any(|method| *method != "read") {
        let why = "mistakes while writing stay on the disk, and recovery does not mend them";
        look.no("methods", why, "write methods: [read]");
    }
}

/// The volume is the root of a mount in each container.
fn volume(look: &mut Look<'_>, struck: &[&Pod]) {
    let path = look.text("volumePath");
    if path.is_empty() {
        return look.no("volumePath", "it needs the folder where a volume is mounted", "write it");
    }
    for one in struck {
        let Some(container) = broken(look, one) else { continue };
        let mounts = container.volume_mounts.as_deref().unwrap_or_default();
        let known: Vec<&str> = mounts.iter().map(|mount| mount.mount_path.as_str()).collect();
        if !known.iter().any(|mount| trimmed(mount) == trimmed(path)) {
            let why = format!(
                "{} is not where a volume is mounted in container {} of pod {}, and the experiment could not be deleted any more",
                pod::shown(path),
                pod::shown(&container.name),
                pod::shown(pod::name(one)),
            );
            look.no("volumePath", why, format!("write one of: {}", pod::list(known)));
            break;
        }
    }
    let glob = look.text("path");
    if !glob.is_empty() && !glob.starts_with(trimmed(path)) {
        let why = "it does not begin with the volumePath, and nothing would happen";
        look.no("path", why, format!("write {}/**/*", pod::shown(trimmed(path))));
    }
}

/// The one container that is hit: the first one where none is named.
fn broken<'a>(look: &Look<'_>, one: &'a Pod) -> Option<&'a Container> {
    match words(look.get("containerNames")).first() {
        Some(name) => pod::container(one, name),
        None => pod::containers(one).first(),
    }
}

fn trimmed(path: &str) -> &str {
    path.trim_end_matches('/')
}
