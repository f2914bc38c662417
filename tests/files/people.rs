//! What a file says of people: who takes part, targets, the deck, what is expected of an injection, and hints.

use gameday::cli::check::check;
use gameday::cli::plan::plan;
use gameday::gameday::people::{Expected, Hint, Noticed, People, Person, Role};
use gameday::gameday::plan::GameDay;
use gameday::gameday::read::inspect;
use gameday::gameday::span::Span;
use proptest::prelude::*;

use super::good::good;

fn person(name: &str, team: Option<&str>, role: Option<Role>) -> Person {
    Person { name: name.to_owned(), team: team.map(str::to_owned), role }
}

fn expected(plan: &GameDay) -> Vec<&Expected> {
    plan.injections().map(|(_, one)| &one.expected).collect()
}

#[test]
fn people_targets_and_deck_are_read() {
    let people = good("tests/files/good/people.yaml").people;
    assert_eq!(
        people.persons,
        [
            person("aiko", Some("sre"), Some(Role::IncidentCommander)),
            person("佐藤さん", Some("サポート"), Some(Role::CustomerLiaison)),
            person("ben_2.0-x", None, Some(Role::Observer)),
            person("chie", None, Some(Role::Observer)),
            person("4711", None, None),
        ]
    );
    let minutes = |minutes: u64| Some(Span::from_secs(minutes * 60));
    assert_eq!((people.response.detect, people.response.acknowledge), (minutes(2), minutes(1)));
    assert_eq!((people.response.mitigate, people.response.resolve), (minutes(5), minutes(10)));
    let deck: Vec<_> = people
        .deck
        .iter()
        .map(|card| (card.name.as_str(), card.to.as_deref(), card.away.as_deref()))
        .collect();
    assert_eq!(
        deck,
        [("press", Some("サポート"), None), ("急病", None, Some("aiko")), ("everyone", None, None)]
    );
    assert_eq!(people.deck[0].text, "新聞社から電話です。");
}

#[test]
fn expectations_and_hints_are_read_in_every_shape() {
    let stages = good("tests/files/good/people.yaml");
    let [first, second] = expected(&stages)[..] else { panic!() };
    assert_eq!(first.noticed, Some(Noticed::Nobody));
    assert_eq!(first.within, Some(Span::from_secs(5)));
    assert_eq!(second.noticed, Some(Noticed::Team("サポート".to_owned())));
    assert_eq!((second.within, &second.measure), (Some(Span::from_secs(180)), &None));
    let injections: Vec<_> = stages.injections().map(|(_, one)| one).collect();
    assert_eq!(injections[0].expect.as_deref(), Some("Nobody is paged."));
    let hint = |text: &str, cost| Hint { text: text.to_owned(), cost };
    assert_eq!(
        injections[0].hints,
        [hint("Look at the database.", 0), hint("It is slow.", 10), hint("Very.", 1_000)]
    );
    assert!(injections[1].hints.is_empty());

    let bare = good("tests/files/good/people-bare.yaml");
    let (_, one) = bare.injections().next().unwrap();
    assert_eq!(one.expected.noticed, Some(Noticed::Anyone));
    assert_eq!(one.expect.as_deref(), Some("Pages come from the cache."));
    assert_eq!(one.hints, [hint("What is slow?", 0)]);
    assert_eq!(bare.people.deck[0].away.as_deref(), Some("the database expert"));

    let text = "experiments:\n  - { type: database-slowdown, latency: 1ms, expect: Nothing., hints: [ a, b ] }\n";
    let listed = inspect(text, "x.yaml").0.unwrap();
    let (_, one) = listed.injections().next().unwrap();
    assert_eq!((one.expect.as_deref(), one.hints.len()), (Some("Nothing."), 2));
    assert!(one.expected.is_empty());
}

