//! NetworkChaos. What its webhook does not look at drops all traffic of a pod, or cannot be deleted.

use std::net::Ipv4Addr;

use k8s_openapi::api::core::v1::Pod;
use serde_json::Value;

use super::super::choose::words;
use super::super::pod;
use super::look::Look;
use super::shared;
use crate::gameday::go_duration;

/// The blocks of what is done to packets.
const BLOCKS: [&str; 6] = ["delay", "loss", "duplicate", "corrupt", "rate", "bandwidth"];

pub(super) fn check(look: &mut Look<'_>, struck: &[&Pod]) {
    blocks(look);
    figures(look);
    let target = look.get("target");
    let external = words(look.get("externalTargets"));
    let mut beyond = Vec::new();
    if target.is_object() {
        shared::mode(look, target, "target.");
        beyond = shared::selector(look, &target["selector"], "target.selector");
    }
    direction(look, target.is_object(), !external.is_empty());
    for one in external {
        if let Err(why) = ipv4(one) {
            look.no(
                "externalTargets",
                why,
                "write an IPv4 address, a network or a name, each with :port or without",
            );
        }
    }
    host_network(look, struck, "selector");
    host_network(look, &beyond, "target.selector");
}

/// The block of the action, and no other: all that are there are done, whatever the action says.
fn blocks(look: &mut Look<'_>) {
    let action = look.text("action");
    let present: Vec<&str> = BLOCKS.into_iter().filter(|block| look.has(block)).collect();
    match action {
        "partition" | "netem" => {
            if action == "netem" && !present.iter().any(|block| *block != "bandwidth") {
                let why = "netem needs a block of what is done to packets";
                look.no("action", why, "add delay:, loss:, duplicate:, corrupt: or rate:");
            }
            let odd = present.iter().find(|block| action == "partition" || **block == "bandwidth");
            if let Some(odd) = odd {
                let why = format!("it does not belong to {action}, and would be done as well");
                look.no(odd, why, "remove it");
            }
        }
        "delay" | "loss" | "duplicate" | "corrupt" | "bandwidth" => {
            if !present.contains(&action) {
                let why = "the action has nothing to go by, and would fail for ever";
                look.no(action, why, format!("add {action}: with its figures"));
            }
            for odd in present.into_iter().filter(|block| *block != action) {
                let why = format!("it does not belong to {action}, and would be done as well");
                look.no(odd, why, "remove it, or write action: netem");
            }
        }
        "reorder" | "rate" => {
            let why = format!("{action} is no action, whatever the documentation says");
            look.no("action", why, "write action: netem, with that block");
        }
        other => {
            let why = format!("NetworkChaos has no action \"{}\"", pod::shown(other));
            look.no(
                "action",
                why,
                "write partition, delay, loss, duplicate, corrupt, bandwidth or netem",
            );
        }
    }
}

fn figures(look: &mut Look<'_>) {
    for block in ["loss", "duplicate", "corrupt"] {
        if look.has(block) {
            percent(look, &look.get(block)[block], &format!("{block}.{block}"), true);
        }
    }
    for block in ["delay", "loss", "duplicate", "corrupt"] {
        percent(look, &look.get(block)["correlation"], &format!("{block}.correlation"), false);
    }
    let delay = look.get("delay");
    if let Some(text) = delay["latency"].as_str()
        && let Err(why) = go_duration::length(text)
    {
        look.no("delay.latency", why, "write one such as 200ms");
    }
    let reorder = &delay["reorder"];
    if reorder.is_object() {
        percent(look, &reorder["reorder"], "delay.reorder.reorder", true);
    }
    for block in ["rate", "bandwidth"] {
        if look.has(block) && !is_rate(look.get(block)["rate"].as_str().unwrap_or_default()) {
            let why = "it is no rate";
            look.no(
                &format!("{block}.rate"),
                why,
                "write a whole number and a unit, such as 1mbps (bytes) or 8mbit",
            );
        }
    }
}

