//! The score board: how long each team took on each injection, one kind of times after the other, and the counts. For the
//! facilitator. Not the reckoning.

use std::borrow::Cow;

use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::lines;
use crate::exercise::board::{Board, Cell, KINDS, Line as Team, Row, board, keeps, target};
use crate::exercise::times::Taken;
use crate::gameday::measure::TimeTo;
use crate::tui::people::items::{COUNTS, PAGES};
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};
use crate::tui::{text, words};

const WIDE: u16 = 140;
/// Cells of a column of figures, and those of the names at most.
const COLUMN: usize = 12;
const NAMES: usize = 26;

/// What of it is looked at.
#[derive(Clone, Copy)]
pub(super) struct At {
    /// The page.
    pub(super) page: usize,
    /// The row.
    pub(super) selected: usize,
    /// So many teams are left out on the left.
    pub(super) from: usize,
}

/// What every line needs.
struct Table<'s, 'a> {
    scene: &'s Scene<'a>,
    board: Cow<'a, Board>,
    /// The columns that are shown: all teams together, then some of them.
    teams: std::ops::Range<usize>,
    names: usize,
    at: At,
}

/// The board as a list.
pub(super) fn sheet<'a>(scene: &Scene<'a>, at: At, screen: Rect) -> Sheet<'a> {
    let board = match &scene.ui.board {
        Some(board) => Cow::Borrowed(board),
        None => Cow::Owned(board(scene.state)),
    };
    let room = room(WIDE, screen);
    let names = (room / 3).min(NAMES);
    let fit = (room.saturating_sub(names + 2) / COLUMN).saturating_sub(1).max(1);
    let count = board.teams.len();
    let from = at.from.min(count.saturating_sub(1));
    let table = Table { scene, teams: from..count.min(from + fit), names, at, board };
    // Everything at once where there is room for it.
    let whole: Vec<_> = (0..PAGES).flat_map(|page| table.page(page)).collect();
    let details = table.details(room);
    let fits = whole.len() + details.len() + 9 <= usize::from(screen.height);
    let rows = if fits { whole } else { table.page(at.page) };
    let shown = match scene.state.people.standings {
        Some(_) => (Role::Next, "board-is-shown"),
        None => (Role::Dim, "board-is-hidden"),
    };
    let shown = scene.piece(shown.0, scene.say(shown.1));
    let legend = scene.say("board-legend");
    let mut head = vec![Line::from(scene.piece(Role::Dim, legend)), Line::from(shown)];
    if count > fit || from > 0 {
        let args =
            [("from", (from + 1).into()), ("to", table.teams.end.into()), ("all", count.into())];
        let says = scene.tell("board-teams", &args);
        head.push(Line::from(scene.piece(Role::Next, says)));
    }
    let undetected = scene.tell("board-undetected", &[("count", table.board.undetected.into())]);
    let title = scene.title_of("board-title", undetected);
    let rows_of = if at.page + 1 < PAGES { table.board.rows.len() + 2 } else { COUNTS };
    let selected = at.selected.min(rows_of.saturating_sub(1));
    Sheet { title, width: WIDE, head, rows, selected, details }
}

