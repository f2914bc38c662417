//! A report as JUnit XML, for CI: a suite for the exercise, a case for each objective, check of the steady state, undoing and
//! recovery; of a watch for each SLO, budget, alert and incident. Not what it says.

mod case;
mod watch;

use std::fmt::Write as _;

use chrono::DateTime;

use super::markup::harmless;
use super::model::{Injection, Objective, Report, Steady};
use case::{Came, Case};

/// The report as JUnit XML.
pub fn render(report: &Report) -> String {
    let cases = cases(report);
    let count = |which: fn(&Came) -> bool| cases.iter().filter(|case| which(&case.came)).count();
    let failed = count(|came| matches!(came, Came::Failed(..)));
    let skipped = count(|came| matches!(came, Came::Skipped(_)));
    let numbers = format!(
        "tests=\"{}\" failures=\"{failed}\" errors=\"0\" skipped=\"{skipped}\" time=\"{}\"",
        cases.len(),
        seconds(took(report))
    );
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    let _ = writeln!(out, "<testsuites name=\"gameday\" {numbers}>");
    let _ = writeln!(
        out,
        "  <testsuite name=\"{}\" id=\"{}\" {numbers}{}>",
        harmless(&report.title),
        harmless(&report.exercise),
        timestamp(report.began.wall_ms)
    );
    properties(&mut out, report);
    for case in &cases {
        write(&mut out, report, case);
    }
    out += "  </testsuite>\n</testsuites>\n";
    out
}

fn cases(report: &Report) -> Vec<Case> {
    let mut cases: Vec<Case> = report.objectives.iter().map(objective).collect();
    cases.extend(report.steady.iter().map(steady));
    for one in &report.injections {
        cases.push(undone(one));
        cases.push(recovered(one));
    }
    cases.extend(watch::cases(report));
    cases.push(ended(report));
    cases
}

fn objective(one: &Objective) -> Case {
    let mut evidence = one.evidence.clone();
    if let (Some(score), Some(_)) = (&one.score, &one.measure) {
        let verdict = if score.met { "met" } else { "not met" };
        let _ = write!(evidence, " — {} says {verdict}: {}", score.by, score.reason);
    }
    let came = match one.answer {
        "met" => Came::Passed(evidence),
        "not scored" => Came::Skipped(evidence),
        answer => Came::Failed(answer, evidence),
    };
    Case { class: "objectives", name: one.title.clone(), took: 0, came }
}

fn steady(check: &Steady) -> Case {
    let limits = check.findings.iter().map(|finding| {
        let verdict = if finding.holds { "holds" } else { "does not hold" };
        format!("{} {} ({}): {verdict}", finding.metric, finding.value_words, finding.limit)
    });
    let evidence = limits.collect::<Vec<_>>().join("; ");
    let came =
        if check.holds { Came::Passed(evidence) } else { Came::Failed("does not hold", evidence) };
    Case { class: "steady-state", name: format!("steady state {}", check.when), took: 0, came }
}

fn undone(one: &Injection) -> Case {
    let problem = one.problem.as_deref().unwrap_or("no problem was noted");
    let (took, came) = match (one.t0, one.reverted) {
        (_, Some(at)) => {
            let since = one.t0.map_or(at.elapsed_ms, |t0| t0.elapsed_ms);
            let took = at.elapsed_ms.saturating_sub(since);
            (took, Came::Passed(one.revert_evidence.clone()))
        }
        // What may be in the target is a failure, whether or not it was seen to take effect.
        (t0, None)
            if t0.is_some() || matches!(one.status, "not reverted" | "injecting" | "reverting") =>
        {
            (0, Came::Failed("not reverted", format!("{}: {problem}", one.status)))
        }
        (_, None) if one.status == "failed" => {
            (0, Came::Failed("not injected", format!("it could not be injected: {problem}")))
        }
        (_, None) => (0, Came::Skipped(format!("it took no effect: {}", one.status))),
    };
    Case { class: "revert", name: format!("{} is undone", one.name), took, came }
}

fn recovered(one: &Injection) -> Case {
    let came = match one.recovery {
        word @ ("recovered" | "never left the steady state") => Came::Passed(word.to_owned()),
        "not recovered" => Came::Failed(
            "not recovered",
            "the steady state was left and did not come back".to_owned(),
        ),
        word => Came::Skipped(word.to_owned()),
    };
    let took = one.recovery_ms.unwrap_or_default();
    Case {
        class: "recovery",
        name: format!("the steady state recovers from {}", one.name),
        took,
        came,
    }
}

fn ended(report: &Report) -> Case {
    let came = match &report.ending {
        None => Came::Failed("no end", "the recording stops before the end".to_owned()),
        Some(ending) if matches!(ending.outcome, "completed" | "ended early") => {
            Came::Passed(format!("{}: {}", ending.outcome, ending.why))
        }
        Some(ending) => Came::Failed(ending.outcome, ending.why.clone()),
    };
    let (class, name) = match report.watch {
        Some(_) => ("watch", "the watch runs to its end"),
        None => ("exercise", "the exercise runs to its end"),
    };
    Case { class, name: name.to_owned(), took: took(report), came }
}

/// How long it took; what a watch has of the time before is not counted.
const fn took(report: &Report) -> u64 {
    if report.watch.is_some() { report.ran.running_ms } else { report.ran.total_ms }
}

fn properties(out: &mut String, report: &Report) {
    out.push_str("    <properties>\n");
    let mut put = |name: &str, value: &str| {
        let _ = writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", harmless(value));
    };
    put("exercise", &report.exercise);
    put("gameday", &report.name);
    put("program", &report.program);
    if let Some(watch) = &report.watch {
        put("drill", "false");
        put("source", &watch.source);
        if let Some(alerts) = &watch.alert_source {
            put("alert_source", alerts);
        }
    } else {
        put("target", &report.target);
        put("seed", &report.seed.to_string());
        put("blast_radius", &report.ceiling);
        put("objectives", &report.overall.words);
    }
    for warning in &report.warnings {
        put("warning", warning);
    }
    for left in &report.left {
        put("left_in_target", &left.name);
    }
    out.push_str("    </properties>\n");
}

fn write(out: &mut String, report: &Report, case: &Case) {
    let class = format!("{}.{}", report.name, case.class);
    let _ = write!(
        out,
        "    <testcase classname=\"{}\" name=\"{}\" time=\"{}\">",
        harmless(&class),
        harmless(&case.name),
        seconds(case.took)
    );
    let _ = match &case.came {
        Came::Passed(seen) => write!(out, "<system-out>{}</system-out>", harmless(seen)),
        Came::Failed(kind, evidence) => {
            let says = harmless(evidence);
            write!(out, "<failure type=\"{}\" message=\"{says}\">{says}</failure>", harmless(kind))
        }
        Came::Skipped(why) => write!(out, "<skipped message=\"{}\"/>", harmless(why)),
    };
    out.push_str("</testcase>\n");
}

/// `12.345`.
fn seconds(millis: u64) -> String {
    format!("{}.{:03}", millis / 1_000, millis % 1_000)
}

/// In UTC, as an attribute; nothing where it is no date.
fn timestamp(wall_ms: i64) -> String {
    DateTime::from_timestamp_millis(wall_ms)
        .map_or_else(String::new, |at| format!(" timestamp=\"{}\"", at.format("%Y-%m-%dT%H:%M:%S")))
}
