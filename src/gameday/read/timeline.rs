//! The timeline, whatever shape it has: phases, stages, a list of experiments, or one bare experiment.
//!
//! Stages run one after the other: `delay` counts once, from the end of the stage before. A file without phases of its own
//! has no load of its own either: it gets [`DEFAULT_LOAD`] requests per second, and [`QUIET`] before (`baseline`) and after
//! (`recovery`), so that there is something to compare with. An experiment of such a file that does not say how long it
//! lasts lasts [`DEFAULT_LASTING`].

use std::collections::{HashMap, HashSet};

use super::expect::{self, Wanted};
use super::experiment::{self, Found};
use super::fields::Fields;
use super::findings::Findings;
use super::{load, value};
use crate::gameday::load::LoadPattern;
use crate::gameday::measure::Measure;
use crate::gameday::node::Node;
use crate::gameday::plan::{Card, Phase, PlannedInjection};
use crate::gameday::problem::Place;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Requests per second where a file of stages or experiments asks for none.
pub(super) const DEFAULT_LOAD: f64 = 100.0;
/// Without faults, before and after the experiments of a file that has no phases.
const QUIET: Span = Span::from_secs(30);
/// How long an experiment of a file without phases lasts if it does not say.
const DEFAULT_LASTING: Span = Span::from_secs(60);

/// A phase with the places that its checks point at.
pub(super) struct Laid {
    pub(super) phase: Phase,
    pub(super) place: Place,
    /// One for every injection.
    pub(super) injections: Vec<InjectionPlaces>,
    /// One for every card.
    pub(super) cards: Vec<CardPlaces>,
}

/// Where a card stands.
pub(super) struct CardPlaces {
    pub(super) time: Place,
    pub(super) to: Place,
    pub(super) away: Place,
}

/// Where an injection stands.
pub(super) struct InjectionPlaces {
    pub(super) time: Place,
    pub(super) kind: Place,
    pub(super) lasting: Place,
    /// Where its own name stands; `None`: it is named after its type.
    pub(super) name: Option<Place>,
    pub(super) expect: expect::Places,
}

/// `phases:`
pub(super) fn phases(node: &Node, findings: &mut Findings) -> Option<Vec<Laid>> {
    let items = value::list(node, "phases", findings)?;
    if items.is_empty() {
        findings.error(node.place, "there is no phase", "an exercise needs time", "add a phase");
        return None;
    }
    let laid: Vec<Option<Laid>> = items.iter().map(|item| phase(item, findings)).collect();
    laid.into_iter().collect()
}

fn phase(node: &Node, findings: &mut Findings) -> Option<Laid> {
    let mut fields = Fields::of(node, "a phase", findings)?;
    let name_node = fields.need("name", "normal-load", findings);
    let name = name_node.and_then(|node| value::name(node, findings));
    let duration_node = fields.need("duration", "10m", findings);
    let duration = duration_node.and_then(|node| value::duration(node, findings));
    let load_node = fields.take("load", findings);
    let load = load_node.map(|node| load::read(node, duration, findings));
    let chaos = fields.take("chaos", findings).map(|node| chaos(node, findings));
    let cards = fields.take("cards", findings).map(|node| cards(node, findings));
    fields.finish(findings);
    let place = name_node?.place;
    let mut laid = Laid {
        phase: Phase {
            name: name?,
            duration: duration?,
            load: load.map_or(Some(None), |load| load.map(Some))?,
            injections: Vec::new(),
            cards: Vec::new(),
        },
        place,
        injections: Vec::new(),
        cards: Vec::new(),
    };
    for (injection, places) in chaos.unwrap_or_else(|| Some(Vec::new()))? {
        laid.phase.injections.push(injection);
        laid.injections.push(places);
    }
    for (card, places) in cards.unwrap_or_else(|| Some(Vec::new()))? {
        laid.phase.cards.push(card);
        laid.cards.push(places);
    }
    Some(laid)
}

fn chaos(node: &Node, findings: &mut Findings) -> Option<Vec<(PlannedInjection, InjectionPlaces)>> {
    let items = value::list(node, "injections", findings)?;
    let found: Vec<Option<_>> = items.iter().map(|item| injection(item, findings)).collect();
    let mut found: Vec<_> = found.into_iter().collect::<Option<_>>()?;
    found.sort_by_key(|(injection, _)| injection.offset);
    Some(found)
}

fn injection(node: &Node, findings: &mut Findings) -> Option<(PlannedInjection, InjectionPlaces)> {
    let mut fields = Fields::of(node, "an injection", findings)?;
    let time = fields.need("time", "+5m", findings);
    let offset = time.and_then(|node| value::offset(node, findings));
    let name_node = fields.take("name", findings);
    let own = name_node.and_then(|node| Some((value::name(node, findings)?, node.place)));
    let wanted = expect::read(&mut fields, findings);
    let inner = fields.need("experiment", "{ type: pod-failure, … }", findings);
    fields.finish(findings);
    let mut found = experiment::read(inner?, findings)?;
    found.name = own.or(found.name);
    Some(planned(found, time?.place, offset?, wanted))
}

