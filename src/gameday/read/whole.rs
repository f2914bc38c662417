//! The outermost keys, and which shape the timeline has.

use super::fields::Fields;
use super::findings::Findings;
use super::meaning::{self, Places};
use super::timeline::{self, Laid};
use super::{
    address, asked, cluster, generator, limits, load, objectives, people, shop, silence, traffic,
    value,
};
use crate::gameday::cluster::Cluster;
use crate::gameday::generator::Generator;
use crate::gameday::load::LoadPattern;
use crate::gameday::node::{Kind, Node};
use crate::gameday::plan::{GameDay, Target};
use crate::gameday::text::printable;

/// Who takes part where a file names nobody.
const ANYONE: &str = "team";

/// Reads the whole file. `None` where something is missing that everything else needs.
pub(super) fn read(root: &Node, file_name: &str, findings: &mut Findings) -> Option<GameDay> {
    let mut fields = Fields::of(root, "a game day", findings)?;
    version(&mut fields, findings);
    let bare = fields.has("type");
    let mut places = Places { root: fields.place, ..Places::default() };
    let own_name = name(&mut fields, bare, findings);
    let title = fields.take("title", findings).map(|node| value::text(node, findings));
    let hypothesis = fields.take("hypothesis", findings).map(|node| value::text(node, findings));
    let teams = teams(&mut fields, findings);
    let people = people::read(&mut fields, &teams, findings);
    let target = if bare { Some(Target::Lab) } else { target(&mut fields, findings) };
    let lab = fields.take("lab", findings);
    let defences = lab.map(|node| (shop::defences(node, findings), node.place));
    if let Some((_, place)) = &defences
        && target.as_ref().is_some_and(|target| *target != Target::Lab)
    {
        let what = "\"lab\" stands here, but the target is another";
        findings.error(*place, what, "only the lab has defences to switch", "remove it");
    }
    let rollback = fields.take("rollback", findings).map(|node| value::text(node, findings));
    // What they are called is known to everything that is read behind.
    let (prometheus, queries) = asked::read(&mut fields, findings);
    let silences = silence::read(&mut fields, findings);
    let mut slos = Vec::new();
    if let Some(node) = fields.take("slos", findings) {
        (slos, places.slos) = limits::slos(node, findings).into_iter().unzip();
    }
    let mut steady_state = Vec::new();
    if let Some(node) = fields.take("steady_state", findings) {
        (steady_state, places.steady) = limits::steady_state(node, findings).into_iter().unzip();
    }
    let guardrails = fields.take("guardrails", findings);
    let guardrails = guardrails.map(|node| limits::guardrails(node, findings)).unwrap_or_default();
    let mut aims = Vec::new();
    if let Some(node) = fields.take("objectives", findings) {
        (aims, places.names) = objectives::read(node, findings);
    }
    let traffic = fields.take("traffic", findings).map(|node| traffic::read(node, findings));
    config(&mut fields, findings);
    let scenario = fields.take("scenario", findings);
    let maker = maker(root, scenario);
    let (scenario_name, timeline) = timeline_of(&mut fields, scenario, bare, findings);
    let Timeline { laid, generator } = timeline;
    if !bare && let Some(node) = fields.take("duration", findings) {
        places.set_aside = value::duration(node, findings).map(|span| (span, node.place));
    }
    fields.finish(findings);
    let mut laid = laid?;
    if let (Some(generator), Some(target), Some(node)) = (&generator, &target, maker) {
        generator::fits(generator, target, node, findings);
    }
    timeline::name_injections(&mut laid, findings);
    let name = own_name.or(scenario_name).unwrap_or_else(|| stem(file_name));
    let mut plan = GameDay {
        title: title.flatten().unwrap_or_else(|| humanised(&name)),
        name,
        hypothesis: hypothesis.flatten(),
        teams,
        target: target?,
        objectives: aims,
        slos,
        steady_state,
        guardrails,
        phases: Vec::new(),
        traffic: traffic.unwrap_or_else(traffic::usual),
        defences: defences.and_then(|(found, _)| found).unwrap_or_default(),
        people,
        rollback: rollback.flatten(),
        generator,
        prometheus,
        queries,
        silences,
    };
    plan.phases = laid.iter().map(|laid| laid.phase.clone()).collect();
    meaning::check(&plan, &laid, &places, findings);
    Some(plan)
}

fn version(fields: &mut Fields<'_>, findings: &mut Findings) {
    let Some(node) = fields.take("gameday", findings) else { return };
    let Some(text) = value::raw(node, findings) else { return };
    if text != "v1" {
        let what = format!("\"{}\" is no version that this program reads", printable(text, 60));
        findings.error(node.place, what, "", "write gameday: v1");
    }
}