impl<'a> Table<'_, 'a> {
    fn page(&self, page: usize) -> Vec<(Option<usize>, Line<'a>)> {
        match KINDS.get(page) {
            Some(kind) => self.times(page, *kind),
            None => self.counts(page),
        }
    }

    /// A row with a name and a cell for all and for each team that is shown.
    fn row(
        &self,
        place: Option<(usize, usize)>,
        name: &str,
        cell: impl Fn(Option<usize>) -> (Role, String),
    ) -> (Option<usize>, Line<'a>) {
        let chosen = place.is_some_and(|place| place == (self.at.page, self.at.selected));
        let role = if chosen { Role::Selected } else { Role::Text };
        let mut pieces = vec![
            lines::sign(self.scene, chosen),
            self.scene.piece(role, text::pad(name, self.names)),
        ];
        for team in std::iter::once(None).chain(self.teams.clone().map(Some)) {
            let (role, says) = cell(team);
            pieces.push(Piece::raw(" "));
            pieces.push(self.scene.piece(role, text::pad(&says, COLUMN - 1)));
        }
        // A click on another page's row would choose a row of this one.
        let index = place.filter(|(page, _)| *page == self.at.page).map(|(_, row)| row);
        (index, Line::from(pieces))
    }

    fn head(&self, name: &str) -> (Option<usize>, Line<'a>) {
        let mut line = self.row(None, name, |team| match team {
            None => (Role::Title, self.scene.lang.say("board-all").into_owned()),
            Some(team) => {
                let name = self.board.teams.get(team).and_then(|line| line.team.as_deref());
                (Role::Team, text::clean(name.unwrap_or_default()).into_owned())
            }
        });
        if let Some(name) = line.1.spans.get_mut(1) {
            *name = self.scene.piece(Role::Title, name.content.clone());
        }
        line
    }

    fn times(&self, page: usize, kind: TimeTo) -> Vec<(Option<usize>, Line<'a>)> {
        let targets = &self.scene.state.plan().people.response;
        let mut title = self.scene.lang.say(kind_key(kind)).into_owned();
        if let Some(target) = target(targets, kind) {
            title = format!("{title} ≤{target}");
        }
        let mut out = vec![self.head(&title)];
        for (index, row) in self.board.rows.iter().enumerate() {
            let name = self.fault(row);
            out.push(self.row(Some((page, index)), &name, |team| {
                let found = team.map_or(Some(&row.all), |team| row.cells.get(team));
                self.cell(row, team, kind, found.and_then(|cell| cell.time(kind)))
            }));
        }
        let all = self.board.rows.len();
        for (index, key) in ["board-mean", "board-median"].into_iter().enumerate() {
            let name = self.scene.lang.say(key).into_owned();
            out.push(self.row(Some((page, all + index)), &name, |team| {
                let times = self.team(team).and_then(|line| line.times.get(page));
                let value =
                    times.and_then(|times| if index == 0 { times.mean() } else { times.median() });
                let says = value.map(|value| words::span(value.running));
                (Role::Dim, format!("  {}", says.unwrap_or_else(|| "–".to_owned())))
            }));
        }
        out
    }

    /// A time with the sign of its target, and that of the team that was first.
    fn cell(
        &self,
        row: &Row,
        team: Option<usize>,
        kind: TimeTo,
        taken: Option<Taken>,
    ) -> (Role, String) {
        let Some(taken) = taken else { return (Role::Dim, "  –".to_owned()) };
        let targets = &self.scene.state.plan().people.response;
        let (role, sign) = match keeps(targets, kind, taken) {
            Some(true) => (Role::Good, "✓"),
            Some(false) => (Role::Bad, "✗"),
            None => (Role::Text, " "),
        };
        let name = self.team(team).and_then(|line| line.team.as_ref());
        let first = kind == TimeTo::Detect && name.is_some() && name == row.first.as_ref();
        let star = if first { " ★" } else { "" };
        (role, format!("{sign} {}{star}", words::span(taken.running)))
    }

    fn team(&self, team: Option<usize>) -> Option<&Team> {
        team.map_or(Some(&self.board.all), |team| self.board.teams.get(team))
    }

    fn fault(&self, row: &Row) -> String {
        let planned = self.scene.state.planned(row.injection);
        planned.map(|planned| text::clean(&planned.name).into_owned()).unwrap_or_default()
    }

    fn counts(&self, page: usize) -> Vec<(Option<usize>, Line<'a>)> {
        const KEYS: [&str; COUNTS] = [
            "board-first",
            "board-not-detected",
            "board-false-alarms",
            "board-discoveries",
            "board-unexplained",
            "board-duplicates",
            "board-hints",
            "board-cards",
        ];
        let mut out = vec![self.head(&self.scene.lang.say("board-counts"))];
        for (index, key) in KEYS.into_iter().enumerate() {
            out.push(self.row(Some((page, index)), &self.scene.lang.say(key), |team| {
                let Some(line) = self.team(team) else { return (Role::Dim, String::new()) };
                let says = match index {
                    0 => line.first.to_string(),
                    1 => line.undetected.to_string(),
                    2 => line.false_alarms.to_string(),
                    3 => line.discoveries.to_string(),
                    4 => line.unexplained.to_string(),
                    5 => line.duplicates.to_string(),
                    6 if line.cost == 0 => line.hints.to_string(),
                    6 => {
                        let cost = line.cost as usize;
                        let args = [("hints", line.hints.into()), ("cost", cost.into())];
                        self.scene.tell("board-hints-cost", &args)
                    }
                    _ => line.cards_waiting.to_string(),
                };
                let role = if says == "0" { Role::Dim } else { Role::Text };
                (role, format!("  {says}"))
            }));
        }
        out
    }

    /// The chosen injection: every time of every team, without holds and with them, and whether the target is kept.
    fn details(&self, room: usize) -> Vec<Line<'a>> {
        if self.board.rows.is_empty() {
            return vec![Line::from(self.scene.piece(Role::Dim, self.scene.say("board-nothing")))];
        }
        let Some(row) = self.board.rows.get(self.at.selected).filter(|_| self.at.page + 1 < PAGES)
        else {
            return Vec::new();
        };
        let teams = self.board.teams.iter().zip(&row.cells);
        let teams = teams.skip(self.teams.start).take(self.teams.len());
        teams
            .flat_map(|(line, cell)| {
                let team = text::fit(line.team.as_deref().unwrap_or_default(), 14);
                lines::told(self.scene, &team, Role::Text, &self.team_says(row, line, cell), room)
            })
            .collect()
    }

    fn team_says(&self, row: &Row, line: &Team, cell: &Cell) -> String {
        let Some(incident) = cell.incident else {
            return format!("– {}", self.scene.lang.say("board-did-not"));
        };
        let mut says = vec![incident.to_string()];
        if line.team == row.first {
            says.push(format!("★ {}", self.scene.lang.say("board-was-first")));
        }
        let targets = &self.scene.state.plan().people.response;
        for kind in KINDS {
            let Some(taken) = cell.time(kind) else { continue };
            let mut one = format!("{} {}", short(kind), words::span(taken.running));
            if taken.total != taken.running {
                let total = words::span(taken.total);
                let args = [("total", (&*total).into())];
                one = format!("{one} ({})", self.scene.tell("board-with-holds", &args));
            }
            match keeps(targets, kind, taken) {
                Some(true) => one.push_str(&format!(" ✓ {}", self.scene.lang.say("board-kept"))),
                Some(false) => one.push_str(&format!(" ✗ {}", self.scene.lang.say("board-missed"))),
                None => {}
            }
            says.push(one);
        }
        says.join(" · ")
    }
}

const fn short(kind: TimeTo) -> &'static str {
    match kind {
        TimeTo::Detect => "TTD",
        TimeTo::Acknowledge => "TTA",
        TimeTo::Mitigate => "TTM",
        TimeTo::Resolve => "TTR",
    }
}

pub(super) const fn kind_key(kind: TimeTo) -> &'static str {
    match kind {
        TimeTo::Detect => "board-detect",
        TimeTo::Acknowledge => "board-acknowledge",
        TimeTo::Mitigate => "board-mitigate",
        TimeTo::Resolve => "board-resolve",
    }
}
