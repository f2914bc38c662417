//! HTTPChaos.

use k8s_openapi::api::core::v1::Pod;

use super::super::pod;
use super::look::Look;
use crate::gameday::go_duration;

/// What can be done to requests and answers.
const ACTIONS: [&str; 4] = ["abort", "delay", "replace", "patch"];
const METHODS: [&str; 9] =
    ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE"];

pub(super) fn check(look: &mut Look<'_>, struck: &[&Pod]) {
    if !matches!(look.text("target"), "Request" | "Response") {
        look.no("target", "it is neither requests nor answers", "write Request or Response");
    }
    let acts = ACTIONS.iter().any(|action| match look.get(action) {
        serde_json::Value::Bool(on) => *on,
        other => !other.is_null(),
    });
    if !acts {
        let why = "nothing says what is done, and nothing would be";
        look.no("", why, "add abort: true, delay:, replace: or patch:");
    }
    if let Some(delay) = look.get("delay").as_str()
        && let Err(why) = go_duration::length(delay)
    {
        look.no("delay", why, "write one such as 300ms");
    }
    if look.has("tls") {
        let why = "Chaos Mesh looks for the Secret under the pod's name, finds none, and the experiment stays stuck";
        look.no("tls", why, "break the network instead: NetworkChaos");
    }
    let method = look.text("method");
    if !method.is_empty() && !METHODS.contains(&method) {
        let why = format!("\"{}\" is no method, and nothing would match", pod::shown(method));
        look.no("method", why, "write such as GET");
    }
    port(look, struck);
}

fn port(look: &mut Look<'_>, struck: &[&Pod]) {
    let port = look.get("port").as_i64().unwrap_or_default();
    if !(1..=65_535).contains(&port) {
        return look.no("port", "it is no port from 1 to 65535", "write the port of the container");
    }
    for one in struck {
        let ports =
            pod::containers(one).iter().flat_map(|one| one.ports.as_deref().unwrap_or_default());
        let ports: Vec<i64> = ports.map(|port| i64::from(port.container_port)).collect();
        if !ports.contains(&port) {
            let why = format!("pod {} has no port {port}", pod::shown(pod::name(one)));
            let known = pod::list(ports.iter().map(ToString::to_string));
            let mend = match ports.is_empty() {
                true => "name the port in its template".to_owned(),
                false => format!("write one of: {known}"),
            };
            return look.no("port", why, mend);
        }
    }
}