/// The name to run it by. That of a bare experiment is left for the experiment to read, too.
fn name(fields: &mut Fields<'_>, bare: bool, findings: &mut Findings) -> Option<String> {
    let node = fields.take("name", findings)?;
    if bare {
        let text = value::raw(node, findings)?;
        return Some(slug(text)).filter(|name| !name.is_empty());
    }
    game_day_name(node, findings)
}

fn game_day_name(node: &Node, findings: &mut Findings) -> Option<String> {
    let why = "it is typed on the command line: lower-case letters, digits and dashes, at most 63";
    slugged(node, ("the name of a game day", why), findings)
}

/// A name as it has to be: lower-case letters, digits, single dashes, at most 63. `what` it cannot be otherwise, and why.
pub(super) fn slugged(
    node: &Node,
    (what, why): (&str, &str),
    findings: &mut Findings,
) -> Option<String> {
    let text = value::raw(node, findings)?;
    let mended = slug(text);
    if mended == text && !text.is_empty() {
        return Some(mended);
    }
    let what = format!("\"{}\" cannot be {what}", printable(text, 60));
    let mend = if mended.is_empty() {
        String::new()
    } else {
        format!("write {mended}, and the rest into title")
    };
    findings.error(node.place, what, why, mend);
    None
}

/// Lower-case letters, digits, single dashes; at most 63.
pub(super) fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(200).flat_map(char::to_lowercase) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            out.push(c);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    let cut: String = out.chars().take(63).collect();
    cut.trim_matches('-').to_owned()
}

fn stem(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    let stem = last.strip_suffix(".yaml").or_else(|| last.strip_suffix(".yml")).unwrap_or(last);
    let name = slug(stem);
    if name.is_empty() { "game-day".to_owned() } else { name }
}

