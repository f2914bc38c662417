//! Commands whose output is a figure, as real processes: what they say, how they fail, and that nothing of them stays.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use gameday::exercise::found::Found;
use gameday::gameday::span::Span;
use gameday::metrics::command::Commands;
use gameday::port::source::{Ask, Over, Source as _};
use gameday::port::trouble::{Remedy, SourceError, Trouble};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::load::rig::RealClock;

/// Nothing takes longer, however busy the machine is.
const LONG: Span = Span::from_secs(60);

fn commands(limit: Span) -> Commands {
    Commands::new(limit, Arc::new(RealClock(Instant::now())))
}

fn query(words: &[&str]) -> Ask {
    Ask { query: serde_json::to_string(words).unwrap(), over: Over::At(0) }
}

async fn ask(words: &[&str]) -> Result<Found, SourceError> {
    commands(LONG).ask(&query(words)).await
}

#[tokio::test]
async fn the_last_line_is_the_figure() {
    for (words, figure) in [
        (&["echo", "42"] as &[&str], 42.0),
        (&["sh", "-c", "echo depth of the queue; echo ' 17 '; echo"], 17.0),
        (&["sh", "-c", "echo warning >&2; printf 250ms"], 250.0),
        (&["echo", "1.5 s"], 1_500.0),
        (&["echo", "99.9%"], 0.999),
        // Words are words: no shell looks at them.
        (&["printf", "%s\n", "$(exit 1) | ; 8", "-3"], -3.0),
    ] {
        let found = ask(words).await.unwrap();
        assert_eq!(found.figure(), Some(figure), "{words:?}");
        assert!(found.tracks[0].dots[0].at > 1_700_000_000_000);
    }
}

#[tokio::test]
async fn whatever_else_comes_is_told_in_harmless_words() {
    let many = "i=0; while [ $i -lt 2000 ]; do echo a longer line of complaint $i >&2; i=$((i+1)); done; exit 4";
    for (words, why) in [
        (
            &["sh", "-c", "printf 'no \\033[31mway' >&2; exit 3"] as &[&str],
            "code 3: no \u{fffd}[31mway",
        ),
        (&["sh", "-c", "echo 5; exit 1"], "code 1: …"),
        (&["sh", "-c", many], "code 4: a longer line of complaint"),
        (&["sh", "-c", "kill -9 $$"], "ended by signal 9"),
        (&["true"], "it says nothing"),
        (&["printf", "5\\nof \\033[2J them"], "no number: of \u{fffd}[2J them"),
        (&["echo", "nan"], "no number: nan"),
        (&["/no/such/program", "x"], "it cannot be started: No such file"),
        (&["echo\u{0}"], "it cannot be started"),
        // For ever.
        (&["yes"], "more than 65536 bytes"),
    ] {
        let error = ask(words).await.unwrap_err();
        assert!(matches!(error.trouble, Trouble::Command(_)), "{words:?}: {error:?}");
        assert_eq!(error.trouble.remedy(), Remedy::Query);
        let said = error.to_string();
        assert!(said.contains(why), "{words:?}: {said}");
        assert!(!said.chars().any(char::is_control), "{said:?}");
    }
}

#[tokio::test]
async fn what_is_no_list_of_words_is_refused() {
    for query in ["", "date +%s", "[]", "[\"\"]", "[1]", "{\"a\": 1}"] {
        let question = Ask { query: query.to_owned(), over: Over::At(0) };
        let error = commands(LONG).ask(&question).await.unwrap_err();
        assert!(matches!(error.trouble, Trouble::Query { .. }), "{query}: {error:?}");
    }
}

/// A pipe by name in a folder.
fn pipe(folder: &Path) -> PathBuf {
    let path = folder.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    path
}

/// Says when somebody wrote a line into the pipe, and is over when nobody holds it open any more.
fn watched(pipe: &Path) -> (oneshot::Receiver<()>, JoinHandle<()>) {
    let (tell, told) = oneshot::channel();
    let pipe = pipe.to_owned();
    let gone = tokio::task::spawn_blocking(move || {
        let mut pipe = BufReader::new(File::open(pipe).unwrap());
        let mut text = String::new();
        pipe.read_line(&mut text).unwrap();
        assert_eq!(text, "up\n");
        let _ = tell.send(());
        pipe.read_to_string(&mut text).unwrap();
    });
    (told, gone)
}

#[tokio::test]
async fn nothing_that_a_command_started_runs_on() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe(folder.path());
    let (_, gone) = watched(&pipe);
    // The one left behind holds the pipe, and the output too.
    let script = format!("exec 3>{}; echo up >&3; sleep 1000 & echo 7", pipe.display());
    let begin = Instant::now();
    assert_eq!(ask(&["sh", "-c", &script]).await.unwrap().figure(), Some(7.0));
    assert!(begin.elapsed() < Duration::from_secs(30));
    tokio::time::timeout(LONG.into(), gone).await.expect("it is ended").unwrap();
}

#[tokio::test(start_paused = true)]
async fn what_takes_too_long_is_ended_with_all_it_started() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe(folder.path());
    let (up, gone) = watched(&pipe);
    let script = format!("exec 3>{}; echo up >&3; sleep 1000 & sleep 1000", pipe.display());
    let (commands, question) = (commands(LONG), query(&["sh", "-c", &script]));
    let late = async {
        up.await.unwrap();
        tokio::time::advance(LONG.into()).await;
    };
    let (answer, ()) = tokio::join!(commands.ask(&question), late);
    let said = answer.unwrap_err().to_string();
    assert!(said.contains("it was not over within 1m"), "{said}");
    gone.await.unwrap();
}

#[tokio::test]
async fn a_question_that_is_given_up_ends_its_command() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = pipe(folder.path());
    let (up, gone) = watched(&pipe);
    let script = format!("exec 3>{}; echo up >&3; sleep 1000 & sleep 1000", pipe.display());
    let (commands, question) = (commands(LONG), query(&["sh", "-c", &script]));
    tokio::select! {
        answer = commands.ask(&question) => panic!("{answer:?}"),
        up = up => up.unwrap(),
    }
    tokio::time::timeout(LONG.into(), gone).await.expect("it is ended").unwrap();
}
