//! A plan as the text of a game day file that reads back to the same plan, with comments. What no game day file may hold is
//! left out, as a comment too. Not the reading of it.

mod cluster;
mod faults;
mod tree;
mod watch;

pub use watch::watch;

use self::cluster::{generator, kubernetes};
use self::tree::{May, Out, Tree, Written, comment, map, may, one, unit};
use super::load::LoadPattern;
use super::measure::parse::parse_trigger_over;
use super::measure::{Expr, Trigger};
use super::metric::Metric;
use super::people::{DeckCard, Noticed};
use super::plan::{
    Card, GameDay, Guardrail, GuardrailAction, LONGEST, Limit, Phase, PlannedInjection, Route,
    SHORTEST_PHASE, Target,
};
use super::problem::{Problem, Severity};
use super::read::inspect;
use super::silence::Silence;
use super::text::{plain_lines, printable};
use super::unit::Unit;
use super::vocabulary::Vocabulary;

/// A file is read again and parts are left out at most so often.
const MOST_LOOKS: usize = 200;
/// The longest reason in a comment, in characters.
const LONGEST_REASON: usize = 300;

/// What is said beside a plan, in comments: one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remarks {
    /// At the top of the file.
    pub head: Vec<String>,
    /// For every phase.
    pub phases: Vec<PhaseRemarks>,
    /// For every card of the deck.
    pub deck: Vec<Remark>,
}

/// What is said of a phase and what is in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhaseRemarks {
    /// Of the phase itself.
    pub itself: Remark,
    /// For every injection.
    pub injections: Vec<Remark>,
    /// For every card.
    pub cards: Vec<Remark>,
}

/// What is said of one part.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Remark {
    /// Comments above it.
    pub notes: Vec<String>,
    /// It is a comment itself.
    pub out: bool,
}

/// The file. It has no name of its own: that of the file is its name. Whatever would keep it from being a game day is left
/// out, with the reason; it can always be run.
pub fn write(plan: &GameDay, remarks: &Remarks) -> String {
    let tree = whole(plan, remarks);
    let mut head: String = remarks.head.iter().map(|line| comment(line, 0) + "\n").collect();
    head.push('\n');
    let above = head.matches('\n').count();
    let mut out = Out::new();
    for _ in 0..MOST_LOOKS {
        let written = Written::new(&tree, &out);
        let text = head.clone() + &written.text();
        let (_, problems) = inspect(&text, "game-day.yaml");
        if !problems.is_fatal() {
            return text;
        }
        let before = out.len();
        for problem in problems.iter().filter(|one| one.severity == Severity::Error) {
            let line = problem.place.line.saturating_sub(above);
            if let Some(part) = written.part_at(line) {
                out.entry(part).or_insert_with(|| reason(problem));
            }
        }
        if out.len() == before {
            break;
        }
    }
    bare(plan)
}

/// A game day of the same length and nothing more: what is left of one that is none.
fn bare(plan: &GameDay) -> String {
    let length = plan.duration().clamp(SHORTEST_PHASE, LONGEST);
    let note = "Too much of what was recorded is no game day: only its length could be kept.";
    let phase = map([("name", one("phase-1")), ("duration", one(length))]);
    let tree = map([("gameday", one("v1")), ("phases", Tree::List(vec![phase]))]);
    format!("{}\n\n{}", comment(note, 0), Written::new(&tree, &Out::new()).text())
}

fn reason(problem: &Problem) -> String {
    let why = if problem.why.is_empty() { String::new() } else { format!(": {}", problem.why) };
    format!("left out: {}", printable(&format!("{}{why}", problem.what), LONGEST_REASON))
}

