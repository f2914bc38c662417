//! A typed line as a lever: `scale web-app 8`, `restart web-app-3`. Not the pulling.

use super::names::Names;
use super::wrong::{Mend, Noun, Wrong};
use super::{LEVERS, Lever, LeverForm};
use crate::gameday::problem::nearest;
use crate::gameday::text::printable;

/// So many lines of a log where nobody says how many, and at most.
const LINES: u32 = 20;
const MOST_LINES: u32 = 200;
/// An app cannot be asked to run in more pods; the target may allow fewer.
const MOST_PODS: u32 = 100;
/// The longest path of a request.
const LONGEST_PATH: usize = 1_000;

/// Understands one typed line.
///
/// # Errors
/// What is wrong, and how to mend it.
pub fn parse(line: &str, names: &Names) -> Result<Lever, Wrong> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((word, rest)) = words.split_first() else {
        return Err(Wrong::Nothing { levers: verbs() });
    };
    let word = word.to_lowercase();
    let Some(form) = form(&word) else {
        return Err(unknown(Noun::Lever, &word, verbs().into_iter()));
    };
    let most = form.form.split_whitespace().count() - 1;
    if let Some(extra) = rest.get(most) {
        return Err(Wrong::TooMuch { word: printable(extra, 40), form: form.form.to_owned() });
    }
    let first = rest.first().copied();
    let second = rest.get(1).copied();
    match word.as_str() {
        "scale" => scale(first, second, names, form),
        "restart" => Ok(Lever::Restart { pod: pod(first, names, form)? }),
        "promote" => Ok(Lever::Promote),
        "flush-cache" => Ok(Lever::FlushCache),
        "warm-cache" => Ok(Lever::WarmCache),
        "renew-certificate" => Ok(Lever::RenewCertificate),
        "restore-permission" => account(first, names, form),
        "roll-back" => Ok(Lever::RollBackConfiguration { app: app(first, names, form)? }),
        "shed" => shed(first, form),
        "log" => log(first, second, names, form),
        _ => curl(first, second, names, form),
    }
}

/// The first words of all levers.
pub(super) fn verbs() -> Vec<&'static str> {
    LEVERS.iter().map(|form| verb(form)).collect()
}

/// The first word of a lever.
pub(super) fn verb(form: &LeverForm) -> &'static str {
    form.form.split_whitespace().next().unwrap_or_default()
}

/// The lever whose first word this is.
pub fn form(word: &str) -> Option<&'static LeverForm> {
    LEVERS.iter().find(|form| verb(form) == word)
}

fn missing(form: &LeverForm, what: Noun) -> Wrong {
    Wrong::Missing { what, form: form.form.to_owned() }
}

fn unknown<'a>(what: Noun, word: &str, all: impl Iterator<Item = &'a str> + Clone) -> Wrong {
    let list: Vec<String> = all.clone().map(str::to_owned).collect();
    let mend = match nearest(word, all) {
        Some(near) => Mend::Near(near.to_owned()),
        None if list.is_empty() => Mend::Unknown,
        None => Mend::OneOf(list),
    };
    Wrong::Unknown { what, word: printable(word, 40), mend }
}

/// A name of a list; any name where the list is empty.
fn known(word: &str, names: &[String], what: Noun) -> Result<String, Wrong> {
    let shape = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if names.iter().any(|name| name == word)
        || (names.is_empty() && !word.is_empty() && word.len() <= 63 && word.chars().all(shape))
    {
        return Ok(word.to_owned());
    }
    Err(unknown(what, word, names.iter().map(String::as_str)))
}

fn pod(word: Option<&str>, names: &Names, form: &LeverForm) -> Result<String, Wrong> {
    let word = word.ok_or_else(|| missing(form, Noun::Pod))?;
    let is_pod = names.pods.iter().any(|pod| pod == word);
    if !is_pod && names.apps.iter().any(|app| app == word) {
        let pods = names.pods.iter().filter(|pod| pod.starts_with(word)).cloned().collect();
        return Err(Wrong::IsApp { word: word.to_owned(), pods });
    }
    known(word, &names.pods, Noun::Pod)
}

fn app(word: Option<&str>, names: &Names, form: &LeverForm) -> Result<String, Wrong> {
    let word = word.ok_or_else(|| missing(form, Noun::App))?;
    known(word, &names.apps, Noun::App)
}

/// A number from 1 to `most`; what it counts, and an example, for who typed something else.
fn number(word: &str, of: Noun, most: u32, form: String) -> Result<u32, Wrong> {
    word.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| Wrong::NoNumber {
        of,
        word: printable(word, 20),
        most,
        form,
    })
}