#[test]
fn a_measure_is_judged_during_its_own_injection_where_it_says_nothing_else() {
    let plan = good("tests/files/good/people.yaml");
    let measure = expected(&plan)[0].measure.clone().unwrap();
    assert_eq!(
        measure.source,
        "availability >= 99.9% and (time_to_detect(second) < 2m or max(latency_p99) < 1s in two or failures == 0 during second)"
    );
    assert_eq!(
        measure.condition.to_string(),
        "availability >= 99.9% during first and (time_to_detect(second) < 120s or max(latency_p99) < 1s in two or failures == 0 during second)"
    );
    // An injection without a name of its own gets one before its measure is tied to it.
    let fault = "experiment: { type: database-slowdown, latency: 1ms, duration: 1s }";
    let wanted = "expect: { what: a, measure: breaker_opened(web-app) > 0 and actions == 0 }";
    let text = format!(
        "phases: [{{ name: one, duration: 10m, chaos: [{{ time: +1m, {fault} }}, {{ time: +5m, {fault}, {wanted} }}] }}]\n"
    );
    let plan = inspect(&text, "x.yaml").0.unwrap();
    let measure = expected(&plan)[1].measure.clone().unwrap();
    assert_eq!(
        measure.condition.to_string(),
        "breaker_opened(web-app) > 0 during database-slowdown-2 and actions == 0"
    );
}

#[test]
fn what_people_need_is_not_scaled() {
    let before = good("tests/files/good/people.yaml");
    let after = before.scaled_to(Span::from_millis(before.duration().as_millis() / 10));
    assert_ne!(before.phases, after.phases);
    assert_eq!(after.people, before.people);
    assert_eq!(expected(&after), expected(&before));
    let hints = |plan: &GameDay| -> Vec<Vec<Hint>> {
        plan.injections().map(|(_, one)| one.hints.clone()).collect()
    };
    assert_eq!(hints(&after), hints(&before));
}

#[test]
fn the_plan_tells_what_is_expected_of_people_and_machines() {
    let text = plan(&good("tests/files/good/people.yaml"));
    insta::assert_snapshot!(text.trim_end());
}

#[test]
fn a_key_person_who_is_none_of_the_people_is_a_warning_of_the_check() {
    let head = "people: [ { name: aiko } ]\n";
    let body =
        "phases: [{ name: one, duration: 1m, cards: [{ time: +1s, text: a, away: aika }] }]\n";
    let checked = check(&[Ok((format!("{head}{body}"), "a.yaml".to_owned()))]);
    assert!(checked.ok);
    assert!(checked.text.contains("did you mean \"aiko\"?"), "{}", checked.text);
    assert!(checked.text.contains("; 1 warning\n"), "{}", checked.text);
    let anyone = check(&[Ok((body.to_owned(), "a.yaml".to_owned()))]);
    assert!(anyone.ok && !anyone.text.contains("warning"), "{}", anyone.text);
}

#[test]
fn a_file_without_people_says_nothing_of_them() {
    let plan = good("gamedays/random-pod-failures.yaml");
    assert_eq!(plan.people, People::default());
    let json = serde_json::to_string(&plan).unwrap();
    for key in ["people", "hints", "expected\"", "away"] {
        assert!(!json.contains(key), "{key}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_name_is_taken_exactly_when_it_can_be_typed(name in "[a-zé佐ー0-9_.@ -]{1,45}") {
        let text = format!("people: [{{ name: \"{name}\" }}]\nphases: [{{ name: one, duration: 1m }}]\n");
        let name = name.trim();
        let typed = |c: char| c.is_alphanumeric() || "-_.".contains(c);
        let right = name.chars().all(typed)
            && name.starts_with(char::is_alphanumeric)
            && !name.ends_with('.')
            && name.chars().count() <= 40;
        let (plan, problems) = inspect(&text, "x.yaml");
        prop_assert_eq!(plan.is_some(), right, "{:?}", problems);
        if let Some(plan) = plan {
            prop_assert_eq!(&plan.people.persons[0].name, name);
        } else if let Some(mended) = problems.first().and_then(|one| one.mend.strip_prefix("write ")) {
            // What is offered instead is taken.
            let text = format!("people: [{{ name: \"{mended}\" }}]\nphases: [{{ name: one, duration: 1m }}]\n");
            prop_assert!(mended == "something, or remove the line" || inspect(&text, "x.yaml").0.is_some(), "{}", mended);
        }
    }
}