fn whole(plan: &GameDay, remarks: &Remarks) -> Tree {
    let mut entries = vec![("gameday", one("v1")), ("title", may(said(&plan.title)))];
    entries.extend(plan.hypothesis.as_ref().map(|it| ("hypothesis", may(said(it)))));
    some(&mut entries, "teams", plan.teams.iter().map(|team| may(one(team))).collect());
    let target = match &plan.target {
        Target::Lab => one("lab"),
        Target::Kubernetes(cluster) => kubernetes(cluster),
        Target::Url { url } => map([("url", one(url))]),
    };
    entries.push(("target", may(target)));
    if !plan.defences.all_on() {
        let off = plan.defences.off().map(|one_off| (one_off.to_string(), one("off")));
        entries.push(("lab", may(map([("defences", Tree::Map(off.collect()))]))));
    }
    entries.extend(plan.rollback.as_ref().map(|it| ("rollback", may(said(it)))));
    entries.extend(plan.generator.as_ref().map(|it| ("load", may(generator(it)))));
    asked(&mut entries, plan);
    some(&mut entries, "silence", plan.silences.iter().map(silence).collect());
    people(&mut entries, plan, &remarks.deck);
    let objectives = plan.objectives.iter().map(|objective| {
        let measure = objective.measure.as_ref().map(|it| ("measure", may(one(&it.source))));
        may(map(std::iter::once(("title", said(&objective.title))).chain(measure)))
    });
    some(&mut entries, "objectives", objectives.collect());
    let slos = plan.slos.iter().map(|slo| {
        let metric = ("metric", one(slo.limit.metric));
        (slo.name.clone(), may(map(std::iter::once(metric).chain(limit(&slo.limit)))))
    });
    keyed(&mut entries, "slos", slos.collect());
    let steady = plan.steady_state.iter().map(|it| (it.metric.to_string(), may(map(limit(it)))));
    keyed(&mut entries, "steady_state", steady.collect());
    let vocabulary = plan.vocabulary();
    let rules = plan.guardrails.iter().map(|rule| guardrail(rule, &vocabulary));
    some(&mut entries, "guardrails", rules.collect());
    entries.push(("traffic", traffic(plan)));
    let phases = plan.phases.iter().enumerate().map(|(nth, one)| match remarks.phases.get(nth) {
        Some(remarks) => phase(one, remarks),
        None => phase(one, &PhaseRemarks::default()),
    });
    entries.push(("phases", Tree::List(phases.collect())));
    map(entries)
}

/// A part with what is said of it.
fn remarked(tree: Tree, remark: Option<&Remark>) -> Tree {
    let said = remark.map(|it| May { notes: it.notes.clone(), out: it.out }).unwrap_or_default();
    Tree::May(Box::new(tree), said)
}