fn scale(
    first: Option<&str>,
    second: Option<&str>,
    names: &Names,
    form: &LeverForm,
) -> Result<Lever, Wrong> {
    let app = app(first, names, form)?;
    let example = format!("scale {app} 8");
    let Some(count) = second else {
        return Err(Wrong::Missing { what: Noun::Pods, form: example });
    };
    let replicas = number(count, Noun::Pods, MOST_PODS, example)?;
    Ok(Lever::Scale { app, replicas })
}

fn account(word: Option<&str>, names: &Names, form: &LeverForm) -> Result<Lever, Wrong> {
    let word = match (word, names.accounts.as_slice()) {
        (Some(word), _) => word,
        // Only one that anything happens to: nobody has to look its name up.
        (None, [only]) => only,
        (None, _) => return Err(missing(form, Noun::Account)),
    };
    // A game day need not speak of every account there is.
    let account = known(word, &[], Noun::Account)?;
    Ok(Lever::RestorePermission { account })
}

fn shed(word: Option<&str>, form: &LeverForm) -> Result<Lever, Wrong> {
    let word = word.ok_or_else(|| missing(form, Noun::Share))?;
    let percent = word
        .trim_end_matches('%')
        .parse::<f64>()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| Wrong::NoShare { word: printable(word, 20), form: "shed 30%".to_owned() })?;
    Ok(Lever::ShedLoad { share: percent / 100.0 })
}

fn log(
    first: Option<&str>,
    second: Option<&str>,
    names: &Names,
    form: &LeverForm,
) -> Result<Lever, Wrong> {
    let pod = pod(first, names, form)?;
    let lines = match second {
        None => LINES,
        Some(word) => number(word, Noun::Lines, MOST_LINES, format!("log {pod} 50"))?,
    };
    Ok(Lever::ReadLog { pod, lines })
}

fn curl(
    first: Option<&str>,
    second: Option<&str>,
    names: &Names,
    form: &LeverForm,
) -> Result<Lever, Wrong> {
    let pod = pod(first, names, form)?;
    let path = second.unwrap_or("/");
    let plain = path.chars().all(|c| c.is_ascii_graphic()) && path.len() <= LONGEST_PATH;
    if !path.starts_with('/') || !plain {
        let form = format!("curl {pod} /metrics");
        return Err(Wrong::NoPath { word: printable(path, 40), form });
    }
    Ok(Lever::Curl { pod, path: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names() -> Names {
        let all = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        Names {
            apps: all(&["api-gateway", "database", "web-app"]),
            pods: all(&["api-gateway-1", "database-primary", "web-app-1", "web-app-2"]),
            accounts: all(&["app-service-account"]),
        }
    }

    #[test]
    fn every_line_means_what_the_help_says() {
        for (line, want) in [
            ("scale web-app 8", "scale web-app 8"),
            ("  SCALE   web-app  8 ", "scale web-app 8"),
            ("restart web-app-2", "restart web-app-2"),
            ("promote", "promote"),
            ("flush-cache", "flush-cache"),
            ("warm-cache", "warm-cache"),
            ("renew-certificate", "renew-certificate"),
            ("restore-permission reporting", "restore-permission reporting"),
            ("restore-permission", "restore-permission app-service-account"),
            ("roll-back web-app", "roll-back web-app"),
            ("shed 30", "shed 30%"),
            ("shed 7%", "shed 7%"),
            ("shed 0", "shed 0%"),
            ("log web-app-1", "log web-app-1 20"),
            ("log web-app-1 50", "log web-app-1 50"),
            ("curl web-app-1 /metrics?x=1", "curl web-app-1 /metrics?x=1"),
            ("curl web-app-1", "curl web-app-1 /"),
        ] {
            let got = parse(line, &names()).map(|lever| lever.to_string());
            assert_eq!(got.as_deref(), Ok(want), "for {line:?}");
        }
    }

    #[test]
    fn what_a_lever_is_shown_as_is_that_lever() {
        for line in ["scale web-app 3", "shed 12.5%", "log web-app-1 7", "curl web-app-2 /a"] {
            let lever = parse(line, &names()).unwrap();
            assert_eq!(parse(&lever.to_string(), &names()).unwrap(), lever);
        }
        for percent in 0..=100 {
            let lever = Lever::ShedLoad { share: f64::from(percent) / 100.0 };
            assert_eq!(lever.to_string(), format!("shed {percent}%"));
        }
    }

    #[test]
    fn without_a_list_any_name_is_taken() {
        let none = Names::default();
        assert!(parse("restart whatever-1", &none).is_ok());
        let why = Wrong::Unknown { what: Noun::Pod, word: "a/b".into(), mend: Mend::Unknown };
        assert_eq!(parse("restart a/b", &none), Err(why));
    }
}
