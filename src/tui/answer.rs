//! Keys in an open question, and the command that its answer gives. Not the asking.

use super::action::id::ActionId;
use super::dialog::{Dialog, Pending};
use super::draft::Draft;
use super::key::Key;
use super::relay::sent::sent;
use super::replay::Wish;
use super::ui::Ui;
use crate::exercise::command::{Command, LoadChange};
use crate::exercise::said::{Said, said};
use crate::lang::{Lang, Message};

/// What a key press asks for beyond the screen.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// Hand this over.
    Send(Box<Command>),
    /// Hand this over, which opens an incident, with a title in the language of the screen.
    Open {
        /// Its title is yet to be filled in.
        command: Box<Command>,
        /// What it is called.
        title: Said,
    },
    /// Keep this for the next start, under a name.
    Remember(&'static str, String),
    /// Something for the launcher.
    Launcher(ActionId),
    /// Choose this row of the launcher.
    Row(usize),
    /// Leave the screen.
    Leave,
    /// Show what participants see, or the whole again.
    Turn,
    /// Ask this of the recording that is replayed.
    Replay(Wish),
    /// Copy what is in focus.
    Copy,
    /// Copy this, and say so in the words of this key.
    Give {
        /// What is copied.
        text: String,
        /// What is said.
        says: &'static str,
    },
    /// Write this into a file beside the recording.
    WriteDown {
        /// How its name ends.
        ending: String,
        /// What stands in it.
        text: String,
    },
    /// Copy this, and hand over that it was sent.
    Tell {
        /// What is sent.
        text: String,
        /// That it is.
        command: Box<Command>,
    },
    /// Let the shell have the terminal for a while.
    Suspend,
}

impl Outcome {
    /// With what the exercise says put into the language of the screen.
    #[must_use]
    pub fn in_language(self, lang: &Lang) -> Self {
        let Self::Open { mut command, title } = self else { return self };
        if let Command::OpenIncident { title: open, .. } = &mut *command {
            *open = lang.said(&title).into_owned();
        }
        Self::Send(command)
    }
}

/// Takes a key that is text of an answer.
pub fn type_in(key: Key, ui: &mut Ui) {
    if let Some(dialog) = &mut ui.dialog
        && let Some(answer) = &mut dialog.answer
    {
        dialog.problem = None;
        answer.press(key);
    }
}

/// Takes yes, or the answer; one that will not do stays, with the reason.
pub fn confirm(ui: &mut Ui) -> Vec<Outcome> {
    let Some(mut dialog) = ui.dialog.take() else { return Vec::new() };
    match outcome(&dialog, &ui.by) {
        Ok(outcome) => {
            if let Pending::Debrief(asked) = &dialog.pending
                && let Some(proposed) = asked.proposed()
            {
                ui.learnt.set_aside(proposed);
            }
            vec![outcome]
        }
        Err(why) => {
            dialog.problem = Some(why);
            ui.dialog = Some(dialog);
            Vec::new()
        }
    }
}

fn outcome(dialog: &Dialog, by: &str) -> Result<Outcome, Message> {
    let by = by.to_owned();
    let reason = || {
        let text = dialog.answer.as_ref().map(|answer| answer.joined()).unwrap_or_default();
        if text.is_empty() { Err(Message::plain("answer-reason")) } else { Ok(text) }
    };
    Ok(Outcome::Send(Box::new(match &dialog.pending {
        Pending::SkipPhase => Command::SkipPhase { by },
        Pending::Inject(id) => Command::InjectNow { id: *id, by },
        Pending::Cancel(id) => Command::CancelInjection { id: *id, by },
        Pending::Revert(id) => Command::Revert { id: *id, by },
        Pending::Release => Command::Release { by, reason: reason()? },
        Pending::Silence => Command::SilenceAlerts { which: Vec::new(), by },
        Pending::Override => Command::OverrideNoGo { by, reason: reason()? },
        Pending::SetLoad => Command::ChangeLoad { change: LoadChange::Set(rate(dialog)?), by },
        Pending::Score { objective, met } => {
            Command::ScoreObjective { objective: *objective, met: *met, by, reason: reason()? }
        }
        Pending::Name(typed) => {
            let text = dialog.answer.as_ref().map(|answer| answer.joined()).unwrap_or_default();
            typed.command(&text, &by).ok_or_else(|| Message::plain("answer-name"))?
        }
        Pending::End => Command::End { by, reason: said!("why-screen-end", "ended at the screen") },
        Pending::Leave => return Ok(Outcome::Leave),
        Pending::Update { team } => {
            let lines = dialog.answer.as_ref().map(Draft::lines).unwrap_or_default();
            let (text, command) = sent(lines, team, &by)?;
            return Ok(Outcome::Tell { text, command: Box::new(command) });
        }
        Pending::Replay(asked) => {
            let text = dialog.answer.as_ref().map(|answer| answer.joined()).unwrap_or_default();
            return Ok(Outcome::Replay(asked.wish(&text)?));
        }
        Pending::Debrief(asked) => {
            let text = dialog.answer.as_ref().map(|answer| answer.joined()).unwrap_or_default();
            asked.command(&text, &by)?
        }
    })))
}

fn rate(dialog: &Dialog) -> Result<f64, Message> {
    let text = dialog.answer.as_ref().map(|answer| answer.joined()).unwrap_or_default();
    let bare: String = text.chars().filter(|one| !matches!(one, ',' | '_' | ' ')).collect();
    bare.parse::<f64>()
        .ok()
        .filter(|rate| rate.is_finite() && *rate >= 0.0)
        .ok_or_else(|| Message::plain("answer-rate"))
}