type Entries = Vec<(&'static str, Tree)>;

fn some(entries: &mut Entries, key: &'static str, items: Vec<Tree>) {
    if !items.is_empty() {
        entries.push((key, Tree::List(items)));
    }
}

fn keyed(entries: &mut Entries, key: &'static str, items: Vec<(String, Tree)>) {
    if !items.is_empty() {
        entries.push((key, Tree::Map(items)));
    }
}

/// What is asked of a source of metrics.
fn asked(entries: &mut Entries, plan: &GameDay) {
    entries.extend(plan.prometheus.as_ref().map(|url| ("prometheus", may(one(url)))));
    let queries = plan.queries.iter().map(|asked| {
        let unit = ("unit", one(unit(asked.query.unit())));
        (asked.query.name().to_owned(), may(map([("query", one(&asked.promql)), unit])))
    });
    keyed(entries, "queries", queries.collect());
}

/// Alerts that may be silenced: as matchers, which every form of them can be written as.
fn silence(silence: &Silence) -> Tree {
    let matchers = ("matchers", one(silence));
    may(map(std::iter::once(matchers).chain(silence.why.as_ref().map(|why| ("why", said(why))))))
}

/// Words for people, without what could hide in them.
fn said(words: &str) -> Tree {
    one(plain_lines(words))
}

fn people(entries: &mut Entries, plan: &GameDay, remarks: &[Remark]) {
    let people = &plan.people;
    let persons = people.persons.iter().map(|person| {
        let mut entries = vec![("name", one(&person.name))];
        entries.extend(person.team.as_ref().map(|team| ("team", one(team))));
        entries.extend(person.role.map(|role| ("role", one(role))));
        may(map(entries))
    });
    some(entries, "people", persons.collect());
    let times = &people.response;
    let times = [
        ("detect", times.detect),
        ("acknowledge", times.acknowledge),
        ("mitigate", times.mitigate),
        ("resolve", times.resolve),
    ];
    let times: Entries =
        times.into_iter().filter_map(|(key, time)| Some((key, one(time?)))).collect();
    if !times.is_empty() {
        entries.push(("response", may(map(times))));
    }
    let deck =
        people.deck.iter().enumerate().map(|(nth, card)| remarked(drawn(card), remarks.get(nth)));
    some(entries, "deck", deck.collect());
}

fn limit(limit: &Limit) -> Entries {
    let both = [("min", limit.min), ("max", limit.max)];
    both.into_iter()
        .filter_map(|(key, value)| Some((key, value_of(value?, limit.metric))))
        .collect()
}

fn value_of(value: f64, metric: Metric) -> Tree {
    if metric.unit() == Unit::Millis { one(format!("{}ms", value.round())) } else { one(value) }
}

fn drawn(card: &DeckCard) -> Tree {
    let mut entries = vec![("name", one(&card.name))];
    entries.extend(addressed(card.to.as_deref(), &card.text, card.away.as_deref()));
    map(entries)
}

fn dealt(card: &Card) -> Tree {
    let mut entries = vec![("time", one(format!("+{}", card.offset)))];
    entries.extend(addressed(card.to.as_deref(), &card.text, card.away.as_deref()));
    map(entries)
}

fn addressed(to: Option<&str>, text: &str, away: Option<&str>) -> Entries {
    let mut entries = Entries::new();
    entries.extend(to.map(|team| ("to", one(team))));
    entries.push(("text", said(text)));
    entries.extend(away.map(|name| ("away", said(name))));
    entries
}

/// In its own words where these say what was in force: a plan that was scaled waits for other times.
fn guardrail(rule: &Guardrail, vocabulary: &Vocabulary) -> Tree {
    let when = &rule.when;
    let words = match parse_trigger_over(&when.source, vocabulary) {
        Ok(read) if read == *when => when.source.clone(),
        _ => words(when),
    };
    let then = match rule.then {
        GuardrailAction::Warn => "warn",
        GuardrailAction::Hold => "hold",
        GuardrailAction::Halt => "halt",
    };
    may(map([("when", one(words)), ("then", one(then))]))
}

fn words(when: &Trigger) -> String {
    let bound = Expr::Number { value: when.bound, unit: when.metric.unit() };
    let mut words = format!("{} {} {bound}", when.metric, when.op.symbol());
    if !when.lasting.is_zero() {
        words += &format!(" for {}", when.lasting);
    }
    words
}

fn traffic(plan: &GameDay) -> Tree {
    let traffic = &plan.traffic;
    let mut entries = vec![
        ("timeout", may(one(traffic.timeout))),
        ("max_in_flight", may(one(traffic.max_in_flight))),
    ];
    if traffic.tls {
        entries.push(("tls", one(true)));
    }
    some(&mut entries, "routes", traffic.routes.iter().map(route).collect());
    map(entries)
}

fn route(route: &Route) -> Tree {
    let mut entries = vec![
        ("name", one(&route.name)),
        ("method", one(&route.method)),
        ("path", one(&route.path)),
        ("weight", one(route.weight)),
    ];
    if route.spread > 1 {
        entries.push(("spread", one(route.spread)));
    }
    let headers = route.headers.iter().map(|(name, value)| (name.clone(), one(value)));
    keyed(&mut entries, "headers", headers.collect());
    entries.extend(route.body.as_ref().map(|body| ("body", one(body))));
    may(map(entries))
}

fn phase(phase: &Phase, remarks: &PhaseRemarks) -> Tree {
    let mut entries = vec![("name", one(&phase.name)), ("duration", one(phase.duration))];
    entries.extend(phase.load.map(|pattern| ("load", may(load(pattern)))));
    let chaos = phase.injections.iter().enumerate();
    let chaos = chaos.map(|(nth, one)| remarked(injection(one), remarks.injections.get(nth)));
    some(&mut entries, "chaos", chaos.collect());
    let cards = phase.cards.iter().enumerate();
    let cards = cards.map(|(nth, card)| remarked(dealt(card), remarks.cards.get(nth)));
    some(&mut entries, "cards", cards.collect());
    remarked(map(entries), Some(&remarks.itself))
}

fn load(pattern: LoadPattern) -> Tree {
    let (name, rps) = match pattern {
        LoadPattern::Constant { rps } => ("constant", one(rps)),
        LoadPattern::Linear { start, end } => {
            ("linear", map([("start", one(start)), ("end", one(end))]))
        }
        LoadPattern::Step { start, end, steps } => {
            ("step", map([("start", one(start)), ("end", one(end)), ("steps", one(steps))]))
        }
        LoadPattern::Spike { base, peak, at, width } => (
            "spike",
            map([("base", one(base)), ("peak", one(peak)), ("at", one(at)), ("width", one(width))]),
        ),
        LoadPattern::Sine { mean, amplitude, period } => (
            "sine",
            map([("mean", one(mean)), ("amplitude", one(amplitude)), ("period", one(period))]),
        ),
    };
    let pattern = (name != "constant").then(|| ("pattern", one(name)));
    map(std::iter::once(("rps", rps)).chain(pattern))
}

fn injection(planned: &PlannedInjection) -> Tree {
    let mut entries =
        vec![("time", one(format!("+{}", planned.offset))), ("name", one(&planned.name))];
    if let Some(what) = &planned.expect {
        let expected = &planned.expected;
        let mut inner = vec![("what", said(what))];
        inner.extend(expected.noticed.as_ref().map(|who| {
            let who = match who {
                Noticed::Anyone => "anyone",
                Noticed::Nobody => "nobody",
                Noticed::Team(team) => team,
            };
            ("noticed_by", may(one(who)))
        }));
        inner.extend(expected.within.map(|span| ("within", may(one(span)))));
        inner.extend(expected.measure.as_ref().map(|it| ("measure", may(one(&it.source)))));
        entries.push(("expect", may(map(inner))));
    }
    let hints = planned.hints.iter();
    let hints = hints.map(|hint| may(map([("text", said(&hint.text)), ("cost", one(hint.cost))])));
    some(&mut entries, "hints", hints.collect());
    entries.push(("experiment", faults::experiment(&planned.experiment)));
    map(entries)
}
