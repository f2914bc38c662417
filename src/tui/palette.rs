//! The palette: actions found by name, and levers typed with their names, in one line. Not its drawing.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::action::{self, Action, ActionId};
use super::answer::Outcome;
use super::draft::Edit;
use super::key::Key;
use super::keymap;
use super::layer::Layer;
use super::lever::wrong;
use super::place::Place;
use super::possible::may_pull;
use super::replay::can;
use super::ui::{Recent, Ui};
use super::{shared, typing};
use crate::exercise::command::Command;
use crate::exercise::lever::complete::completed;
use crate::exercise::lever::names::Names;
use crate::exercise::lever::parse::{form, parse};
use crate::exercise::lever::{LEVERS, Lever, LeverForm};
use crate::exercise::state::State;
use crate::lang::{Lang, Message};

/// So many things chosen before are kept in mind.
const MOST_RECENT: usize = 20;

/// A line of the palette.
pub enum Choice {
    /// What is typed is a whole lever: pull it.
    Pull(Lever),
    /// Do this; an error is the reason why it cannot be done now.
    Action(&'static Action, Result<(), &'static str>),
    /// Begin to type this lever.
    Begin(&'static LeverForm),
    /// Type this lever again, as it was pulled before.
    Again(String),
}

/// What choosing led to.
pub enum Chosen {
    /// This action is to be done.
    Action(ActionId),
    /// This, or nothing yet.
    Outcomes(Vec<Outcome>),
}

/// The names of all actions in a language, for finding them; of one action a line each.
pub fn labels(lang: &Lang) -> Vec<(ActionId, String)> {
    let label = |action: &'static Action| {
        let mut words: Vec<String> =
            action.name_keys().map(|key| lang.say(&key).into_owned()).collect();
        words.push(action.slug.to_owned());
        (action.id, words.join("\n"))
    };
    action::all().map(label).collect()
}

/// Opens it.
pub fn open(ui: &mut Ui) {
    ui.palette = true;
    ui.choice = 0;
}

/// Takes a key that is text.
pub fn type_in(key: Key, ui: &mut Ui) {
    ui.lever.press(key);
    ui.choice = 0;
}

/// Takes a pasted text, as one line.
pub fn paste(text: &str, ui: &mut Ui) {
    ui.lever.paste(&text.replace(['\n', '\r'], " "));
    ui.choice = 0;
}

/// Changes what is typed.
pub fn change(edit: Edit, ui: &mut Ui) {
    ui.lever.edit(edit);
    ui.choice = 0;
}

/// Chooses the line `by` further, around the ends.
pub fn go(by: isize, state: &State, ui: &mut Ui) {
    let count = choices(state, ui).len();
    if count > 0 {
        ui.choice = (ui.choice.min(count - 1) + count).saturating_add_signed(by) % count;
    }
}

/// The next team; the facilitator pulls no lever.
pub fn next_team(state: &State, ui: &mut Ui) {
    ui.team = (ui.team + 1) % state.plan().teams.len().max(1);
}

/// Completes what is typed as far as it is certain; an action's name from the chosen line.
pub fn complete(state: &State, ui: &mut Ui) {
    if let Some(line) = completed(&line(ui), &names(state)) {
        ui.lever.set(vec![line]);
        ui.choice = 0;
        return;
    }
    if let Some(Choice::Action(action, _)) = choices(state, ui).into_iter().nth(ui.choice) {
        ui.lever.set(vec![action.slug.to_owned()]);
        ui.choice = 0;
    }
}

/// What is typed, blanks at the end and all.
pub fn line(ui: &Ui) -> String {
    ui.lever.lines().join(" ")
}

/// The names that can be typed.
pub fn names(state: &State) -> Names {
    Names::of(&state.topology).and_of(state.plan())
}

/// The lever whose arguments are being typed; `None`: its name is not typed, or nothing behind it.
pub fn begun(ui: &Ui) -> Option<&'static LeverForm> {
    let line = line(ui);
    let (word, _) = line.trim_start().split_once(char::is_whitespace)?;
    form(&word.to_lowercase())
}