/// An injection that is named after its experiment, or is left to be named.
fn planned(
    found: Found,
    time: Place,
    offset: Span,
    wanted: Wanted,
) -> (PlannedInjection, InjectionPlaces) {
    let (name, named) = found.name.map_or_else(
        || (found.experiment.fault.kind().to_owned(), None),
        |(name, place)| (name, Some(place)),
    );
    let lasting = found.lasting.unwrap_or(found.place);
    let places =
        InjectionPlaces { time, kind: found.place, lasting, name: named, expect: wanted.places };
    let injection = PlannedInjection {
        name,
        offset,
        experiment: found.experiment,
        expect: wanted.what,
        expected: wanted.expected,
        hints: wanted.hints,
    };
    (injection, places)
}

fn cards(node: &Node, findings: &mut Findings) -> Option<Vec<(Card, CardPlaces)>> {
    let items = value::list(node, "cards", findings)?;
    let found: Vec<Option<_>> = items.iter().map(|item| card(item, findings)).collect();
    let mut found: Vec<_> = found.into_iter().collect::<Option<_>>()?;
    found.sort_by_key(|(card, _): &(Card, _)| card.offset);
    Some(found)
}

fn card(node: &Node, findings: &mut Findings) -> Option<(Card, CardPlaces)> {
    let mut fields = Fields::of(node, "a card", findings)?;
    let time = fields.need("time", "+8m", findings);
    let offset = time.and_then(|node| value::offset(node, findings));
    let to_node = fields.take("to", findings);
    let to = to_node.map(|node| value::text(node, findings));
    let text = fields.need("text", "\"A newspaper asks …\"", findings);
    let text = text.and_then(|node| value::text(node, findings));
    let away_node = fields.take("away", findings);
    let away = away_node.and_then(|node| value::text(node, findings));
    fields.finish(findings);
    let time = time?.place;
    let to = to.map_or(Some(None), |to| to.map(Some))?.filter(|to| to != "all");
    let card = Card { offset: offset?, to, text: text?, away };
    let place = |node: Option<&Node>| node.map_or(time, |node| node.place);
    Some((card, CardPlaces { time, to: place(to_node), away: place(away_node) }))
}

/// `stages:`
pub(super) fn stages(
    node: &Node,
    whole: Option<LoadPattern>,
    findings: &mut Findings,
) -> Option<Vec<Laid>> {
    let items = value::list(node, "stages", findings)?;
    if items.is_empty() {
        findings.error(node.place, "there is no stage", "an exercise needs time", "add a stage");
        return None;
    }
    let laid: Vec<Option<Laid>> = items.iter().map(|item| stage(item, whole, findings)).collect();
    Some(between_quiet(laid.into_iter().collect::<Option<_>>()?, whole))
}

fn stage(node: &Node, whole: Option<LoadPattern>, findings: &mut Findings) -> Option<Laid> {
    let mut fields = Fields::of(node, "a stage", findings)?;
    let name_node = fields.need("name", "initial-trigger", findings);
    let name = name_node.and_then(|node| value::name(node, findings));
    let duration = fields.take("duration", findings);
    let lasting = duration.map(|node| value::duration(node, findings));
    let delay = fields.take("delay", findings).map(|node| value::offset(node, findings));
    let load_node = fields.take("load", findings);
    let length = |delay: &Option<Option<Span>>, lasting: &Option<Option<Span>>| {
        Some(delay.unwrap_or(Some(Span::ZERO))? + (*lasting)??)
    };
    let own_load = load_node.map(|node| load::read(node, length(&delay, &lasting), findings));
    let wanted = expect::read(&mut fields, findings);
    let inner = fields.need("experiment", "{ type: pod-failure, … }", findings);
    fields.finish(findings);
    let mut found = experiment::read(inner?, findings)?;
    let delay = delay.unwrap_or(Some(Span::ZERO))?;
    let lasting = lasting.map_or(Some(None), |span| span.map(Some))?;
    let own = found.experiment.duration;
    found.experiment.duration = own.or(lasting);
    if let Some(node) = duration {
        found.lasting = found.lasting.or(Some(node.place));
    }
    let length = lasting.or(own).unwrap_or(DEFAULT_LASTING);
    let load = own_load.unwrap_or_else(|| Some(usual(whole)))?;
    let name_place = name_node?.place;
    let parts = planned(found, name_place, delay, wanted);
    Some(one(name?, name_place, delay + length, load, parts))
}

