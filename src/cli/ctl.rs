//! `gameday lab ctl`: pulls a lever of a lab that runs, or writes to the log of its exercise, from another terminal. The
//! lab's side of it is `door`.

use std::fmt::Write;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::timeout;

use super::args::Ctl;
use super::door::MOST_ANSWER;
use super::running::{Running, running};
use super::said::Said;
use super::words::{Reply, Request, Wish};
use crate::config::Folders;
use crate::exercise::lever::LEVERS;
use crate::gameday::problem::nearest;
use crate::gameday::text::{plain_lines, printable};
use crate::lang::{Lang, Language};

/// The word in front of a line for the log. No lever has this name.
const WRITE: &str = "write";

/// Nobody waits longer for a lever.
const PATIENCE: Duration = Duration::from_secs(120);

/// Does it, or lists all levers where nothing is asked for.
pub(super) async fn ctl(args: Ctl, folders: &Folders) -> Said {
    let labs = running(&folders.labs()).await;
    if args.lever.is_empty() {
        return said(Ok(levers(&labs)));
    }
    let request = Request { wish: wish(&args.lever), team: args.team.clone(), author: author() };
    said(match choose(&labs, args.lab.as_deref()) {
        Ok(lab) => ask(&lab.socket, &request).await,
        Err(why) => Err(why),
    })
}

/// What the words ask for. A line for the log keeps its blanks: one that begins with a blank is always a note.
fn wish(words: &[String]) -> Wish {
    match words.split_first() {
        Some((first, line)) if first == WRITE => Wish::Write(line.join(" ")),
        _ => Wish::Lever(words.join(" ")),
    }
}

fn said(outcome: Result<String, String>) -> Said {
    let lines = |text: &str| {
        let text = plain_lines(text);
        let text = text.trim_end();
        if text.is_empty() { String::new() } else { format!("{text}\n") }
    };
    match outcome {
        Ok(text) => Said { text: lines(&text), notes: String::new(), success: true },
        Err(why) => Said { text: String::new(), notes: lines(&why), success: false },
    }
}

/// Who types, as the system says.
pub(super) fn author() -> String {
    let user = std::env::var("USER").ok().filter(|user| !user.is_empty());
    user.unwrap_or_else(|| "somebody".to_owned())
}

fn levers(labs: &[Running]) -> String {
    let mut text = String::from("levers: gameday lab ctl LEVER\n");
    let english = Lang::new(Language::English);
    for lever in LEVERS {
        // Writing to a string does not fail.
        let _ = writeln!(text, "  {:<28} {}", lever.form, english.say(lever.about));
    }
    let form = format!("{WRITE} LINE");
    let _ = writeln!(text, "\nlog: gameday lab ctl {WRITE} LINE");
    let _ = writeln!(
        text,
        "  {form:<28} a line for the log, as at the screen: '!2 title', 'ack #1', 'resolve #1', a note,"
    );
    let more = [
        "'action: …', 'fix: …', 'decision: …', 'lesson: …', 'well: …', 'badly: …', 'lucky: …',",
        "'improve detection: … @aiko due:+14d', 'sev #1 2', 'edit #1 title', 'edit: last line',",
        "'role ic @aiko', 'join @aiko sre', 'team payments', 'got 2'; '-3m' at the end: it was then",
    ];
    for line in more {
        let _ = writeln!(text, "  {:<28} {line}", "");
    }
    text.push_str("\nlabs that run\n");
    for lab in labs {
        let _ = writeln!(text, "  {}", lab.id);
    }
    if labs.is_empty() {
        text.push_str("  none\n");
    }
    text
}

