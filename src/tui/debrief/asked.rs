//! Small questions of the debrief, and the command that an answer gives. Not the asking.

use chrono::NaiveDate;

use crate::exercise::command::Command;
use crate::exercise::id::{ImprovementId, InjectionId};
use crate::exercise::improvement::Proposal;
use crate::exercise::log::EntryKind;
use crate::gameday::span::Span;
use crate::lang::Message;

/// What is asked for.
#[derive(Clone, Debug, PartialEq)]
pub enum Asked {
    /// A line of this kind for the log; proposed as the text, where it was.
    Write { kind: EntryKind, team: String, proposed: Option<String>, evidence: Vec<u64> },
    /// What an improvement says; of a new one without number.
    Improve { id: Option<ImprovementId>, says: Proposal, team: String, proposed: Option<String> },
    /// Who does it; nothing: nobody yet.
    Owner { id: ImprovementId, says: Proposal, team: String },
    /// Until when; nothing: no date.
    Due { id: ImprovementId, says: Proposal, team: String },
    /// Why an improvement is dropped.
    Drop(ImprovementId),
    /// What was seen of a fault that went as expected, or did not.
    Judge { id: InjectionId, met: bool },
}

impl Asked {
    /// What an answer asks for.
    ///
    /// # Errors
    /// Why the answer will not do.
    pub fn command(&self, answer: &str, by: &str) -> Result<Command, Message> {
        let (answer, by) = (answer.trim(), by.to_owned());
        let text = || {
            if answer.is_empty() {
                return Err(Message::plain("debrief-nothing-written"));
            }
            Ok(answer.to_owned())
        };
        let noted = |id: Option<ImprovementId>, says: Proposal, team: &String, author: String| {
            Command::NoteImprovement { id, says, team: team.clone(), author }
        };
        Ok(match self {
            Self::Write { kind, team, evidence, .. } => Command::Log {
                team: team.clone(),
                author: by,
                text: text()?,
                kind: *kind,
                incident: None,
                ago: Span::ZERO,
                evidence: evidence.clone(),
            },
            Self::Improve { id, says, team, .. } => {
                noted(*id, Proposal { text: text()?, ..says.clone() }, team, by)
            }
            Self::Owner { id, says, team } => {
                let owner = answer.trim_start_matches('@').trim();
                let owner = (!owner.is_empty()).then(|| owner.to_owned());
                noted(Some(*id), Proposal { owner, ..says.clone() }, team, by)
            }
            Self::Due { id, says, team } => {
                noted(Some(*id), Proposal { due: date(answer)?, ..says.clone() }, team, by)
            }
            Self::Drop(id) => Command::DropImprovement { id: *id, by, reason: text()? },
            Self::Judge { id, met } => {
                Command::JudgeExpectation { id: *id, met: *met, by, reason: text()? }
            }
        })
    }

    /// The proposal that the answer takes the place of.
    pub fn proposed(&self) -> Option<&str> {
        match self {
            Self::Write { proposed, .. } | Self::Improve { proposed, .. } => proposed.as_deref(),
            _ => None,
        }
    }
}

/// A date as `2026-12-24`; nothing: none.
fn date(answer: &str) -> Result<Option<NaiveDate>, Message> {
    if answer.is_empty() {
        return Ok(None);
    }
    let parsed = NaiveDate::parse_from_str(answer, "%Y-%m-%d");
    parsed.map(Some).map_err(|_| Message::plain("debrief-no-date").with("typed", answer))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::improvement::Category;

    #[test]
    fn a_date_is_a_day_that_there_is() {
        let says = Proposal {
            category: Category::Process,
            text: "x".into(),
            owner: Some("mei".into()),
            due: None,
            evidence: vec![3],
        };
        let (id, team) = (ImprovementId(1), "sre".to_owned());
        let due = Asked::Due { id, says: says.clone(), team: team.clone() };
        let given = |answer: &str| match due.command(answer, "ada") {
            Ok(Command::NoteImprovement { says, .. }) => Ok(says.due.map(|due| due.to_string())),
            other => Err(format!("{other:?}")),
        };
        assert_eq!(given(" 2026-12-24 "), Ok(Some("2026-12-24".into())));
        assert_eq!(given(""), Ok(None));
        for wrong in ["2026-02-30", "tomorrow", "24.12.2026", "2026-12"] {
            assert!(given(wrong).is_err(), "{wrong}");
        }
        let owner = Asked::Owner { id, says, team };
        let Ok(Command::NoteImprovement { says, .. }) = owner.command("@kim", "ada") else {
            panic!("not taken")
        };
        assert_eq!((says.owner.as_deref(), says.evidence), (Some("kim"), vec![3]));
        assert!(Asked::Drop(id).command("  ", "ada").is_err());
    }
}
