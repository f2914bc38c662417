//! What can be meant by the word that is being typed into the log's line: commands, incidents, tags, people, teams, faults.
//! Not its drawing.

use nucleo_matcher::pattern::{AtomKind, CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::offers::{About, Offer};
use super::typing;
use super::ui::Ui;
use crate::exercise::improvement::CATEGORIES;
use crate::exercise::log_line::parse::COMMANDS;
use crate::exercise::log_line::{Known, plain};
use crate::exercise::state::State;
use crate::gameday::people::ROLES;

/// No more are worth being looked at.
const MOST: usize = 40;

/// Looks again what can be meant, after the line or the cursor changed.
pub fn refresh(state: &State, ui: &mut Ui) {
    let found = ui.draft.before_cursor().map(|line| find(&line, &typing::known(state)));
    let (typed, list) = found.unwrap_or_default();
    ui.offers.renew(typed, list);
}

/// Puts the chosen candidate into the line.
pub fn take(state: &State, ui: &mut Ui) {
    let Some((typed, word)) = ui.offers.choice() else { return };
    ui.draft.replace_before(typed, &format!("{word} "));
    ui.offers.clear();
    refresh(state, ui);
}

/// The candidates at the end of `line`, and how many characters each of them stands for.
pub fn find(line: &str, known: &Known<'_>) -> (usize, Vec<Offer>) {
    if line.starts_with(char::is_whitespace) {
        return (0, Vec::new());
    }
    let word = line.rsplit(char::is_whitespace).next().unwrap_or_default();
    let before = line.get(..line.len() - word.len()).unwrap_or_default();
    let mut words = before.split_whitespace();
    let verb = plain(words.next().unwrap_or_default());
    let verb = verb.trim_start_matches('/').to_owned();
    let rest: Vec<&str> = words.collect();
    // A name may have blanks in it.
    let behind_link = verb == "link" && rest.first().is_some_and(|one| is(one, '#'));
    if behind_link && known.facilitates {
        let mut typed = line.trim_start();
        for _ in 0..2 {
            typed = typed.split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim_start());
        }
        return offered(typed, best(typed, causes(known)));
    }
    let all = match plain(word).chars().next() {
        Some('/') if before.is_empty() => commands(known),
        Some('#') if opens(&verb, line) => tags(known),
        Some('#') => incidents(known).into_iter().chain(tags(known)).collect(),
        Some('@') => people(known),
        Some('[') if verb == "improve" || verb.starts_with("improve:") => {
            categories(|name| format!("[{name}]"))
        }
        _ if verb == "improve" && rest.is_empty() => categories(|name| format!("{name}:")),
        _ if verb == "role" && rest.is_empty() => roles(),
        _ if verb == "join" && rest.len() == 1 => teams(known, ""),
        _ => Vec::new(),
    };
    offered(word, best(word, all))
}

/// What was typed in full need not be offered.
fn offered(typed: &str, list: Vec<Offer>) -> (usize, Vec<Offer>) {
    let whole = matches!(list.as_slice(), [only] if only.word == plain(typed));
    (typed.chars().count(), if whole { Vec::new() } else { list })
}

fn is(word: &str, sign: char) -> bool {
    plain(word).starts_with(sign)
}

/// Whether the line opens an incident: there `#` is a tag.
fn opens(verb: &str, line: &str) -> bool {
    let severity = verb.strip_prefix("sev").is_some_and(|digit| !digit.is_empty());
    is(line, '!') || (severity && is(line, '/'))
}

