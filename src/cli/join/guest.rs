//! What participants ask of the exercise, carried to its socket as it could have been typed there. Not their screen.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::sync::mpsc;

use crate::cli::ctl::ask;
use crate::cli::words::{Request, Wish};
use crate::exercise::command::Command;
use crate::exercise::incident::IncidentStatus;
use crate::exercise::log::EntryKind;
use crate::port::feed::{FeedItem, Orders};

/// Takes what participants ask to the exercise; what is refused comes back to their screen.
pub(super) struct Guest {
    lines: mpsc::UnboundedSender<Request>,
    socket: Arc<PathBuf>,
    screen: mpsc::WeakUnboundedSender<FeedItem>,
}

impl Guest {
    /// To the exercise at `socket`. Must be called inside a runtime.
    pub(super) fn new(socket: PathBuf, screen: mpsc::UnboundedSender<FeedItem>) -> Self {
        let socket = Arc::new(socket);
        // The screen must see its feed end although it can still ask.
        let screen = screen.downgrade();
        let (lines, mut typed) = mpsc::unbounded_channel::<Request>();
        let (to, back) = (Arc::clone(&socket), screen.clone());
        // Lines stay in the order they were typed in.
        tokio::spawn(async move {
            while let Some(request) = typed.recv().await {
                carry(&to, &request, &back).await;
            }
        });
        Self { lines, socket, screen }
    }
}

async fn carry(socket: &Path, request: &Request, screen: &mpsc::WeakUnboundedSender<FeedItem>) {
    if let Err(why) = ask(socket, request).await {
        refuse(screen, why);
    }
}

fn refuse(screen: &mpsc::WeakUnboundedSender<FeedItem>, why: String) {
    if let Some(screen) = screen.upgrade() {
        // A screen that is gone needs no answer.
        drop(screen.send(FeedItem::Refused(why)));
    }
}

impl Orders for Guest {
    fn send(&self, command: Command) {
        let Some(request) = request(command) else {
            refuse(
                &self.screen,
                "only the facilitator can do that, at the other screen".to_owned(),
            );
            return;
        };
        if matches!(request.wish, Wish::Write(_)) {
            drop(self.lines.send(request));
            return;
        }
        // Nobody waits with typing until a lever is done.
        let (socket, screen) = (Arc::clone(&self.socket), self.screen.clone());
        tokio::spawn(async move { carry(&socket, &request, &screen).await });
    }
}

/// What participants may ask, as it would be typed; `None`: they may not.
fn request(command: Command) -> Option<Request> {
    let (wish, team, author) = match command {
        Command::PullLever { lever, team, author } => {
            (Wish::Lever(lever.to_string()), team, author)
        }
        Command::Log { team, author, text, kind, incident, .. } => {
            let line = match (kind, incident) {
                (EntryKind::Lesson, _) => format!("/lesson {text}"),
                (_, Some(id)) => format!("{id} {text}"),
                (_, None) => format!(" {text}"),
            };
            (Wish::Write(line), team, author)
        }
        Command::OpenIncident { team, author, title, severity, .. } => {
            (Wish::Write(format!("/{severity} {title}")), team, author)
        }
        Command::MoveIncident { id, to, team, author, .. } => {
            (Wish::Write(format!("/{} {id}", verb(to)?)), team, author)
        }
        _ => return None,
    };
    Some(Request { wish, team: Some(team), author })
}

const fn verb(to: IncidentStatus) -> Option<&'static str> {
    Some(match to {
        IncidentStatus::Open => return None,
        IncidentStatus::Acknowledged => "ack",
        IncidentStatus::Investigating => "investigate",
        IncidentStatus::Mitigated => "mitigate",
        IncidentStatus::Resolved => "resolve",
        IncidentStatus::FalseAlarm => "false",
        IncidentStatus::Duplicate => "dup",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::id::IncidentId;
    use crate::exercise::incident::{Incident, Severity};
    use crate::exercise::log_line::parse;
    use crate::exercise::stamp::Stamp;

    /// What was typed at this screen is understood over there as it was here.
    #[test]
    fn what_is_asked_means_the_same_on_the_other_side() {
        let open = Incident::new(IncidentId(1), "sre", "t", Severity::Sev2, Stamp::default());
        let incidents = [open];
        for typed in [
            "two pods are gone",
            " /etc/hosts is wrong",
            "lesson: page earlier",
            "#1 it is the database",
            "!2 payments are slow",
            "!5 a nuisance",
            "ack #1",
            "investigate #1",
            "mitigate #1",
            "resolve #1",
            "false alarm #1",
            "dup #1",
        ] {
            for command in parse(typed, &incidents).unwrap().commands("sre", "ada") {
                let asked = request(command.clone()).unwrap();
                let Wish::Write(line) = &asked.wish else { panic!("{asked:?}") };
                let there = parse(line, &incidents).unwrap().commands("sre", "ada");
                assert_eq!(there, [command], "{typed}");
            }
        }
        let halt = Command::Halt { by: "ada".into(), reason: String::new() };
        assert_eq!(request(halt), None);
    }
}