/// A text of a number from 0 to 100; `needed`: it must be there, and above 0.
fn percent(look: &mut Look<'_>, value: &Value, field: &str, needed: bool) {
    if value.is_null() && !needed {
        return;
    }
    let number = value.as_str().and_then(|text| text.parse::<f64>().ok());
    let fits = number.is_some_and(|number| (0.0..=100.0).contains(&number));
    if !fits || (needed && number == Some(0.0)) {
        let from = if needed { "above 0" } else { "from 0" };
        look.no(field, format!("it is no percentage {from} to 100"), "write one such as \"30\"");
    }
}

fn is_rate(text: &str) -> bool {
    const UNITS: [&str; 10] =
        ["kbit", "mbit", "gbit", "tbit", "kbps", "mbps", "gbps", "tbps", "bit", "bps"];
    let number = UNITS.into_iter().find_map(|unit| text.strip_suffix(unit));
    number.is_some_and(|number| number.trim().parse::<u64>().is_ok_and(|number| number > 0))
}

fn direction(look: &mut Look<'_>, target: bool, external: bool) {
    let direction = match look.text("direction") {
        "" => "to",
        given => given,
    };
    match (direction, target, external) {
        ("to" | "from" | "both", false, false) => {
            let why = "without one all traffic of the pods is hit, that of probes and of everybody else, too";
            look.no("target", why, "name the other side: target: { mode: all, selector: … }");
        }
        ("from" | "both", _, true) => {
            let why = format!("they can only be reached one way, and the direction is {direction}");
            look.no("externalTargets", why, "write direction: to");
        }
        ("to" | "from" | "both", ..) => {}
        (other, ..) => {
            let why = format!("\"{}\" is no direction", pod::shown(other));
            look.no("direction", why, "write to, from or both");
        }
    }
}

/// An address, a network or a name, each with a port or without.
fn ipv4(text: &str) -> Result<(), String> {
    let shown = pod::shown(text);
    if text.contains('[') || text.matches(':').count() > 1 {
        return Err(format!("\"{shown}\" is IPv6, which Chaos Mesh does not do"));
    }
    let host = match text.split_once(':') {
        Some((_, port)) if port.parse::<u16>().map_or(true, |port| port == 0) => {
            return Err(format!("\"{shown}\" has no right port"));
        }
        Some((host, _)) => host,
        None => text,
    };
    let (address, network) = match host.split_once('/') {
        Some((address, bits)) => {
            if bits.parse::<u8>().map_or(true, |bits| bits > 32)
                || address.parse::<Ipv4Addr>().is_err()
            {
                return Err(format!("\"{shown}\" is no network"));
            }
            (address, true)
        }
        None => (host, false),
    };
    let numeric = address.chars().all(|c| c.is_ascii_digit() || c == '.');
    let named = !address.is_empty()
        && address.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    match (network, numeric) {
        (true, _) => Ok(()),
        (false, true) if address.parse::<Ipv4Addr>().is_ok() => Ok(()),
        (false, false) if named => Ok(()),
        _ => Err(format!("\"{shown}\" is no address")),
    }
}

fn host_network(look: &mut Look<'_>, pods: &[&Pod], field: &str) {
    let theirs: Vec<&str> =
        pods.iter().filter(|one| pod::is_on_host_network(one)).map(|one| pod::name(one)).collect();
    if !theirs.is_empty() {
        let why = format!(
            "{} has the network of its node; Chaos Mesh refuses, and the experiment could not be deleted any more",
            pod::list(theirs)
        );
        look.no(field, why, "choose others");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_beyond_the_cluster() {
        for good in ["10.0.0.1", "10.0.0.0/8", "10.0.0.1:443", "idp.example.com", "idp:80"] {
            assert_eq!(ipv4(good), Ok(()), "{good}");
        }
        for bad in [
            "",
            "::1",
            "[::1]:80",
            "10.0.0",
            "10.0.0.0/33",
            "fe80::/10",
            "a:0",
            "a:x",
            "x/8",
            "a b",
        ] {
            assert!(ipv4(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn rates_are_whole_numbers_with_a_unit() {
        for good in ["1mbps", "100 kbit", "5bps"] {
            assert!(is_rate(good), "{good}");
        }
        for bad in ["", "1", "1.5mbps", "0mbps", "mbps", "1MB"] {
            assert!(!is_rate(bad), "{bad}");
        }
    }
}