/// An experiment that is a whole stage, with what is expected of it: an item of `experiments:`, or the whole file.
pub(super) fn alone(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<(Found, Wanted)> {
    let found = experiment::from_fields(fields, findings);
    let wanted = expect::read(fields, findings);
    Some((found?, wanted))
}

/// `experiments:`
pub(super) fn listed(
    node: &Node,
    whole: Option<LoadPattern>,
    findings: &mut Findings,
) -> Option<Vec<Laid>> {
    let items = value::list(node, "experiments", findings)?;
    if items.is_empty() {
        findings.error(node.place, "there is no experiment", "", "add one");
    }
    let read = |item| {
        let mut fields = Fields::of(item, "an experiment", findings)?;
        let found = alone(&mut fields, findings);
        fields.finish(findings);
        found
    };
    let found: Vec<Option<_>> = items.iter().map(read).collect();
    Some(experiments(found.into_iter().collect::<Option<_>>()?, whole))
}

/// One stage for each experiment.
pub(super) fn experiments(found: Vec<(Found, Wanted)>, whole: Option<LoadPattern>) -> Vec<Laid> {
    let mut laid: Vec<Laid> = Vec::new();
    let mut names = Names::default();
    for (mut found, wanted) in found {
        let kind = found.experiment.fault.kind();
        let label = found.name.as_ref().map_or(kind, |(name, _)| name.as_str());
        let name = names.unused(label);
        let length = *found.experiment.duration.get_or_insert(DEFAULT_LASTING);
        let place = found.name.as_ref().map_or(found.place, |(_, place)| *place);
        let parts = planned(found, place, Span::ZERO, wanted);
        laid.push(one(name, place, length, usual(whole), parts));
    }
    between_quiet(laid, whole)
}

fn usual(whole: Option<LoadPattern>) -> LoadPattern {
    whole.unwrap_or(LoadPattern::Constant { rps: DEFAULT_LOAD })
}

fn one(
    name: String,
    place: Place,
    duration: Span,
    load: LoadPattern,
    (injection, places): (PlannedInjection, InjectionPlaces),
) -> Laid {
    let injections = vec![injection];
    let phase = Phase { name, duration, load: Some(load), injections, cards: Vec::new() };
    Laid { phase, place, injections: vec![places], cards: Vec::new() }
}

/// A quiet phase before and after, unless the file has one of that name.
fn between_quiet(laid: Vec<Laid>, whole: Option<LoadPattern>) -> Vec<Laid> {
    let taken = |name: &str| laid.iter().any(|laid| laid.phase.name == name);
    let (before, after) = (!taken("baseline"), !taken("recovery"));
    let quiet = |name: &str, place| Laid {
        phase: Phase {
            name: name.to_owned(),
            duration: QUIET,
            load: Some(usual(whole)),
            injections: Vec::new(),
            cards: Vec::new(),
        },
        place,
        injections: Vec::new(),
        cards: Vec::new(),
    };
    let place = laid.first().map(|laid| laid.place).unwrap_or_default();
    let mut all: Vec<Laid> = before.then(|| quiet("baseline", place)).into_iter().collect();
    all.extend(laid);
    all.extend(after.then(|| quiet("recovery", place)));
    all
}

/// Names that are taken, and how far their numbers have got.
#[derive(Default)]
struct Names {
    taken: HashSet<String>,
    numbers: HashMap<String, usize>,
}

impl Names {
    /// `wanted`, or `wanted-2`, `wanted-3`, … where it is taken.
    fn unused(&mut self, wanted: &str) -> String {
        if self.taken.insert(wanted.to_owned()) {
            return wanted.to_owned();
        }
        let number = self.numbers.entry(wanted.to_owned()).or_insert(1);
        loop {
            *number += 1;
            let name = format!("{wanted}-{number}");
            if self.taken.insert(name.clone()) {
                return name;
            }
        }
    }
}

/// Gives every injection without a name of its own its type, numbered where it repeats; own names that repeat are refused.
pub(super) fn name_injections(laid: &mut [Laid], findings: &mut Findings) {
    let mut names = Names::default();
    for each in laid.iter() {
        for (injection, places) in each.phase.injections.iter().zip(&each.injections) {
            let Some(place) = places.name else { continue };
            if !names.taken.insert(injection.name.clone()) {
                let what =
                    format!("a second injection is named \"{}\"", printable(&injection.name, 60));
                let why = "measures could not tell them apart";
                findings.error(place, what, why, "give it another name");
            }
        }
    }
    for each in laid.iter_mut() {
        for (injection, places) in each.phase.injections.iter_mut().zip(&each.injections) {
            if places.name.is_none() {
                injection.name = names.unused(&injection.name);
            }
            // Only now has every injection the name that its measure is judged during.
            if let Some(measure) = injection.expected.measure.take() {
                let condition = measure.condition.judged_during(&injection.name);
                injection.expected.measure = Some(Measure { condition, ..measure });
            }
        }
    }
}
