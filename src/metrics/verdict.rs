//! What a server meant that did not say what it was asked for: status, words, headers. Pure. Not what broke on the way (see
//! `mishap`).

use chrono::DateTime;
use serde_json::Value;

use super::answer::{self, Refusal, Unusable};
use crate::exercise::said::Said;
use crate::gameday::span::Span;
use crate::gameday::text::{is_plain, printable};
use crate::port::trouble::Trouble;

/// No server is believed that wants more patience.
const MOST_PATIENCE: Span = Span::from_secs(300);

/// No query is quoted at greater length.
const LONGEST_QUERY: usize = 500;

/// What came back, whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: Vec<u8>,
    /// The header of that name; empty: none.
    pub(super) content_type: String,
    pub(super) retry_after: String,
    pub(super) date: String,
    pub(super) location: String,
}

/// What was asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'a> {
    /// The path, without what the address begins with.
    pub(super) path: &'a str,
    /// The query, where it was one.
    pub(super) query: Option<&'a str>,
}

impl Reply {
    /// Whether it is what was asked for.
    pub(super) const fn is_good(&self) -> bool {
        matches!(self.status, 200..=299)
    }

    /// What it means where it is not; `as_who` is who asked.
    pub(super) fn trouble(&self, asked: Asked<'_>, as_who: Said) -> Trouble {
        let code = self.status;
        let refused = answer::refusal(&self.body);
        if let Some(trouble) = refused.and_then(|refusal| self.refused(&refusal, asked)) {
            return trouble;
        }
        let body = self.gist();
        match code {
            300..=399 => Trouble::Redirect { to: self.target() },
            401 | 403 | 407 => Trouble::Denied { code, as_who: Box::new(as_who), body },
            404 | 405 => Trouble::NotFound { path: printable(asked.path, 200) },
            // The query does not fit into what the server takes.
            413 | 414 | 431 if asked.query.is_some() => {
                query(asked, format!("HTTP {code}: {body}"))
            }
            429 => Trouble::Busy { code, wait: self.wait() },
            503 if self.wait().is_some() => Trouble::Busy { code, wait: self.wait() },
            _ => Trouble::Status { code, body },
        }
    }

    /// What the words of the API mean.
    fn refused(&self, refusal: &Refusal, asked: Asked<'_>) -> Option<Trouble> {
        let why = if refusal.why.is_empty() { &refusal.kind } else { &refusal.why };
        match (refusal.kind.as_str(), self.status) {
            (_, 401 | 403 | 429) => None,
            ("timeout" | "canceled", _) => Some(Trouble::GaveUp { why: why.clone() }),
            ("bad_data" | "execution" | "too_many_requests", _) | (_, 400 | 422)
                if asked.query.is_some() =>
            {
                Some(query(asked, why.clone()))
            }
            _ => None,
        }
    }

    /// What makes the body of a good answer unusable.
    pub(super) fn unusable(&self, why: Unusable, asked: Asked<'_>) -> Trouble {
        match why {
            Unusable::TooMany(values) => Trouble::TooMany { values },
            Unusable::Refused(refusal) => self.refused(&refusal, asked).unwrap_or_else(|| {
                Trouble::Status { code: self.status, body: printable(&refusal.why, 200) }
            }),
            Unusable::Garbage(why) => match self.title() {
                Some(title) => Trouble::WebPage { title },
                None => Trouble::Garbage { why, begins: self.begins(40) },
            },
        }
    }

    /// The bit of the body that says most.
    pub(super) fn gist(&self) -> String {
        if let Some(refusal) = answer::refusal(&self.body) {
            return printable(&refusal.why, 200);
        }
        // Alertmanager says a text, or a map with one.
        match serde_json::from_slice(&self.body) {
            Ok(Value::String(text)) => return printable(text.trim(), 200),
            Ok(Value::Object(map)) => {
                if let Some(Value::String(text)) = map.get("message") {
                    return printable(text.trim(), 200);
                }
            }
            _ => {}
        }
        self.title().unwrap_or_else(|| self.begins(200))
    }

    fn begins(&self, most: usize) -> String {
        let some = self.body.get(..self.body.len().min(4 * most)).unwrap_or_default();
        let text = printable(String::from_utf8_lossy(some).trim(), most);
        if text.is_empty() { "…".to_owned() } else { text }
    }

    /// The title of a page for people; `None`: it is none.
    fn title(&self) -> Option<String> {
        let some = self.body.get(..self.body.len().min(8 * 1024)).unwrap_or_default();
        let text = String::from_utf8_lossy(some);
        // As long as the text itself: only ASCII changes.
        let lower = text.to_ascii_lowercase();
        let begins = lower.trim_start();
        let page = begins.starts_with("<!doctype html") || begins.starts_with("<html");
        if !page && !self.content_type.to_ascii_lowercase().starts_with("text/html") {
            return None;
        }
        let title = lower.find("<title").and_then(|at| {
            let begin = at + lower.get(at..)?.find('>')? + 1;
            let end = begin + lower.get(begin..)?.find("</title")?;
            text.get(begin..end)
        });
        let title = title.unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ");
        Some(if title.is_empty() { "…".to_owned() } else { printable(&title, 80) })
    }

    /// Where a redirect leads, without what stands behind a question mark, which may be secret.
    pub(super) fn target(&self) -> String {
        let place = self.location.split(['?', '#']).next().unwrap_or_default();
        // Nor what stands before an at sign.
        let place = match (place.split_once("://"), place.rsplit_once('@')) {
            (Some((scheme, _)), Some((_, host))) => format!("{scheme}://{host}"),
            _ => place.to_owned(),
        };
        if place.is_empty() { "…".to_owned() } else { printable(&place, 200) }
    }