/// What is offered for what is typed, the foremost first.
pub fn choices(state: &State, ui: &Ui) -> Vec<Choice> {
    let typed = line(ui);
    let levers = may_pull(state, ui).is_ok();
    let whole = if levers { parse(&typed, &names(state)).ok() } else { None };
    let begun = begun(ui).is_some();
    if begun && whole.is_some() {
        return whole.map(Choice::Pull).into_iter().collect();
    }
    let mut found: Vec<(Rank, Choice)> = Vec::new();
    // Who types the arguments of a lever means an action only where it is written out.
    let kind = if begun { AtomKind::Substring } else { AtomKind::Fuzzy };
    let mut search = Search::new(&typed, kind);
    let actions = keymap::at(Layer::Screen, ui.place).filter(|one| one.id != ActionId::Palette);
    let shared = |id| shared::is_shared(id) || (ui.replay.is_some() && can::is_shared(id));
    let actions = actions.filter(|one| !state.participants || shared(one.id));
    let actions = actions.filter(|one| ui.place != Place::Replay || can::is_replayed(one.id));
    for (index, action) in actions.enumerate() {
        let label = ui.labels.iter().find(|(id, _)| *id == action.id);
        let Some(score) = search.score(label.map_or(action.slug, |(_, label)| label)) else {
            continue;
        };
        let can = shared::possible(action, state, ui);
        let recent = recency(&Recent::Action(action.id), ui);
        // The emergency stop is not what an Enter too many should come upon.
        let weight = action.footer.filter(|weight| *weight > 0).unwrap_or(u8::MAX);
        let rank = (can.is_err(), recent, u32::MAX - score, weight, index);
        found.push((rank, Choice::Action(action, can)));
    }
    if levers && !begun {
        for (index, lever) in LEVERS.iter().enumerate() {
            let verb = lever.form.split(' ').next().unwrap_or_default();
            if let Some(score) = search.score(verb) {
                let rank = (false, usize::MAX, u32::MAX - score, u8::MAX - 1, index);
                found.push((rank, Choice::Begin(lever)));
            }
        }
        for (index, recent) in ui.recent.iter().enumerate() {
            if let Recent::Lever(line) = recent
                && let Some(score) = search.score(line)
            {
                found.push((
                    (false, index, u32::MAX - score, 0, index),
                    Choice::Again(line.clone()),
                ));
            }
        }
    }
    found.sort_by_key(|(rank, _)| *rank);
    let found = found.into_iter().map(|(_, choice)| choice);
    whole.map(Choice::Pull).into_iter().chain(found).collect()
}

/// What comes first: what can be done, what was chosen lately, what fits best, what matters most.
type Rank = (bool, usize, u32, u8, usize);

fn recency(what: &Recent, ui: &Ui) -> usize {
    ui.recent.iter().position(|one| one == what).unwrap_or(usize::MAX)
}

fn remember(what: Recent, ui: &mut Ui) {
    ui.recent.retain(|one| *one != what);
    ui.recent.insert(0, what);
    ui.recent.truncate(MOST_RECENT);
}

/// Looks for what is typed.
struct Search {
    typed: String,
    pattern: Pattern,
    matcher: Matcher,
    letters: Vec<char>,
}

impl Search {
    fn new(typed: &str, kind: AtomKind) -> Self {
        let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, kind);
        let typed = typed.trim().to_owned();
        Self { typed, pattern, matcher: Matcher::new(Config::DEFAULT), letters: Vec::new() }
    }

    /// The better it fits, the more; a name in full is the best.
    fn score(&mut self, text: &str) -> Option<u32> {
        if text.lines().any(|name| name == self.typed) {
            return Some(u32::MAX);
        }
        let text = Utf32Str::new(text, &mut self.letters);
        self.pattern.score(text, &mut self.matcher)
    }
}

/// What Enter would pull now; an error says why it would pull nothing.
pub fn preview(state: &State, ui: &Ui) -> Result<Lever, Message> {
    let lever = parse(&line(ui), &names(state)).map_err(|why| wrong(&why))?;
    if ui.team >= state.plan().teams.len() {
        let keys = keymap::all_shown(ActionId::NextTeam, Layer::Palette, ui);
        let key = keys.first().cloned().unwrap_or_default();
        return Err(Message::plain("wrong-facilitator").with("key", key));
    }
    Ok(lever)
}

/// Takes the chosen line.
pub fn choose(state: &State, ui: &mut Ui) -> Chosen {
    let mut choices = choices(state, ui);
    let at = ui.choice.min(choices.len().saturating_sub(1));
    let chosen = if choices.is_empty() { None } else { Some(choices.swap_remove(at)) };
    match chosen {
        Some(Choice::Action(action, Ok(()))) => {
            remember(Recent::Action(action.id), ui);
            ui.palette = false;
            ui.lever.clear();
            return Chosen::Action(action.id);
        }
        Some(Choice::Action(action, Err(why))) => ui.complain(
            Message::plain("action-not-now")
                .naming("action", action.name_key(state, ui))
                .naming("why", why),
        ),
        Some(Choice::Begin(lever)) => {
            let verb = lever.form.split(' ').next().unwrap_or_default();
            ui.lever.set(vec![format!("{verb} ")]);
            ui.choice = 0;
        }
        Some(Choice::Again(line)) => {
            ui.lever.set(vec![line]);
            ui.choice = 0;
        }
        Some(Choice::Pull(_)) | None => return Chosen::Outcomes(pull(state, ui)),
    }
    Chosen::Outcomes(Vec::new())
}

fn pull(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    if let Err(why) = may_pull(state, ui) {
        ui.complain(Message::plain(why));
        return Vec::new();
    }
    match preview(state, ui) {
        Ok(lever) => {
            remember(Recent::Lever(line(ui).trim().to_owned()), ui);
            ui.palette = false;
            ui.lever.clear();
            ui.say(Message::plain("says-lever").with("lever", lever.to_string()));
            let team = typing::team(state, ui).to_owned();
            let author = ui.by.clone();
            vec![Outcome::Send(Box::new(Command::PullLever { lever, team, author }))]
        }
        Err(why) => {
            ui.complain(why);
            Vec::new()
        }
    }
}
