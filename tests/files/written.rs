//! A plan that is written as a file reads back to the same plan.

use std::path::Path;

use gameday::gameday::plan::GameDay;
use gameday::gameday::read::read;
use gameday::gameday::write::{PhaseRemarks, Remark, Remarks, write};

/// Every game day that comes with the program, and every file that shows what one may say.
fn plans() -> Vec<(String, GameDay)> {
    let mut plans = Vec::new();
    for folder in ["gamedays", "tests/files/good"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            plans.push((name.clone(), read(&text, &name).unwrap()));
        }
    }
    assert!(plans.len() > 20);
    plans
}

fn back(name: &str, plan: &GameDay, text: &str) -> GameDay {
    let back = read(text, "x.yaml").unwrap_or_else(|why| panic!("{name}: {why:?}\n{text}"));
    GameDay { name: plan.name.clone(), ..back }
}

#[test]
fn a_written_plan_reads_back() {
    for (name, plan) in plans() {
        let text = write(&plan, &Remarks::default());
        assert_eq!(back(&name, &plan, &text), plan, "{name}\n{text}");
        assert!(!text.contains("left out"), "{name}\n{text}");
        assert!(text.lines().all(|line| line.trim_end() == line), "{name}\n{text}");
    }
}

/// Made shorter, with times down to the millisecond and guardrails that wait for another time than their words say.
#[test]
fn so_does_one_that_was_scaled() {
    for (name, plan) in plans() {
        let plan = plan.scaled_to(plan.duration().scaled(0.37));
        let text = write(&plan, &Remarks::default());
        let mut back = back(&name, &plan, &text);
        for (rule, was) in back.guardrails.iter_mut().zip(&plan.guardrails) {
            rule.when.source.clone_from(&was.when.source);
        }
        assert_eq!(back, plan, "{name}\n{text}");
    }
}

#[test]
fn what_is_left_out_and_said_is_a_comment() {
    let (_, plan) = plans().into_iter().find(|(name, _)| name == "black-friday.yaml").unwrap();
    let said = |out| Remark { notes: vec!["why\n  not: this".to_owned()], out };
    let mut remarks = Remarks { head: vec!["of\u{1b}[2J what".to_owned()], ..Remarks::default() };
    for (nth, phase) in plan.phases.iter().enumerate() {
        remarks.phases.push(PhaseRemarks {
            itself: said(nth == 0),
            injections: phase.injections.iter().map(|_| said(true)).collect(),
            cards: phase.cards.iter().map(|_| said(false)).collect(),
        });
    }
    let text = write(&plan, &remarks);
    let back = back("black-friday", &plan, &text);
    assert!(text.starts_with("# of\u{fffd}[2J what\n\ngameday: v1\n"), "{text}");
    assert_eq!(back.phases.len(), plan.phases.len() - 1);
    assert_eq!(back.injections().count(), 0);
    let cards = |plan: &GameDay| plan.phases.iter().map(|one| one.cards.len()).sum::<usize>();
    assert_eq!(cards(&back), cards(&plan));
    for line in ["  # why\u{fffd}  not: this\n  # - name: normal-load\n", "    # chaos:\n"] {
        assert!(text.contains(line), "{line}\n{text}");
    }
}

/// What no game day may hold is left out with the reason, and what speaks of it too; the rest stays.
#[test]
fn what_would_be_refused_is_left_out() {
    let (_, mut plan) = plans().into_iter().find(|(name, _)| name == "everything.yaml").unwrap();
    let (phase, injection) =
        plan.injections().map(|(phase, one)| (phase, one.name.clone())).next().unwrap();
    plan.phases[phase].injections[0].offset = plan.duration();
    plan.teams[0] = "not a name".to_owned();
    let text = write(&plan, &Remarks::default());
    let back = back("everything", &plan, &text);
    assert!(text.contains(&format!("# left out: {injection} begins at +")), "{text}");
    assert!(text.contains("# left out: \"not a name\" cannot be a name"), "{text}");
    assert_eq!(back.injections().count(), plan.injections().count() - 1);
    assert_eq!(back.teams, plan.teams[1..]);
}
