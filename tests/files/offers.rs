//! What the command line says about game days: list, check, plan, schema, new, and names.

use std::fs;
use std::path::Path;

use gameday::cli::check::check;
use gameday::cli::library::{BUILT_IN, load_path, resolve};
use gameday::cli::list::list;
use gameday::cli::new::{new, template};
use gameday::cli::plan::plan;
use gameday::cli::schema::{schema, schema_value};
use serde_json::Value;

use super::good::good;

#[test]
fn the_plan_of_black_friday() {
    let text = plan(&good("gamedays/black-friday.yaml"));
    insta::assert_snapshot!(text.trim_end(), @r#"
    Black Friday (black-friday)
    hypothesis: At ten times normal load the shop loses one web-app pair and a fast database, and customers notice neither.
    target: the embedded lab
    teams: sre, development, support
    response: detect within 1m, acknowledge within 1m, mitigate within 3m, resolve within 5m
    rollback: Ctrl-X ends load and faults at once. To take only the load back: [ and =, or gameday lab ctl shed 50 for what comes from outside.
    lasts 1h20m, 28,200,000 requests

    timeline
           T+0s  normal-load for 10m: 1,000/s, 600,000 requests
          T+10m  gradual-increase for 20m: 1,000/s to 5,000/s in a straight line, 3,600,000 requests
          T+30m  peak-load-with-failures for 30m: 10,000/s, 18,000,000 requests
          T+35m    pod-failure: kill 2 pods of app=web-app
                   undo: stop killing; the controller replaces the pods, and the undo waits until they are ready
                   expect: Gateway ejects the dead pods within 5 s; nobody is paged.
                   judged: nobody notices; inside the steady state again within 30s; availability >= 99.9% during pod-failure
                   hints: 2, 10 points together
          T+38m    card to support: A newspaper asks whether the shop is down.
          T+45m    database-slowdown: delay every statement by 200ms on all pods of app=database, role=primary, to the end of the phase (15m)
                   undo: remove the delay of statements from all pods of app=database, role=primary
                   expect: Pages come from the cache; breakers to the database open, and checkout waits no longer than it must.
                   judged: somebody notices within 1m; availability >= 99.9% during database-slowdown
                   hints: 3, 25 points together
           T+1h  recovery for 20m: 5,000/s, 6,000,000 requests
        T+1h20m  end

    deck
      press, card to support: A newspaper prints in ten minutes and wants one sentence from you: what is wrong, and until when?
      key-person, card to all teams: Whoever knows the database best sits in a train without a signal. (away: the database expert)

    guardrails
      availability < 50% for 30s -> halt: undo everything, start nothing new

    SLOs
      availability >= 99.9%
      latency_p99 <= 200ms

    steady state, before and after
      availability >= 99.9%
      latency_p99 <= 100ms
      error_rate <= 0.1%

    objectives
      Maintain 99.9% availability: measured as availability >= 99.9%
      Keep p99 latency under 200ms: measured as latency_p99 < 200ms
      Scale to 10x normal load: measured as peak(throughput) >= 10 * baseline(throughput)
      Coordinate incident response: measured as incidents.total > 0 and incidents.resolved == incidents.total and mttr(sre) < 5m
    "#);
}

#[test]
fn a_list_shows_the_good_and_the_broken() {
    let here = tempfile::tempdir().unwrap();
    let user = tempfile::tempdir().unwrap();
    fs::write(here.path().join("broken.yaml"), "phases:\n  - { name: one, durration: 5m }\n")
        .unwrap();
    fs::write(user.path().join("mine.yml"), "title: 私の\nphases: [{ name: one, duration: 5m }]\n")
        .unwrap();
    fs::write(user.path().join("broken.yaml"), "phases: [{ name: one, duration: 5m }]\n").unwrap();
    let text = list(here.path(), Some(user.path()));
    insta::assert_snapshot!(text.trim_end(), @r#"
    NAME                  TITLE                 LASTS   PEAK      FAULTS  FROM
    black-friday          Black Friday          1h20m   10,000/s  2       built in
    cache-failure         Cache failure         12m     200/s     3       built in
    cascading-failure     Cascading failure     6m30s   500/s     3       built in
    clock-skew            Clock skew            11m     200/s     2       built in
    configuration-change  Configuration change  11m     200/s     2       built in
    data-corruption       Data corruption       13m     200/s     2       built in
    database-failure      Database failure      16m     200/s     3       built in
    dependency-failure    Dependency failure    15m     200/s     4       built in
    disaster-recovery     Disaster recovery     18m     200/s     1       built in
    mine                  私の                  5m      0/s       0       your data folder
    network-partition     Network partition     4m30s   100/s     1       built in
    node-failure          Node failure          15m     200/s     3       built in
    queue-failure         Queue failure         8m      300/s     1       built in
    random-pod-failures   Random pod failures   6m      500/s     1       built in
    resource-exhaustion   Resource exhaustion   15m     200/s     4       built in
    security              Security              18m30s  200/s     3       built in
    traffic-flood         Traffic flood         6m      200/s     1       built in
    broken  broken (./gamedays): 2:7: error: a phase needs "duration"
    "#);
    assert_eq!(list(Path::new("/nowhere"), None).lines().count(), BUILT_IN.len() + 1);
}

#[test]
fn names_are_found_here_then_with_the_user_then_inside() {
    let here = tempfile::tempdir().unwrap();
    let user = tempfile::tempdir().unwrap();
    let find = |name: &str| resolve(name, here.path(), Some(user.path()));
    assert_eq!(
        find("black-friday").unwrap(),
        (BUILT_IN[0].1.to_owned(), "black-friday.yaml".to_owned())
    );
    let theirs = user.path().join("black-friday.yaml");
    fs::write(&theirs, "theirs").unwrap();
    assert_eq!(find("black-friday").unwrap(), ("theirs".to_owned(), theirs.display().to_string()));
    let ours = here.path().join("black-friday.yaml");
    fs::write(&ours, "ours").unwrap();
    assert_eq!(find("black-friday").unwrap().0, "ours");
    assert_eq!(find(&theirs.display().to_string()).unwrap().0, "theirs");
    let error = find("blak-friday").unwrap_err();
    assert_eq!(error, "there is no game day \"blak-friday\"; did you mean \"black-friday\"?");
    assert!(find("zzz\u{1b}[31m").unwrap_err().contains("`gameday list` shows"));
    assert!(!find("zzz\u{1b}[31m").unwrap_err().contains('\u{1b}'));
    assert!(find("./no/such.yaml").unwrap_err().contains("No such file"));
    fs::write(&ours, [b'a', 0xff, b'b']).unwrap();
    assert!(find("black-friday").unwrap_err().contains("no UTF-8 text (byte 1)"));
}

#[test]
fn a_check_counts_and_says_whether_all_is_well() {
    let fine =
        load_path(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/gamedays/black-friday.yaml")));
    let text = resolve("cascading-failure", Path::new("/nowhere"), None).unwrap().0;
    let built_in = Ok((text, "cascading-failure.yaml".to_owned()));
    let good = check(&[fine.clone(), built_in]);
    assert!(good.ok, "{}", good.text);
    assert!(
        good.text.contains(
            "black-friday.yaml: ok: 1h20m, 4 phases, 2 injections, 28,200,000 requests\n"
        )
    );
    let bad = Ok(("phases: [{ name: one, duration: 5 }]\n".to_owned(), "bad.yaml".to_owned()));
    let mixed = check(&[bad, fine, Err("x.yaml: gone".to_owned())]);
    assert!(!mixed.ok);
    for words in [
        "bad.yaml:1:33: error: \"5\" has no unit",
        "bad.yaml: 1 error, 0 warnings\n",
        "ok: 1h20m",
        "error: x.yaml: gone\n",
    ] {
        assert!(mixed.text.contains(words), "{words} is missing in\n{}", mixed.text);
    }
}

#[test]
fn a_new_game_day_passes_the_check_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("gamedays");
    let path = new("my-first", &folder).unwrap();
    assert_eq!(path, folder.join("my-first.yaml"));
    let checked = check(&[load_path(&path)]);
    assert!(checked.ok && !checked.text.contains("warning"), "{}", checked.text);
    let before = fs::read_to_string(&path).unwrap();
    assert!(before.contains("name: my-first\n") && !before.contains("NAME"));
    fs::write(&path, "mine").unwrap();
    assert!(new("my-first", &folder).unwrap_err().contains("is there already"));
    assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
    for wrong in ["", "Black", "a b", "../up", "-a", "a--b", "日本"] {
        assert!(new(wrong, &folder).unwrap_err().contains("cannot be the name"), "{wrong}");
    }
}

/// Whether `value` fits `schema`, as far as the words go that our schema uses; where it first does not.
fn fits(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    if let Some(name) = schema.get("$ref").and_then(Value::as_str) {
        let target = root.pointer(name.trim_start_matches('#'));
        return fits(root, target.unwrap_or_else(|| panic!("{name} leads nowhere")), value, at);
    }
    for (word, asked) in schema.as_object().unwrap() {
        let good = match word.as_str() {
            "anyOf" => {
                asked.as_array().unwrap().iter().any(|one| fits(root, one, value, at).is_ok())
            }
            "enum" => asked.as_array().unwrap().contains(value),
            "const" => asked == value,
            "required" => asked
                .as_array()
                .unwrap()
                .iter()
                .all(|key| value.get(key.as_str().unwrap()).is_some()),
            "type" => {
                let is = |kind: &Value| match kind.as_str().unwrap() {
                    "object" => value.is_object(),
                    "array" => value.is_array(),
                    "string" => value.is_string(),
                    "number" => value.is_number(),
                    "integer" => value.is_i64() || value.is_u64(),
                    other => panic!("unknown type {other}"),
                };
                asked.as_array().map_or_else(|| is(asked), |kinds| kinds.iter().any(is))
            }
            "minItems" => {
                value.as_array().is_none_or(|items| items.len() as u64 >= asked.as_u64().unwrap())
            }
            "minLength" => value.as_str().is_none_or(|text| !text.is_empty()),
            "maxLength" => {
                value.as_str().is_none_or(|text| text.len() as u64 <= asked.as_u64().unwrap())
            }
            "minProperties" => value.as_object().is_none_or(|keys| !keys.is_empty()),
            // Where it begins with a class of letters, these are looked at and no more.
            "pattern" => value.as_str().is_none_or(|text| {
                let begin = asked.as_str().unwrap().trim_start_matches('^');
                match begin.starts_with("[a-z]") {
                    true => text.starts_with(|c: char| c.is_ascii_lowercase()),
                    false => text.starts_with(begin),
                }
            }),
            "minimum" => value.as_f64().is_none_or(|number| number >= asked.as_f64().unwrap()),
            "exclusiveMinimum" => {
                value.as_f64().is_none_or(|number| number > asked.as_f64().unwrap())
            }
            "maximum" => value.as_f64().is_none_or(|number| number <= asked.as_f64().unwrap()),
            "items" => {
                for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                    fits(root, asked, item, &format!("{at}/{index}"))?;
                }
                true
            }
            "propertyNames" => value.as_object().is_none_or(|keys| {
                keys.keys().all(|key| fits(root, asked, &Value::from(key.as_str()), at).is_ok())
            }),
            "properties" | "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let other = schema.get("additionalProperties");
                for (key, item) in value.as_object().into_iter().flatten() {
                    let path = format!("{at}/{key}");
                    match (known.and_then(|known| known.get(key)), other) {
                        (Some(inner), _) => fits(root, inner, item, &path)?,
                        (None, Some(Value::Bool(false))) => {
                            return Err(format!("{path}: unknown key"));
                        }
                        (None, Some(inner)) => fits(root, inner, item, &path)?,
                        (None, None) => {}
                    }
                }
                true
            }
            "$schema" | "$defs" | "title" | "description" => true,
            other => panic!("the schema uses {other}, which this test does not know"),
        };
        if !good {
            return Err(format!("{at}: {word} {asked} does not hold for {value}"));
        }
    }
    Ok(())
}

fn as_json(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

#[test]
fn the_schema_takes_every_good_file() {
    let root = schema_value();
    assert_eq!(serde_json::from_str::<Value>(&schema()).unwrap(), root);
    let mut files: Vec<(String, String)> =
        BUILT_IN.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.push(("new".to_owned(), template("new")));
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files/good");
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        files.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
    }
    for (name, text) in files {
        assert_eq!(fits(&root, &root, &as_json(&text), ""), Ok(()), "{name}");
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let root = schema_value();
    for (text, words) in [
        ("phases: [{ name: one, durration: 5m }]", "unknown key"),
        ("nam: x\nphases: [{ name: one, duration: 5m }]", "unknown key"),
        ("phases: [{ name: one, duration: 5 }]", "type"),
        ("gameday: v2\nphases: [{ name: one, duration: 5m }]", "const"),
        ("name: x", "anyOf"),
        ("phases: [{ name: one, duration: 5m, load: { rps: 0 } }]", "anyOf"),
        ("type: pod-failur", "enum"),
        ("phases: []", "minItems"),
        ("people: [{ name: aiko, role: king }]\ntype: pod-failure", "enum"),
        ("people: [{ nam: aiko }]\ntype: pod-failure", "unknown key"),
        ("response: { detct: 1m }\ntype: pod-failure", "unknown key"),
        ("deck: [{ name: a, time: +5m }]\ntype: pod-failure", "unknown key"),
        ("type: pod-failure\nexpect: { waht: a }", "anyOf"),
        ("type: pod-failure\nhints: [{ text: a, cost: 1001 }]", "anyOf"),
        ("stages: [{ name: one, hints: [{ txt: a }] }]", "anyOf"),
    ] {
        let error = fits(&root, &root, &as_json(text), "").unwrap_err();
        assert!(error.contains(words), "{text}: {error}");
    }
}
