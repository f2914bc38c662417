//! `gameday plan NAME`: what an exercise would do, as text. Nothing is done.

mod people;

use std::fmt::Write;

use crate::gameday::catalog::{lingers, undo_text};
use crate::gameday::generator::Generator;
use crate::gameday::load::LoadPattern;
use crate::gameday::metric::{Unit, grouped};
use crate::gameday::plan::{AskedFor, GameDay, GuardrailAction, Objective, Phase, Target};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::lang::{Lang, Language};
use crate::tui::fault::does;

/// The most characters of a text from the file on one line.
const LONG: usize = 300;

/// The timeline with load, every injection with its undo and what is expected of it, people, cards, guardrails, limits and
/// how objectives are measured.
pub fn plan(plan: &GameDay) -> String {
    let mut out = Lines::default();
    out.add(0, format!("{} ({})", plan.title, plan.name));
    if let Some(hypothesis) = &plan.hypothesis {
        out.add(0, format!("hypothesis: {hypothesis}"));
    }
    out.add(0, format!("target: {}", target(&plan.target)));
    if plan.target == Target::Lab && plan.defences.off().next().is_some() {
        out.add(0, format!("lab: {}", plan.defences));
    }
    if let Some(Generator::K6(runners)) = &plan.generator {
        let figures = match runners.prometheus_rw {
            Some(_) => "figures through Prometheus",
            None => "no figures: they write to no Prometheus",
        };
        let runners = runners.parallelism;
        out.add(0, format!("load: k6 in the cluster, {runners} runners at once; {figures}"));
    }
    out.add(0, format!("teams: {}", plan.teams.join(", ")));
    if let Some(response) = people::response(&plan.people.response) {
        out.add(0, format!("response: {response}"));
    }
    if let Some(rollback) = &plan.rollback {
        out.add(0, format!("rollback: {rollback}"));
    }
    let total: f64 = plan.phases.iter().map(requests).sum();
    out.add(0, format!("lasts {}, {} requests", plan.duration(), grouped(total)));
    out.head("timeline");
    let mut begin = Span::ZERO;
    for phase in &plan.phases {
        let load = phase.load.as_ref().map_or_else(|| "no load".to_owned(), load_text);
        let line = format!(
            "{:>9}  {} for {}: {load}, {} requests",
            at(begin),
            phase.name,
            phase.duration,
            grouped(requests(phase))
        );
        out.add(1, line);
        happenings(phase, begin, &mut out);
        begin += phase.duration;
    }
    out.add(1, format!("{:>9}  end", at(begin)));
    for (title, lines) in [
        ("people", plan.people.persons.iter().map(people::person).collect::<Vec<String>>()),
        ("deck", plan.people.deck.iter().map(people::deck_card).collect()),
    ] {
        if !lines.is_empty() {
            out.head(title);
            lines.iter().for_each(|line| out.add(1, line));
        }
    }
    asked(plan, &mut out);
    limits(plan, &mut out);
    out.head("objectives");
    for objective in &plan.objectives {
        out.add(1, objective_text(objective));
    }
    out.none_if_empty();
    out.text
}

/// What is asked of a source of metrics.
fn asked(plan: &GameDay, out: &mut Lines) {
    if plan.queries.is_empty() {
        return;
    }
    let server = plan.prometheus.as_deref().unwrap_or("the Prometheus that is named when it runs");
    out.head(&format!("queries, asked of {server}"));
    for AskedFor { query, promql } in &plan.queries {
        let unit = match query.unit() {
            Unit::Share => "share",
            Unit::Millis => "ms",
            Unit::PerSecond => "per second",
            Unit::Count => "count",
        };
        out.add(1, format!("{} ({unit}): {promql}", query.name()));
    }
}