    /// How long the server wants to be left alone.
    fn wait(&self) -> Option<Span> {
        let text = self.retry_after.trim();
        if text.is_empty() || !text.chars().all(is_plain) {
            return None;
        }
        if let Ok(secs) = text.parse::<u64>() {
            return Some(Span::from_secs(secs).min(MOST_PATIENCE));
        }
        // An instant; the server's own clock says how far off it is.
        let until = DateTime::parse_from_rfc2822(text).ok()?;
        let now = DateTime::parse_from_rfc2822(self.date.trim()).ok()?;
        let wait = (until - now).to_std().unwrap_or_default();
        Some(Span::from(wait).min(MOST_PATIENCE))
    }
}

fn query(asked: Asked<'_>, why: String) -> Trouble {
    let query = printable(asked.query.unwrap_or_default(), LONGEST_QUERY);
    Trouble::Query { query, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Asked<'_> = Asked { path: "/api/v1/query", query: Some("sum(\u{1b}") };

    fn reply(status: u16, body: &str) -> Reply {
        Reply { status, body: body.as_bytes().to_vec(), ..Reply::default() }
    }

    fn told(reply: &Reply) -> String {
        reply.trouble(ASKED, Said::from("nothing")).said().to_string()
    }

    #[test]
    fn what_servers_say_is_told_with_a_way_out() {
        let page =
            "<!DOCTYPE html>\n<HTML><head><Title a=b>502 Bad\n Gateway\u{1b}[2J</title></head>";
        for (status, body, words) in [
            (
                400,
                r#"{"status":"error","errorType":"bad_data","error":"1:5: parse error"}"#,
                "it refuses the query: 1:5: parse error; the query is sum(\u{fffd}",
            ),
            (
                422,
                r#"{"status":"error","errorType":"422","error":"cannot parse"}"#,
                "it refuses the query: cannot parse; the query is sum(\u{fffd}",
            ),
            (
                503,
                r#"{"status":"error","errorType":"timeout","error":"query timed out"}"#,
                "it gave the query up: query timed out; ask for less, or for a shorter time",
            ),
            (500, r#"{"status":"error","errorType":"internal","error":"disk"}"#, "HTTP 500: disk"),
            (
                401,
                "no org id\n",
                "it does not let us in (HTTP 401; we showed nothing): no org id; \
                look at the token, the user, or the tenant",
            ),
            (
                404,
                "404 page not found",
                "there is no /api/v1/query (HTTP 404): the API may be under another \
                path; give it with the address, as in https://host/prometheus",
            ),
            (
                429,
                "slow down",
                "it has too much to do (HTTP 429): ask less often, or have its limit raised",
            ),
            (502, page, "HTTP 502: 502 Bad Gateway\u{fffd}[2J"),
            (500, "", "HTTP 500: …"),
            (400, "\"silence invalid\\u001b\"\n", "HTTP 400: silence invalid\u{fffd}"),
            (422, r#"{"code":612,"message":"matchers in body"}"#, "HTTP 422: matchers in body"),
            (
                414,
                "too long",
                "it refuses the query: HTTP 414: too long; the query is sum(\u{fffd}",
            ),
        ] {
            assert_eq!(told(&reply(status, body)), words, "{status}");
        }
    }

    #[test]
    fn how_long_to_wait_is_understood_and_bounded() {
        let date = "Sun, 29 Nov 2026 06:09:05 GMT";
        for (retry, date, wait) in [
            ("7", "", Some(7)),
            (" 7 ", "", Some(7)),
            ("99999999999", "", Some(300)),
            ("Sun, 29 Nov 2026 06:09:35 GMT", date, Some(30)),
            ("Sun, 29 Nov 2026 06:09:00 GMT", date, Some(0)),
            ("Sun, 29 Nov 2026 06:09:35 GMT", "", None),
            ("-5", "", None),
            ("soon\u{1b}", "", None),
            ("", "", None),
        ] {
            let mut reply = reply(429, "");
            (reply.retry_after, reply.date) = (retry.to_owned(), date.to_owned());
            let trouble = reply.trouble(ASKED, Said::default());
            assert_eq!(trouble, Trouble::Busy { code: 429, wait: wait.map(Span::from_secs) });
        }
    }

    #[test]
    fn where_a_redirect_leads_is_told_without_secrets() {
        for (location, to) in [
            ("https://login.test/?token=s3cret#x", "https://login.test/"),
            ("https://aiko:s3cret@login.test/a", "https://login.test/a"),
            ("/elsewhere", "/elsewhere"),
            ("//evil\u{1b}[2J", "//evil\u{fffd}[2J"),
            ("", "…"),
        ] {
            let mut reply = reply(302, "");
            reply.location = location.to_owned();
            let to = to.to_owned();
            assert_eq!(reply.trouble(ASKED, Said::default()), Trouble::Redirect { to });
        }
    }

    #[test]
    fn a_good_answer_with_something_else_in_it_is_told_from_one() {
        let garbage = |reply: &Reply| {
            let why = answer::found(&reply.body, answer::Bounds::default()).unwrap_err();
            reply.unusable(why, ASKED).said().to_string()
        };
        let words = garbage(&reply(200, "<html><title>Sign in</title>"));
        assert!(words.contains("a page for people (Sign in)"), "{words}");
        let mut odd = reply(200, "no json");
        let words = garbage(&odd);
        assert!(words.contains("it begins with no json"), "{words}");
        odd.content_type = "text/html; charset=utf-8".to_owned();
        assert!(garbage(&odd).contains("a page for people (…)"));
        let words =
            garbage(&reply(200, r#"{"status":"error","errorType":"execution","error":"x"}"#));
        assert!(words.starts_with("it refuses the query: x"), "{words}");
    }
}
