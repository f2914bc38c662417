//! DNSChaos.

use super::super::choose::words;
use super::super::pod;
use super::look::Look;

pub(super) fn check(look: &mut Look<'_>) {
    let action = look.text("action");
    if !matches!(action, "error" | "random") {
        let why = format!("DNSChaos has no action \"{}\"", pod::shown(action));
        look.no("action", why, "write error or random");
    }
    let patterns = words(look.get("patterns"));
    if patterns.is_empty() {
        let why =
            "without any, no name resolves at all, those of the cluster's own services included";
        look.no("patterns", why, "write such as [payments.shop.svc.*]");
    }
    for pattern in patterns {
        let star = pattern.find('*');
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '?' | '*');
        if pattern.is_empty() || !pattern.chars().all(plain) {
            let why = format!("\"{}\" is no pattern of names", pod::shown(pattern));
            look.no("patterns", why, "write such as payments.shop.svc.*");
        } else if star.is_some_and(|at| at + 1 != pattern.len()) {
            let why = format!(
                "in \"{}\" the * is not at the end, where alone it counts",
                pod::shown(pattern)
            );
            look.no("patterns", why, "put it last, or write ? for single characters");
        } else if pattern == "*" {
            let why = "it means every name, those of the cluster's own services included";
            look.no("patterns", why, "name those that are to fail");
        }
    }
}