/// Injections and cards of a phase in order of time.
fn happenings(phase: &Phase, begin: Span, out: &mut Lines) {
    let english = Lang::new(Language::English);
    let mut lines: Vec<(Span, Vec<String>)> = Vec::new();
    for injection in &phase.injections {
        let experiment = &injection.experiment;
        let lasts = match experiment.duration {
            _ if !lingers(experiment) => String::new(),
            Some(duration) => format!(", for {duration}"),
            None => format!(", to the end of the phase ({})", phase.duration - injection.offset),
        };
        let mut told = vec![
            format!("{}: {}{lasts}", injection.name, english.message(&does(experiment))),
            format!("undo: {}", undo_text(experiment)),
        ];
        told.extend(injection.expect.as_ref().map(|expect| format!("expect: {expect}")));
        told.extend(people::judged(&injection.expected).map(|words| format!("judged: {words}")));
        told.extend(people::hints(&injection.hints).map(|words| format!("hints: {words}")));
        lines.push((injection.offset, told));
    }
    for card in &phase.cards {
        let words = people::dealt(card.to.as_deref(), &card.text, card.away.as_deref());
        lines.push((card.offset, vec![words]));
    }
    lines.sort_by_key(|(offset, _)| *offset);
    for (offset, told) in lines {
        for (index, line) in told.iter().enumerate() {
            let time = if index == 0 { at(begin + offset) } else { String::new() };
            out.add(1, format!("{time:>9}    {line}"));
        }
    }
}

fn limits(plan: &GameDay, out: &mut Lines) {
    out.head("guardrails");
    for rule in &plan.guardrails {
        let then = match rule.then {
            GuardrailAction::Warn => "warn",
            GuardrailAction::Hold => "hold the exercise clock",
            GuardrailAction::Halt => "halt: undo everything, start nothing new",
        };
        out.add(1, format!("{} -> {then}", rule.when.source));
    }
    out.none_if_empty();
    out.head("SLOs");
    for slo in &plan.slos {
        let metric = slo.limit.metric.to_string();
        let of = if slo.name == metric { String::new() } else { format!(" ({metric})") };
        out.add(1, format!("{}{of} {}", slo.name, slo.limit));
    }
    out.none_if_empty();
    out.head("steady state, before and after");
    for limit in &plan.steady_state {
        out.add(1, format!("{} {limit}", limit.metric));
    }
    out.none_if_empty();
}

fn objective_text(objective: &Objective) -> String {
    match &objective.measure {
        Some(measure) if measure.source == objective.title => objective.title.clone(),
        Some(measure) => format!("{}: measured as {}", objective.title, measure.source),
        None => format!("{}: the facilitator scores it", objective.title),
    }
}

fn target(target: &Target) -> String {
    match target {
        Target::Lab => "the embedded lab".to_owned(),
        Target::Kubernetes(cluster) => {
            let context = cluster.context.as_deref().unwrap_or("the current context");
            let namespace = cluster.namespace.as_deref().unwrap_or("that of the context");
            format!("Kubernetes: {context}, namespace {namespace}")
        }
        Target::Url { url } => url.clone(),
    }
}

fn requests(phase: &Phase) -> f64 {
    phase.load.as_ref().map_or(0.0, |load| load.total(phase.duration))
}

/// A load in words.
fn load_text(load: &LoadPattern) -> String {
    match *load {
        LoadPattern::Constant { rps } => format!("{}/s", grouped(rps)),
        LoadPattern::Linear { start, end } => {
            format!("{}/s to {}/s in a straight line", grouped(start), grouped(end))
        }
        LoadPattern::Step { start, end, steps } => {
            format!("{}/s to {}/s in {steps} steps", grouped(start), grouped(end))
        }
        LoadPattern::Spike { base, peak, at, width } => {
            format!("{}/s, and {}/s for {width} from +{at}", grouped(base), grouped(peak))
        }
        LoadPattern::Sine { mean, amplitude, period } => {
            format!("{}/s ± {}/s every {period}", grouped(mean), grouped(amplitude))
        }
    }
}

/// Exercise time: `T+1h05m`, `T+35m`.
fn at(time: Span) -> String {
    format!("T+{time}")
}

/// Text made of indented, printable lines.
#[derive(Default)]
struct Lines {
    text: String,
    headed: bool,
}

impl Lines {
    fn add(&mut self, indent: usize, line: impl AsRef<str>) {
        self.headed = false;
        let line = printable(&line.as_ref().replace('\n', " "), LONG);
        // Writing to a String cannot fail.
        let _ = writeln!(self.text, "{}{}", "  ".repeat(indent), line.trim_end());
    }

    fn head(&mut self, title: &str) {
        self.text.push('\n');
        self.add(0, title);
        self.headed = true;
    }

    fn none_if_empty(&mut self) {
        if self.headed {
            self.add(1, "none");
        }
    }
}