/// `black-friday` as `Black friday`.
pub(super) fn humanised(name: &str) -> String {
    let mut chars = name.chars().map(|c| if c == '-' { ' ' } else { c });
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

fn teams(fields: &mut Fields<'_>, findings: &mut Findings) -> Vec<String> {
    let Some(node) = fields.take("teams", findings) else { return vec![ANYONE.to_owned()] };
    let items = value::list(node, "teams", findings).unwrap_or_default();
    if items.is_empty() && matches!(node.kind, Kind::List(_)) {
        let mend = "write teams: [sre], or remove the line";
        findings.error(node.place, "there is no team", "nobody could open an incident", mend);
    }
    let mut teams: Vec<String> = Vec::new();
    for item in items {
        let Some(team) = value::name(item, findings) else { continue };
        if teams.contains(&team) {
            let what = format!("the team \"{}\" stands here twice", printable(&team, 60));
            findings.error(item.place, what, "", "remove one of them");
        } else {
            teams.push(team);
        }
    }
    teams
}

fn target(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Target> {
    let Some(node) = fields.take("target", findings) else { return Some(Target::Lab) };
    if !matches!(node.kind, Kind::Map(_)) {
        let choices = [("lab", false), ("kubernetes", true)];
        let kubernetes = value::word(node, &choices, findings)?;
        return Some(match kubernetes {
            true => Target::Kubernetes(Cluster::default()),
            false => Target::Lab,
        });
    }
    let mut inner = Fields::of(node, "a target", findings)?;
    if let Some(node) = inner.take("kubernetes", findings) {
        inner.finish(findings);
        return cluster::read(node, findings).map(Target::Kubernetes);
    }
    let node = inner.need("url", "https://shop.example", findings);
    inner.finish(findings);
    let node = node?;
    let why = "load is sent only to this host";
    let url = address::read(node, why, "https://shop.example", findings)?;
    Some(Target::Url { url })
}

/// The brief's settings of its orchestrator. What would have to be said on the command line is not silently dropped.
fn config(fields: &mut Fields<'_>, findings: &mut Findings) {
    let Some(node) = fields.take("config", findings) else { return };
    let Some(mut config) = Fields::of(node, "config", findings) else { return };
    for key in ["kubeconfig", "namespace"] {
        if let Some(node) = config.take(key, findings) {
            value::text(node, findings);
        }
    }
    if let Some(node) = config.take("experiments", findings)
        && let Some(mut inner) = Fields::of(node, "config.experiments", findings)
    {
        if let Some(node) = inner.take("blast_radius", findings) {
            let choices = [("controlled", "controlled"), ("limited", "limited"), ("wide", "wide")];
            let chosen = value::word(node, &choices, findings);
            if let Some(chosen) = chosen.filter(|chosen| *chosen != "controlled") {
                let what = format!("a file cannot raise the blast radius to {chosen}");
                let why = "whoever runs the exercise decides that";
                findings.error(
                    node.place,
                    what,
                    why,
                    format!("remove it, and run with --blast-radius {chosen}"),
                );
            }
        }
        if let Some(node) = inner.take("dry_run", findings)
            && value::truth(node, findings) == Some(true)
        {
            let what = "a file cannot make an exercise a dry run";
            findings.error(
                node.place,
                what,
                "it would be easy to overlook",
                "remove it, and run with --dry-run",
            );
        }
        if let Some(node) = inner.take("duration", findings) {
            value::duration(node, findings);
        }
        inner.finish(findings);
    }
    config.finish(findings);
}

/// What a timeline says.
#[derive(Default)]
struct Timeline {
    laid: Option<Vec<Laid>>,
    generator: Option<Generator>,
}

/// Where it stands who makes the load: at the top, or within the scenario.
fn maker<'n>(root: &'n Node, scenario: Option<&'n Node>) -> Option<&'n Node> {
    let within = scenario.and_then(|scenario| scenario.get("load"));
    [root.get("load"), within].into_iter().flatten().find(|node| generator::is(node))
}

/// The timeline, and the name of the scenario that holds it.
fn timeline_of(
    fields: &mut Fields<'_>,
    scenario: Option<&Node>,
    bare: bool,
    findings: &mut Findings,
) -> (Option<String>, Timeline) {
    let Some(node) = scenario else { return (None, shape(fields, bare, findings)) };
    if !matches!(node.kind, Kind::Map(_)) {
        let name = game_day_name(node, findings);
        return (name, shape(fields, bare, findings));
    }
    let Some(mut inner) = Fields::of(node, "a scenario", findings) else {
        return (None, Timeline::default());
    };
    let bare = inner.has("type");
    let name = name(&mut inner, bare, findings);
    let mut timeline = shape(&mut inner, bare, findings);
    inner.finish(findings);
    // How much belongs into the scenario; who makes it may stand beside the target.
    if fields.has("load")
        && let Some(node) = fields.take("load", findings)
    {
        if !generator::is(node) {
            let mend = "move it into the scenario";
            findings.error(node.place, "a scenario has its own load", "", mend);
        } else if timeline.generator.is_some() {
            let what = "it stands here and in the scenario who makes the load";
            findings.error(node.place, what, "", "remove one of them");
        } else {
            timeline.generator = generator::read(node, false, findings).0;
        }
    }
    (name, timeline)
}

fn shape(fields: &mut Fields<'_>, bare: bool, findings: &mut Findings) -> Timeline {
    const SHAPES: [&str; 4] = ["phases", "stages", "experiments", "type"];
    let present: Vec<&str> = SHAPES.into_iter().filter(|key| fields.has(key)).collect();
    if let [first, second, ..] = present.as_slice() {
        let place = fields.place_of(second).unwrap_or(fields.place);
        let what = format!("a game day has \"{first}\" or \"{second}\", not both");
        findings.error(place, what, "there is one timeline", "put everything into phases");
        fields.forgive();
    }
    let rated = present.first() != Some(&"phases");
    let (generator, whole) = load_of(fields, rated, findings);
    Timeline { laid: laid(fields, bare, whole, findings), generator }
}

/// Who makes the load, and how much of it; `rated`: the timeline has none of its own.
fn load_of(
    fields: &mut Fields<'_>,
    rated: bool,
    findings: &mut Findings,
) -> (Option<Generator>, Option<LoadPattern>) {
    let place = fields.place_of("load");
    let Some((node, place)) = fields.take("load", findings).zip(place) else {
        return (None, None);
    };
    let (generator, whole) = match generator::is(node) {
        true => generator::read(node, rated, findings),
        false if rated => (None, load::read(node, None, findings)),
        false => {
            let what = "phases have their own load";
            findings.error(place, what, "it would not be used", "move it into the phases");
            (None, None)
        }
    };
    if matches!(whole, Some(LoadPattern::Spike { .. })) {
        let what = "a spike needs a phase of its own";
        findings.error(node.place, what, "this load is used in every phase", "write phases");
        return (generator, None);
    }
    (generator, whole)
}

fn laid(
    fields: &mut Fields<'_>,
    bare: bool,
    whole: Option<LoadPattern>,
    findings: &mut Findings,
) -> Option<Vec<Laid>> {
    if let Some(node) = fields.take("phases", findings) {
        return timeline::phases(node, findings);
    }
    if let Some(node) = fields.take("stages", findings) {
        return timeline::stages(node, whole, findings);
    }
    if let Some(node) = fields.take("experiments", findings) {
        return timeline::listed(node, whole, findings);
    }
    if bare {
        return Some(timeline::experiments(vec![timeline::alone(fields, findings)?], whole));
    }
    let what = "there is no phase";
    findings.error(
        fields.place,
        what,
        "an exercise needs time",
        "add phases:, stages: or experiments:",
    );
    None
}
