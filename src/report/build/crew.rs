//! What the report says of people: roles, cards, hints, the score board, improvements. Not of incidents and the log.

use super::people::line;
use crate::exercise::board::{self, Cell, Line, board, target};
use crate::exercise::expectation;
use crate::exercise::improvement::Improvement as Noted;
use crate::exercise::log::EntryKind;
use crate::exercise::state::{InjectionRun, State};
use crate::exercise::times::Taken;
use crate::gameday::measure::TimeTo;
use crate::gameday::span::Span;
use crate::lang::Lang;
use crate::report::model::{
    Board, BoardCell, BoardRow, BoardTeam, Card, Crew, DebriefLine, Expectation, Hint, Improvement,
    Person, RealIncident, RestsOn, RoleHeld, Score, Seen, Targets, Timed,
};
use crate::report::time::{length, moment};

/// Everything about people.
pub(super) fn crew(state: &State, lang: &Lang) -> Crew {
    let marked = |kind: EntryKind| {
        state
            .log
            .iter()
            .filter(|entry| entry.kind == kind)
            .map(|entry| DebriefLine {
                line: line(state, entry, lang),
                rests_on: rests_on(state, &entry.evidence, lang),
            })
            .collect()
    };
    let persons = state.people.persons.iter();
    let roles = state.people.holdings.iter();
    Crew {
        real_incident: state.real.as_ref().map(|real| RealIncident {
            at: moment(state, real.since),
            by: real.by.clone(),
            reason: lang.said(&real.reason).into_owned(),
        }),
        persons: persons
            .map(|one| Person { name: one.name.clone(), team: one.team.clone() })
            .collect(),
        roles: roles
            .map(|one| RoleHeld {
                role: one.role.name(),
                person: one.person.clone(),
                since: moment(state, one.since),
                until: one.until.map(|until| moment(state, until)),
                by: one.by.clone(),
            })
            .collect(),
        cards: cards(state),
        hints: hints(state),
        board: score_board(state),
        went_well: marked(EntryKind::WentWell),
        went_badly: marked(EntryKind::WentBadly),
        lucky: marked(EntryKind::Lucky),
        improvements: state
            .people
            .improvements
            .iter()
            .map(|one| improvement(state, one, lang))
            .collect(),
    }
}

/// Whether an injection went as expected; `None`: nothing was expected.
pub(super) fn expectation(state: &State, run: &InjectionRun, lang: &Lang) -> Option<Expectation> {
    let verdict = expectation::judge(state, run)?;
    Some(Expectation {
        answer: verdict.answer.word(),
        evidence: lang.said(&verdict.evidence).into_owned(),
        score: verdict.score.map(|score| Score {
            met: score.met,
            by: score.by,
            reason: score.reason,
        }),
    })
}

fn cards(state: &State) -> Vec<Card> {
    let cards = state.cards.iter().enumerate().map(|(place, card)| {
        let seen = card.seen_by.iter().map(|(at, team, author)| Seen {
            team: team.clone(),
            author: author.clone(),
            after: length(Taken::between(state, card.at, *at)),
        });
        Card {
            number: place + 1,
            to: card.to.clone(),
            text: card.text.clone(),
            away: card.away.clone(),
            at: moment(state, card.at),
            drawn: card.planned.is_none(),
            seen_by: seen.collect(),
        }
    });
    cards.collect()
}

fn hints(state: &State) -> Vec<Hint> {
    let hints = state.people.hints.iter().map(|hint| Hint {
        injection: hint
            .injection
            .and_then(|id| state.planned(id))
            .map(|planned| planned.name.clone()),
        text: hint.text.clone(),
        cost: hint.cost,
        to: hint.to.clone(),
        at: moment(state, hint.at),
    });
    hints.collect()
}

fn score_board(state: &State) -> Board {
    let targets = &state.plan().people.response;
    let teams = &state.plan().teams;
    let found = board(state);
    let timed = |cell: &Cell, kind: TimeTo| {
        cell.time(kind)
            .map(|taken| Timed { took: length(taken), kept: board::keeps(targets, kind, taken) })
    };
    let cell = |(cell, team): (&Cell, &String)| BoardCell {
        team: team.clone(),
        incident: cell.incident.map(|id| id.0),
        ttd: timed(cell, TimeTo::Detect),
        tta: timed(cell, TimeTo::Acknowledge),
        ttm: timed(cell, TimeTo::Mitigate),
        ttr: timed(cell, TimeTo::Resolve),
    };
    let rows = found.rows.iter().map(|row| BoardRow {
        injection: state
            .planned(row.injection)
            .map_or_else(|| row.injection.to_string(), |planned| planned.name.clone()),
        first: row.first.clone(),
        cells: row.cells.iter().zip(teams).map(cell).collect(),
    });
    let millis = |kind| target(targets, kind).map(Span::as_millis);
    Board {
        targets: Targets {
            ttd_ms: millis(TimeTo::Detect),
            tta_ms: millis(TimeTo::Acknowledge),
            ttm_ms: millis(TimeTo::Mitigate),
            ttr_ms: millis(TimeTo::Resolve),
        },
        rows: rows.collect(),
        teams: found.teams.iter().chain([&found.all]).map(team).collect(),
    }
}

fn team(line: &Line) -> BoardTeam {
    BoardTeam {
        team: line.team.clone(),
        undetected: line.undetected,
        first: line.first,
        false_alarms: line.false_alarms,
        discoveries: line.discoveries,
        unexplained: line.unexplained,
        duplicates: line.duplicates,
        hints: line.hints,
        hint_cost: line.cost,
        cards_not_seen: line.cards_waiting,
    }
}

fn rests_on(state: &State, evidence: &[u64], lang: &Lang) -> RestsOn {
    let entry = |seq: &u64| state.log.iter().find(|entry| entry.seq == *seq);
    RestsOn {
        evidence: evidence.iter().filter_map(entry).map(|one| line(state, one, lang)).collect(),
        other_evidence: evidence.iter().filter(|seq| entry(seq).is_none()).copied().collect(),
    }
}

fn improvement(state: &State, noted: &Noted, lang: &Lang) -> Improvement {
    Improvement {
        id: noted.id.0,
        category: noted.says.category.name(),
        text: noted.says.text.clone(),
        owner: noted.says.owner.clone(),
        due: noted.says.due.map(|due| due.to_string()),
        team: noted.team.clone(),
        author: noted.author.clone(),
        at: moment(state, noted.noted),
        rests_on: rests_on(state, &noted.says.evidence, lang),
        dropped: noted.dropped.as_ref().map(|(_, _, why)| why.clone()),
    }
}