/// The lab that is meant.
fn choose<'a>(labs: &'a [Running], wanted: Option<&str>) -> Result<&'a Running, String> {
    let ids = || labs.iter().map(|lab| lab.id.as_str()).collect::<Vec<_>>().join(", ");
    let how = "start one with `gameday lab`, or an exercise with `gameday run NAME`";
    match (wanted, labs) {
        (_, []) => Err(format!("no lab runs here; {how}")),
        (None, [only]) => Ok(only),
        (None, _) => Err(format!("several labs run; say which one with --lab: {}", ids())),
        (Some(wanted), _) => labs.iter().find(|lab| lab.id == wanted).ok_or_else(|| {
            let near = nearest(wanted, labs.iter().map(|lab| lab.id.as_str()));
            let mend = near.map_or_else(
                || format!("labs that run: {}", ids()),
                |near| format!("did you mean {near}?"),
            );
            format!("there is no lab \"{}\"; {mend}", printable(wanted, 100))
        }),
    }
}

/// Asks the lab; its answer in words.
pub(super) async fn ask(socket: &Path, request: &Request) -> Result<String, String> {
    let gone = |error: std::io::Error| format!("the lab does not answer: {error}");
    let asked = async {
        let mut stream = UnixStream::connect(socket).await.map_err(gone)?;
        let mut line = serde_json::to_vec(request).map_err(|error| error.to_string())?;
        line.push(b'\n');
        stream.write_all(&line).await.map_err(gone)?;
        let mut answer = Vec::new();
        stream.take(MOST_ANSWER).read_to_end(&mut answer).await.map_err(gone)?;
        if answer.is_empty() {
            return Err("the lab ended before it answered".to_owned());
        }
        serde_json::from_slice::<Reply>(&answer)
            .map_err(|error| format!("the lab's answer cannot be read: {error}"))
    };
    let late =
        |_| format!("no answer within {} s; the log says what came of it", PATIENCE.as_secs());
    let reply = timeout(PATIENCE, asked).await.map_err(late)??;
    if reply.ok { Ok(reply.said.into()) } else { Err(reply.said.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labs(ids: &[&str]) -> Vec<Running> {
        ids.iter().map(|id| Running { id: (*id).to_owned(), socket: "/x".into() }).collect()
    }

    #[test]
    fn the_lab_that_is_meant_is_found_or_it_is_said_why_not() {
        for (ids, wanted, want) in [
            (&["a-1"][..], None, Ok("a-1")),
            (&["a-1", "b-2"], Some("b-2"), Ok("b-2")),
            (&["a-1", "b-2"], None, Err("several labs run; say which one with --lab: a-1, b-2")),
            (
                &["lab-4711"],
                Some("lab-4712"),
                Err("there is no lab \"lab-4712\"; did you mean lab-4711?"),
            ),
            (&["a-1"], Some("zzzzzz"), Err("there is no lab \"zzzzzz\"; labs that run: a-1")),
            (
                &[],
                Some("a-1"),
                Err(
                    "no lab runs here; start one with `gameday lab`, or an exercise with `gameday run NAME`",
                ),
            ),
        ] {
            let labs = labs(ids);
            let got = choose(&labs, wanted).map(|lab| lab.id.as_str());
            assert_eq!(got, want.map_err(str::to_owned));
        }
    }

    #[test]
    fn what_is_behind_write_is_a_line_as_it_stands_and_anything_else_is_a_lever() {
        let words =
            |line: &[&str]| wish(&line.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        for (typed, want) in [
            (&["write", "!2 payments  are slow"][..], Wish::Write("!2 payments  are slow".into())),
            (&["write", "ack", "#1"], Wish::Write("ack #1".into())),
            (&["write", " /etc/hosts"], Wish::Write(" /etc/hosts".into())),
            (&["write"], Wish::Write(String::new())),
            (&["log", "web-app-1", "5"], Wish::Lever("log web-app-1 5".into())),
            (&["write to"], Wish::Lever("write to".into())),
        ] {
            assert_eq!(words(typed), want, "{typed:?}");
        }
        assert!(LEVERS.iter().all(|lever| !lever.form.starts_with(WRITE)));
    }

    #[test]
    fn what_a_pod_says_reaches_the_terminal_as_text() {
        let said = said(Ok("one\n\u{1b}[31mtwo\n\n".to_owned()));
        assert!(said.success && said.text.starts_with("one\n") && !said.text.contains('\u{1b}'));
        assert!(levers(&[]).contains("restart POD") && levers(&[]).contains("none"));
    }
}