/// Those that fit what is typed, the best first.
fn best(typed: &str, all: Vec<Offer>) -> Vec<Offer> {
    let typed = plain(typed);
    let typed = typed.trim_start_matches(['/', '#', '@', '[']);
    let pattern = Pattern::new(typed, CaseMatching::Ignore, Normalization::Smart, AtomKind::Fuzzy);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut letters = Vec::new();
    let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut letters), &mut matcher);
    let mut found: Vec<(bool, u32, Offer)> = Vec::new();
    for offer in all {
        let word = offer.word.trim_start_matches(['/', '#', '@', '[']).to_lowercase();
        let about = match &offer.about {
            About::Text(text) => score(text),
            _ => None,
        };
        let Some(best) = score(&word).max(about) else { continue };
        found.push((!word.starts_with(typed), u32::MAX - best, offer));
    }
    // What begins as it is typed comes first; within that, the order they were given in counts where nothing else does.
    found
        .sort_by_key(|(elsewhere, rank, _)| (*elsewhere, if typed.is_empty() { 0 } else { *rank }));
    found.into_iter().map(|(.., offer)| offer).take(MOST).collect()
}

fn offer(word: impl Into<String>, about: About) -> Offer {
    Offer { word: word.into(), about }
}

fn commands(known: &Known<'_>) -> Vec<Offer> {
    let may = COMMANDS.iter().filter(|name| **name != "link" || known.facilitates);
    may.map(|name| offer(format!("/{name}"), About::Key(says(name)))).collect()
}

fn says(command: &str) -> &'static str {
    match command {
        "ack" => "line-offer-ack",
        "investigate" => "line-offer-investigate",
        "mitigate" => "line-offer-mitigate",
        "resolve" => "line-offer-resolve",
        "false" => "line-offer-false",
        "dup" => "line-offer-dup",
        "note" => "line-note",
        "action" => "line-action",
        "decision" => "line-decision",
        "fix" => "line-fix",
        "deploy" => "line-deploy",
        "config" => "line-config",
        "update" => "line-update",
        "lesson" => "line-lesson",
        "well" => "line-well",
        "badly" => "line-badly",
        "lucky" => "line-lucky",
        "improve" => "line-offer-improve",
        "pin" => "line-pins",
        "edit" => "line-offer-edit",
        "sev" => "line-offer-severity",
        "role" => "line-offer-role",
        "join" => "line-offer-join",
        "team" => "line-offer-team",
        "got" => "line-offer-got",
        "link" => "line-offer-link",
        _ => "line-offer-sev",
    }
}

/// The open ones first, the newest of them foremost.
fn incidents(known: &Known<'_>) -> Vec<Offer> {
    let mut all: Vec<_> = known.incidents.iter().collect();
    all.sort_by_key(|one| (one.status.is_closed(), std::cmp::Reverse(one.id)));
    all.into_iter()
        .map(|one| {
            offer(one.id.to_string(), About::Text(format!("{} {}", one.severity, one.title)))
        })
        .collect()
}

/// Tags used so far.
fn tags(known: &Known<'_>) -> Vec<Offer> {
    let mut tags: Vec<_> = known.incidents.iter().flat_map(|incident| &incident.tags).collect();
    tags.sort();
    tags.dedup();
    tags.into_iter().map(|tag| offer(format!("#{tag}"), About::Nothing)).collect()
}

fn people(known: &Known<'_>) -> Vec<Offer> {
    let persons = known.people.persons.iter().map(|one| {
        let team = one.team.clone().map_or(About::Nothing, About::Text);
        offer(format!("@{}", one.name), team)
    });
    persons.chain(teams(known, "@")).collect()
}

fn teams(known: &Known<'_>, sign: &str) -> Vec<Offer> {
    known.teams.iter().map(|team| offer(format!("{sign}{team}"), About::Nothing)).collect()
}

fn roles() -> Vec<Offer> {
    ROLES.iter().map(|role| offer(role.name(), About::Nothing)).collect()
}

fn categories(word: impl Fn(&str) -> String) -> Vec<Offer> {
    CATEGORIES.iter().map(|one| offer(word(one.name()), About::Nothing)).collect()
}

/// The injections, and what else can be behind an incident.
fn causes(known: &Known<'_>) -> Vec<Offer> {
    let named = known.injections.iter().enumerate();
    let named = named.map(|(place, name)| offer(*name, About::Text(format!("i{}", place + 1))));
    let others = [
        offer("discovery", About::Key("line-offer-discovery")),
        offer("none", About::Key("line-offer-none")),
    ];
    named.chain(others).collect()
}
