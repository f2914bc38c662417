//! How a half-typed lever can go on. Not its meaning.

use super::LEVERS;
use super::names::Names;
use super::parse::{form, verb};

/// Words that the last word of `line` can become; every word where it is empty. In the order of the help.
pub fn candidates(line: &str, names: &Names) -> Vec<String> {
    let before: Vec<&str> = line.split_whitespace().collect();
    let begun = !line.is_empty() && !line.ends_with(char::is_whitespace);
    let (before, last) = match before.split_last() {
        Some((last, before)) if begun => (before, *last),
        _ => (before.as_slice(), ""),
    };
    let possible: Vec<String> = match before {
        [] => LEVERS.iter().map(|form| verb(form).to_owned()).collect(),
        [word] => match form(&word.to_lowercase()).and_then(|form| form.form.split(' ').nth(1)) {
            Some("APP") => names.apps.clone(),
            Some("POD") => names.pods.clone(),
            Some("ACCOUNT") => names.accounts.clone(),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    };
    let last = last.to_lowercase();
    possible.into_iter().filter(|one| one.starts_with(&last)).collect()
}

/// The line with its last word completed as far as it is certain, with a blank behind a whole word; `None`: nothing is.
pub fn completed(line: &str, names: &Names) -> Option<String> {
    let candidates = candidates(line, names);
    let first = candidates.first()?;
    let common = candidates.iter().fold(first.as_str(), |common, one| {
        let same = common.chars().zip(one.chars()).take_while(|(a, b)| a == b);
        common.get(..same.map(|(a, _)| a.len_utf8()).sum()).unwrap_or_default()
    });
    let begun = line.rfind(char::is_whitespace).map_or(0, |at| {
        at + line.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    });
    let head = line.get(..begun).unwrap_or_default();
    let blank = if candidates.len() == 1 { " " } else { "" };
    let done = format!("{head}{common}{blank}");
    (done.len() > line.len()).then_some(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_completed_as_far_as_they_are_certain() {
        let all = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let names = Names {
            apps: all(&["api-gateway", "web-app"]),
            pods: all(&["api-gateway-1", "web-app-1", "web-app-2"]),
            accounts: all(&["app-service-account"]),
        };
        for (line, count, done) in [
            ("", 11, None),
            ("re", 3, None),
            ("res", 2, Some("rest")),
            ("resta", 1, Some("restart ")),
            ("restart", 1, Some("restart ")),
            ("restart ", 3, None),
            ("restart w", 2, Some("restart web-app-")),
            ("restart web-app-2", 1, Some("restart web-app-2 ")),
            ("scale a", 1, Some("scale api-gateway ")),
            ("scale api-gateway ", 0, None),
            ("restore-permission ", 1, Some("restore-permission app-service-account ")),
            ("promote ", 0, None),
            ("nonsense ", 0, None),
            ("日本", 0, None),
            ("日本\u{3000}w", 0, None),
        ] {
            assert_eq!(candidates(line, &names).len(), count, "{line:?}");
            assert_eq!(completed(line, &names).as_deref(), done, "{line:?}");
        }
    }
}
