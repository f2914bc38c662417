//! What is wrong with a typed lever, in words of the screen's language. Not the finding of it.

use crate::exercise::lever::wrong::{Mend, Noun, Wrong};
use crate::lang::{Lang, Language, Message};

/// What is wrong, and how to mend it.
pub fn wrong(wrong: &Wrong) -> Message {
    match wrong {
        Wrong::Nothing { levers } => {
            Message::plain("wrong-nothing").with("levers", levers.join(", "))
        }
        Wrong::Unknown { what, word, mend } => {
            let what = Message::plain(unknown(*what)).with("word", word);
            let mend = match mend {
                Mend::Unknown => return what,
                Mend::Near(name) => Message::plain("wrong-did-you-mean").with("name", name),
                Mend::OneOf(names) => {
                    Message::plain("wrong-one-of").with("names", names.join(", "))
                }
            };
            Message::plain("wrong-mend").saying("what", what).saying("mend", mend)
        }
        Wrong::TooMuch { word, form } => told("wrong-too-much", word, form),
        Wrong::Missing { what, form } => Message::plain(missing(*what)).with("form", form),
        Wrong::IsApp { word, pods } => {
            Message::plain("wrong-is-app").with("word", word).with("pods", pods.join(", "))
        }
        Wrong::NoNumber { of, word, most, form } => {
            let key = if *of == Noun::Lines { "wrong-lines" } else { "wrong-pods" };
            told(key, word, form).with("most", most.to_string())
        }
        Wrong::NoShare { word, form } => told("wrong-share", word, form),
        Wrong::NoPath { word, form } => told("wrong-path", word, form),
    }
}

/// The same for whoever is not before a screen.
pub fn in_english(why: &Wrong) -> String {
    Lang::new(Language::English).message(&wrong(why)).into_owned()
}

fn told(key: &'static str, word: &str, form: &str) -> Message {
    Message::plain(key).with("word", word).with("form", form)
}

const fn unknown(what: Noun) -> &'static str {
    match what {
        Noun::App => "wrong-app",
        Noun::Account => "wrong-account",
        Noun::Lever => "wrong-lever",
        Noun::Pod | Noun::Pods | Noun::Lines | Noun::Share => "wrong-pod",
    }
}

const fn missing(what: Noun) -> &'static str {
    match what {
        Noun::App => "wrong-no-app",
        Noun::Account => "wrong-no-account",
        Noun::Pods => "wrong-no-count",
        Noun::Share => "wrong-no-share",
        Noun::Lever | Noun::Pod | Noun::Lines => "wrong-no-pod",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::lever::names::Names;
    use crate::exercise::lever::parse::parse;

    #[test]
    fn every_line_that_is_no_lever_is_told_how_to_mend_it() {
        let all = |list: &[&str]| list.iter().map(|one| (*one).to_owned()).collect();
        let names = Names {
            apps: all(&["api-gateway", "database", "web-app"]),
            pods: all(&["api-gateway-1", "database-primary", "web-app-1", "web-app-2"]),
            accounts: all(&["app-service-account", "reporting"]),
        };
        let japanese = Lang::new(Language::Japanese);
        for (line, want) in [
            (
                "",
                "name a lever: scale, restart, promote, flush-cache, warm-cache, renew-certificate, \
                 restore-permission, roll-back, shed, log, curl",
            ),
            ("restrat web-app-1", "there is no lever \"restrat\"; did you mean \"restart\"?"),
            ("restart", "say which pod: restart POD"),
            ("restart web-app-3", "there is no pod \"web-app-3\"; did you mean \"web-app-1\"?"),
            ("restart web-app", "\"web-app\" is an app; its pods: web-app-1, web-app-2"),
            ("promote now", "\"now\" is too much; write: promote"),
            ("scale web-ap 3", "there is no app \"web-ap\"; did you mean \"web-app\"?"),
            ("scale web-app", "say in how many pods: scale web-app 8"),
            ("scale web-app many", "\"many\" is no number of pods from 1 to 100: scale web-app 8"),
            ("scale web-app 0", "\"0\" is no number of pods from 1 to 100: scale web-app 8"),
            ("shed", "say how much: shed PERCENT"),
            ("shed 130", "\"130\" is no share from 0 to 100 percent: shed 30%"),
            ("shed NaN", "\"NaN\" is no share from 0 to 100 percent: shed 30%"),
            ("log web-app-1 0", "\"0\" is no number of lines from 1 to 200: log web-app-1 50"),
            ("curl web-app-1 metrics", "\"metrics\" is no path: curl web-app-1 /metrics"),
            ("curl web-app-1 /日本", "\"/日本\" is no path: curl web-app-1 /metrics"),
            ("restore-permission a;b", "there is no account \"a;b\""),
            ("restore-permission", "say which account: restore-permission ACCOUNT"),
            ("roll-back", "say which app: roll-back APP"),
            (
                "restart x",
                "there is no pod \"x\"; write one of: api-gateway-1, database-primary, web-app-1, web-app-2",
            ),
        ] {
            let why = parse(line, &names).unwrap_err();
            assert_eq!(in_english(&why), want, "for {line:?}");
            let message = wrong(&why);
            let says = japanese.message(&message);
            assert!(!says.contains("wrong-") && says != want, "{line:?}: {says}");
        }
    }
}
