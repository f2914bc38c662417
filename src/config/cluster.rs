//! Where exercises may go on Kubernetes, and under which conditions: fences of contexts and namespaces, which contexts are
//! production, how long a fault may last, which image lets go when this program dies. Decides; asks nobody.

use super::keys::{entries, find, line, only, text, wrong};
use crate::gameday::node::{Key, Kind, Node};
use crate::gameday::problem::Problems;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// The keys below `kubernetes`.
const KEYS: [&str; 6] =
    ["contexts", "namespaces", "production", "longest", "reaper_image", "reaper_priority"];

/// Contexts that look like production where nobody says which do.
const PRODUCTION: [&str; 3] = ["*prod*", "*live*", "*prd*"];

/// No fault on a cluster lasts longer where nobody says how long.
const LONGEST: Span = Span::from_secs(30 * 60);

/// A fault that lasts longer than this is none.
const MOST: Span = Span::from_secs(24 * 3_600);

/// What the settings say of clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fence {
    /// Patterns of contexts that may be used; `None`: any.
    contexts: Option<Vec<String>>,
    /// Patterns of namespaces that may be exercised; `None`: any.
    namespaces: Option<Vec<String>>,
    /// Patterns of contexts that must be typed by hand.
    production: Vec<String>,
    /// No fault may last longer.
    pub longest: Span,
    /// The image of the reaper; `None`: there is none.
    pub reaper_image: Option<String>,
    /// The PriorityClass of the reaper; `None`: as the cluster thinks of any pod.
    pub reaper_priority: Option<String>,
}

impl Default for Fence {
    fn default() -> Self {
        Self {
            contexts: None,
            namespaces: None,
            production: PRODUCTION.map(str::to_owned).to_vec(),
            longest: LONGEST,
            reaper_image: None,
            reaper_priority: None,
        }
    }
}

impl Fence {
    /// Whether an exercise may go there.
    ///
    /// # Errors
    /// Why it may not; for people.
    pub fn allows(&self, context: &str, namespace: &str) -> Result<(), String> {
        for (what, name, patterns) in
            [("context", context, &self.contexts), ("namespace", namespace, &self.namespaces)]
        {
            let Some(patterns) = patterns else { continue };
            if !patterns.iter().any(|pattern| fits(pattern, name)) {
                return Err(format!(
                    "{what} {} is outside the fence: config.yaml allows {} under kubernetes.{what}s",
                    printable(name, 80),
                    if patterns.is_empty() { "none".to_owned() } else { patterns.join(", ") },
                ));
            }
        }
        Ok(())
    }

    /// Whether a context looks like production, so that its name must be typed. Case does not count.
    pub fn is_production(&self, context: &str) -> bool {
        let context = context.to_lowercase();
        self.production.iter().any(|pattern| fits(&pattern.to_lowercase(), &context))
    }
}

/// Whether a name fits a pattern, in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == name };
    let Some(mut left) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = left.find(part) else { return false };
        left = left.get(at + part.len()..).unwrap_or_default();
    }
    left.ends_with(last)
}

/// Reads what stands under `kubernetes`.
pub(super) fn read(node: &Node, problems: &mut Problems) -> Fence {
    let all = entries(node, "a set of fences", problems);
    only(all, "a set of fences", &KEYS, problems);
    let usual = Fence::default();
    let contexts = patterns(all, "contexts", problems);
    let namespaces = patterns(all, "namespaces", problems);
    let production = patterns(all, "production", problems).unwrap_or(usual.production);
    let longest = longest(all, problems).unwrap_or(usual.longest);
    let mut said = |key| text(all, key, problems).map(|(text, _)| text.to_owned());
    let (reaper_image, reaper_priority) = (said("reaper_image"), said("reaper_priority"));
    Fence { contexts, namespaces, production, longest, reaper_image, reaper_priority }
}

fn patterns(all: &[(Key, Node)], name: &str, problems: &mut Problems) -> Option<Vec<String>> {
    let (key, node) = find(all, name)?;
    let Kind::List(items) = &node.kind else {
        return line(key, node, problems).map(|one| vec![one.to_owned()]);
    };
    let found = items.iter().filter_map(|item| line(key, item, problems).map(str::to_owned));
    Some(found.collect())
}

fn longest(all: &[(Key, Node)], problems: &mut Problems) -> Option<Span> {
    let (typed, place) = text(all, "longest", problems)?;
    let length = humantime::parse_duration(typed).ok().map(Span::from);
    let length = length.filter(|length| !length.is_zero() && *length <= MOST);
    if length.is_none() {
        let what = "\"longest\" is no length of time from 1ms to 24h";
        wrong(place, what, "write it like 30m", problems);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        for (pattern, name, does) in [
            ("kind-*", "kind-shop", true),
            ("kind-*", "gke-kind-shop", false),
            ("*prod*", "eu-production-1", true),
            ("*prod*", "prod", true),
            ("a*b*c", "aXXbYYc", true),
            ("a*b*c", "aXXcYYb", false),
            ("a*a", "a", false),
            ("*", "", true),
            ("shop", "shop-2", false),
        ] {
            assert_eq!(fits(pattern, name), does, "{pattern} {name}");
        }
    }

    #[test]
    fn what_looks_like_production_does_so_in_any_case() {
        let fence = Fence::default();
        assert!(fence.is_production("EU-PROD") && fence.is_production("shop-live"));
        assert!(!fence.is_production("kind-shop"));
        assert_eq!(fence.allows("any", "any"), Ok(()));
        let fence = Fence { namespaces: Some(vec!["shop*".to_owned()]), ..Fence::default() };
        assert!(fence.allows("any", "default").unwrap_err().contains("kubernetes.namespaces"));
    }
}
