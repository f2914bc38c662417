//! The frame of a page that stands beside the report: its head, and figures that carry their place in the JSON. Not what
//! it says.

use super::markup::{escaped, harmless};
use super::parts;
use crate::lang::Lang;

/// Everything up to and with the title: no network, no fonts, no script. `title` is a key of the catalogues.
pub(in crate::report) fn head(lang: &Lang, title: &str) -> String {
    let say = |key: &str| escaped(&lang.say(key));
    let (title, code) = (say(title), lang.language().code());
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n<meta name=\"referrer\" content=\"no-referrer\"/>\n\
         <title>{title}</title>\n<style>{}</style>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">{}</a>\n<header class=\"top\">\n<h1>{title}</h1>\n",
        parts::STYLE,
        say("report-skip"),
    )
}

/// The sign of an answer, in the colour that goes with it; the words stand beside.
pub(in crate::report) fn sign(answer: &str, sign: &str) -> String {
    let class = match answer {
        "better" => "good",
        "worse" => "bad",
        _ => "open",
    };
    format!("<span class=\"sign {class}\" aria-hidden=\"true\">{sign}</span>")
}

/// What stands at a place of the JSON, with the place beside it.
pub(in crate::report) fn figure(path: &str, shown: &str) -> String {
    format!("<span data-path=\"{}\">{}</span>", escaped(path), harmless(shown))
}
