//! A typed line as a lever: `scale web-app 8`, `restart web-app-3`. Not the pulling.

use super::names::Names;
use super::{LEVERS, Lever, LeverForm};
use crate::gameday::problem::suggestion;
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
/// A sentence that says what is wrong and how to mend it.
pub fn parse(line: &str, names: &Names) -> Result<Lever, String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let Some((word, rest)) = words.split_first() else {
        return Err(format!("name a lever: {}", listed(&verbs())));
    };
    let word = word.to_lowercase();
    let Some(form) = form(&word) else {
        let what = format!("there is no lever \"{}\"", printable(&word, 40));
        return Err(format!("{what}; {}", suggestion(&word, &verbs())));
    };
    let most = form.form.split_whitespace().count() - 1;
    if let Some(extra) = rest.get(most) {
        let what = format!("\"{}\" is too much", printable(extra, 40));
        return Err(format!("{what}; write: {}", form.form));
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

fn listed(names: &[&str]) -> String {
    names.join(", ")
}

fn missing(form: &LeverForm, noun: &str) -> String {
    format!("say {noun}: {}", form.form)
}

/// A name of a list; any name where the list is empty.
fn known(word: &str, names: &[String], noun: &str) -> Result<String, String> {
    let shape = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if names.iter().any(|name| name == word)
        || (names.is_empty() && !word.is_empty() && word.len() <= 63 && word.chars().all(shape))
    {
        return Ok(word.to_owned());
    }
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let what = format!("there is no {noun} \"{}\"", printable(word, 40));
    if all.is_empty() { Err(what) } else { Err(format!("{what}; {}", suggestion(word, &all))) }
}

fn pod(word: Option<&str>, names: &Names, form: &LeverForm) -> Result<String, String> {
    let word = word.ok_or_else(|| missing(form, "which pod"))?;
    let is_pod = names.pods.iter().any(|pod| pod == word);
    if !is_pod && names.apps.iter().any(|app| app == word) {
        let of: Vec<&str> =
            names.pods.iter().map(String::as_str).filter(|pod| pod.starts_with(word)).collect();
        return Err(format!("\"{word}\" is an app; its pods: {}", listed(&of)));
    }
    known(word, &names.pods, "pod")
}

fn app(word: Option<&str>, names: &Names, form: &LeverForm) -> Result<String, String> {
    let word = word.ok_or_else(|| missing(form, "which app"))?;
    known(word, &names.apps, "app")
}

/// A number from 1 to `most`; what it counts, and an example, for who typed something else.
fn number(word: &str, of: &str, most: u32, example: &str) -> Result<u32, String> {
    word.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| {
        format!("\"{}\" is no number of {of} from 1 to {most}: {example}", printable(word, 20))
    })
}

fn scale(
    first: Option<&str>,
    second: Option<&str>,
    names: &Names,
    form: &LeverForm,
) -> Result<Lever, String> {
    let app = app(first, names, form)?;
    let count = second.ok_or_else(|| format!("say in how many pods: scale {app} 8"))?;
    let replicas = number(count, "pods", MOST_PODS, &format!("scale {app} 8"))?;
    Ok(Lever::Scale { app, replicas })
}

fn account(word: Option<&str>, names: &Names, form: &LeverForm) -> Result<Lever, String> {
    let word = match (word, names.accounts.as_slice()) {
        (Some(word), _) => word,
        // Only one that anything happens to: nobody has to look its name up.
        (None, [only]) => only,
        (None, _) => return Err(missing(form, "which account")),
    };
    // A game day need not speak of every account there is.
    let account = known(word, &[], "account")?;
    Ok(Lever::RestorePermission { account })
}

fn shed(word: Option<&str>, form: &LeverForm) -> Result<Lever, String> {
    let word = word.ok_or_else(|| missing(form, "how much"))?;
    let percent = word
        .trim_end_matches('%')
        .parse::<f64>()
        .ok()
        .filter(|percent| (0.0..=100.0).contains(percent))
        .ok_or_else(|| {
            format!("\"{}\" is no share from 0 to 100 percent: shed 30%", printable(word, 20))
        })?;
    Ok(Lever::ShedLoad { share: percent / 100.0 })
}

fn log(
    first: Option<&str>,
    second: Option<&str>,
    names: &Names,
    form: &LeverForm,
) -> Result<Lever, String> {
    let pod = pod(first, names, form)?;
    let lines = match second {
        None => LINES,
        Some(word) => number(word, "lines", MOST_LINES, &format!("log {pod} 50"))?,
    };
    Ok(Lever::ReadLog { pod, lines })
}

fn curl(
    first: Option<&str>,
    second: Option<&str>,
    names: &Names,
    form: &LeverForm,
) -> Result<Lever, String> {
    let pod = pod(first, names, form)?;
    let path = second.unwrap_or("/");
    let plain = path.chars().all(|c| c.is_ascii_graphic()) && path.len() <= LONGEST_PATH;
    if !path.starts_with('/') || !plain {
        let what = printable(path, 40);
        return Err(format!("\"{what}\" is no path: curl {pod} /metrics"));
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
    fn every_line_means_what_the_help_says_or_says_how_to_mend_it() {
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
            (
                "",
                "error: name a lever: scale, restart, promote, flush-cache, warm-cache, renew-certificate, \
                 restore-permission, roll-back, shed, log, curl",
            ),
            (
                "restrat web-app-1",
                "error: there is no lever \"restrat\"; did you mean \"restart\"?",
            ),
            ("restart", "error: say which pod: restart POD"),
            (
                "restart web-app-3",
                "error: there is no pod \"web-app-3\"; did you mean \"web-app-1\"?",
            ),
            ("restart web-app", "error: \"web-app\" is an app; its pods: web-app-1, web-app-2"),
            ("promote now", "error: \"now\" is too much; write: promote"),
            ("scale web-ap 3", "error: there is no app \"web-ap\"; did you mean \"web-app\"?"),
            ("scale web-app", "error: say in how many pods: scale web-app 8"),
            (
                "scale web-app many",
                "error: \"many\" is no number of pods from 1 to 100: scale web-app 8",
            ),
            ("scale web-app 0", "error: \"0\" is no number of pods from 1 to 100: scale web-app 8"),
            ("shed", "error: say how much: shed PERCENT"),
            ("shed 130", "error: \"130\" is no share from 0 to 100 percent: shed 30%"),
            ("shed NaN", "error: \"NaN\" is no share from 0 to 100 percent: shed 30%"),
            (
                "log web-app-1 0",
                "error: \"0\" is no number of lines from 1 to 200: log web-app-1 50",
            ),
            ("curl web-app-1 metrics", "error: \"metrics\" is no path: curl web-app-1 /metrics"),
            ("curl web-app-1 /日本", "error: \"/日本\" is no path: curl web-app-1 /metrics"),
            ("restore-permission a;b", "error: there is no account \"a;b\""),
        ] {
            let got = match parse(line, &names()) {
                Ok(lever) => lever.to_string(),
                Err(why) => format!("error: {why}"),
            };
            assert_eq!(got, want, "for {line:?}");
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
        assert_eq!(parse("restart a/b", &none).unwrap_err(), "there is no pod \"a/b\"");
    }
}
