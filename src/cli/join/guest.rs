//! What participants ask of the exercise, carried to its socket as it could have been typed there. Not their screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::cli::ctl::ask;
use crate::cli::words::{Request, Wish};
use crate::exercise::command::Command;
use crate::exercise::log_line::write;
use crate::exercise::said::{Said, said};
use crate::port::feed::{FeedItem, Orders};

/// Takes what participants ask to the exercise; what is refused comes back to their screen.
pub(super) struct Guest {
    lines: mpsc::UnboundedSender<(Request, Command)>,
    socket: Arc<PathBuf>,
    screen: mpsc::WeakUnboundedSender<FeedItem>,
}

impl Guest {
    /// To the exercise at `socket`. Must be called inside a runtime.
    pub(super) fn new(socket: PathBuf, screen: mpsc::UnboundedSender<FeedItem>) -> Self {
        let socket = Arc::new(socket);
        // The screen must see its feed end although it can still ask.
        let screen = screen.downgrade();
        let (lines, mut typed) = mpsc::unbounded_channel::<(Request, Command)>();
        let (to, back) = (Arc::clone(&socket), screen.clone());
        // Lines stay in the order they were typed in.
        tokio::spawn(async move {
            while let Some((request, command)) = typed.recv().await {
                carry(&to, &request, command, &back).await;
            }
        });
        Self { lines, socket, screen }
    }
}

async fn carry(
    socket: &Path,
    request: &Request,
    command: Command,
    screen: &mpsc::WeakUnboundedSender<FeedItem>,
) {
    if let Err(why) = ask(socket, request).await {
        refuse(screen, why.into(), command);
    }
}

fn refuse(screen: &mpsc::WeakUnboundedSender<FeedItem>, why: Said, of: Command) {
    if let Some(screen) = screen.upgrade() {
        // A screen that is gone needs no answer.
        drop(screen.send(FeedItem::Refused { why, of: Some(Box::new(of)) }));
    }
}

impl Orders for Guest {
    fn send(&self, command: Command) {
        let Some(request) = request(&command) else {
            let why =
                said!("refused-elsewhere", "only the facilitator can do that, at the other screen");
            refuse(&self.screen, why, command);
            return;
        };
        if matches!(request.wish, Wish::Write(_)) {
            drop(self.lines.send((request, command)));
            return;
        }
        // Nobody waits with typing until a lever is done.
        let (socket, screen) = (Arc::clone(&self.socket), self.screen.clone());
        tokio::spawn(async move { carry(&socket, &request, command, &screen).await });
    }
}

/// What participants may ask, as it would be typed; `None`: they may not.
fn request(command: &Command) -> Option<Request> {
    let line = || write(command);
    let (wish, team, author) = match command {
        Command::PullLever { lever, team, author } => {
            (Wish::Lever(lever.to_string()), Some(team), author)
        }
        Command::Log { team, author, .. }
        | Command::EditLast { team, author, .. }
        | Command::OpenIncident { team, author, .. }
        | Command::MoveIncident { team, author, .. }
        | Command::EditIncident { team, author, .. }
        | Command::NoteImprovement { team, author, .. }
        | Command::AcknowledgeCard { team, author, .. } => {
            (Wish::Write(line()?), Some(team), author)
        }
        Command::TakeRole { by, .. } | Command::Join { by, .. } | Command::AddTeam { by, .. } => {
            (Wish::Write(line()?), None, by)
        }
        _ => return None,
    };
    Some(Request { wish, team: team.cloned(), author: author.clone() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::exercise::blast::Ceiling;
    use crate::exercise::header::Header;
    use crate::exercise::id::IncidentId;
    use crate::exercise::incident::{Incident, Severity};
    use crate::exercise::log_line::{Known, parse};
    use crate::exercise::stamp::Stamp;
    use crate::exercise::state::State;
    use crate::gameday::read::inspect;

    fn exercise() -> State {
        let text = "teams: [sre, support]\nphases: [{ name: one, duration: 5m }]";
        let header = Header {
            gameday_recording: 1,
            program: "test".into(),
            exercise: "x".into(),
            began: 0,
            seed: 1,
            ceiling: Ceiling::Controlled,
            drill: true,
            rehearsal: None,
            alertmanager: None,
            watch: None,
            headless: false,
            briefing: None,
            plan: inspect(text, "x.yaml").0.unwrap(),
        };
        let mut state = State::new(Arc::new(header));
        for id in [1, 2] {
            let (id, severity) = (IncidentId(id), Severity::Sev2);
            state.incidents.push(Incident::new(id, "sre", "t", severity, Stamp::default()));
        }
        state
    }

    /// What was typed at this screen is understood over there as it was here.
    #[test]
    fn what_is_asked_means_the_same_on_the_other_side() {
        let state = exercise();
        let known = Known::of(&state, false);
        for typed in [
            "two pods are gone",
            "two pods are gone -3m",
            " /etc/hosts is wrong -3m",
            "lesson: page earlier",
            "#1 action: -- #2 is the same -3m",
            "#1 it is the database",
            "!2 payments are slow @aiko #shop -1h5m",
            "!5 a nuisance",
            "ack #1",
            "investigate #1 -90s",
            "mitigate #1 rolled back -3m",
            "resolve #1",
            "false alarm #1",
            "dup #1 of #2",
            "sev #1 1",
            "edit #1 orders fail",
            "edit: it was the cache",
            "improve [runbook]: say who calls whom @aiko due:+14d",
            "improve [detection]: from:3,18 page on p99",
            "well: from:7 the breaker opened",
            "badly: -3m from:7,9 -- from:8 is what they said",
            "note: from:x is no number",
            "role scribe @ben",
            "join @ben sre",
            "team payments",
        ] {
            for command in parse(typed, &known).unwrap().commands("sre", "ada") {
                let asked = request(&command).unwrap();
                let Wish::Write(line) = &asked.wish else { panic!("{asked:?}") };
                let there = parse(line, &known).unwrap().commands("sre", "ada");
                assert_eq!(there, [command], "{typed}");
            }
        }
        let halt = Command::Halt { by: "ada".into(), reason: Said::default() };
        assert_eq!(request(&halt), None);
        let link = parse("link #1 discovery", &Known::of(&state, true)).unwrap();
        let link = link.commands("sre", "ada").remove(0);
        assert_eq!(request(&link), None, "the facilitator's alone");
    }
}
