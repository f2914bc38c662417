//! The grammar of the log's line: what each line means, what is said of it in both languages, and that nothing typed is lost.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use gameday::exercise::command::Command;
use gameday::exercise::decide::advance;
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::improvement::{CATEGORIES, Proposal};
use gameday::exercise::incident::{Cause, Incident, IncidentStatus, Severity};
use gameday::exercise::log::{EntryKind, KINDS};
use gameday::exercise::log_line::{Known, LogLine, parse, write};
use gameday::exercise::people::ShownCard;
use gameday::exercise::signal::Signal;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::people::{Person, ROLES};
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::port::feed::FeedItem;
use gameday::tui::answer::Outcome;
use gameday::tui::completing::find;
use gameday::tui::intake::take;
use gameday::tui::key::{Code, Key};
use gameday::tui::layer::Layer;
use gameday::tui::line_words::{does, wrong};
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::pane::Pane;
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::typing;
use gameday::tui::ui::Ui;
use gameday::tui::update::{mouse, press};
use gameday::tui::view;
use gameday::tui::view::hits::hits;
use proptest::option;
use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::layout::Rect;

use super::scenes;
use crate::exercise::stage::Play;

static ENGLISH: LazyLock<Lang> = LazyLock::new(|| Lang::new(Language::English));
static JAPANESE: LazyLock<Lang> = LazyLock::new(|| Lang::new(Language::Japanese));

/// An exercise with so many open incidents, people, a card and the usual faults.
fn exercise(open: u32) -> State {
    let mut state = scenes::running(100);
    state.now.wall = 1_796_083_200_000; // 2026-12-01
    state.log.clear();
    state.incidents = (1..=open + 1)
        .map(|id| {
            let mut one =
                Incident::new(IncidentId(id), "sre", "slow", Severity::Sev2, Stamp::default());
            one.tags = vec!["checkout".into()];
            if id > open {
                one.status = IncidentStatus::Resolved;
            }
            one
        })
        .collect();
    let person = |name: &str| Person { name: name.into(), team: Some("sre".into()), role: None };
    state.people.persons = vec![person("aiko"), person("ben")];
    state.cards = vec![ShownCard {
        planned: None,
        name: "press".into(),
        to: None,
        text: "A newspaper asks.".into(),
        away: None,
        at: Stamp::default(),
        seen_by: Vec::new(),
    }];
    state
}

/// A line as one short text; an error in English.
fn meant(line: &str, known: &Known<'_>) -> String {
    let id = |id: Option<IncidentId>| id.map_or_else(|| "-".to_owned(), |id| id.to_string());
    let since = |ago: Span| if ago.is_zero() { String::new() } else { format!(" [{ago} ago]") };
    match parse(line, known) {
        Err(why) => format!("error {}", ENGLISH.message(&wrong(&why))),
        Ok(LogLine::Note { text, kind, incident, ago, evidence }) => {
            let on = if evidence.is_empty() { String::new() } else { format!(" on {evidence:?}") };
            format!("{kind:?} {} {text}{}{on}", id(incident), since(ago)).to_lowercase()
        }
        Ok(LogLine::Pin { text }) => format!("pin {text}"),
        Ok(LogLine::EditLast { text }) => format!("last {text}"),
        Ok(LogLine::Open { severity, title, people, tags, ago, signal }) => {
            let mut out = format!("open {severity} {title}{}", since(ago));
            people.iter().for_each(|one| write!(out, " @{one}").unwrap());
            tags.iter().for_each(|one| write!(out, " #{one}").unwrap());
            assert_eq!(signal, None);
            out
        }
        Ok(LogLine::Move { id: one, to, of, note, ago }) => {
            let of = of.map_or_else(String::new, |of| format!(" of {of}"));
            format!("move {one} {to}{of} {}{}", note.unwrap_or("-".into()), since(ago))
        }
        Ok(LogLine::Edit { id, title, severity }) => {
            let severity = severity.map_or_else(|| "-".to_owned(), |one| one.to_string());
            format!("edit {id} {severity} {}", title.unwrap_or("-".into()))
        }
        Ok(LogLine::Link { id, cause }) => format!("link {id} {cause:?}"),
        Ok(LogLine::Improve { says }) => {
            let owner = says.owner.unwrap_or("-".into());
            let due = says.due.map_or_else(|| "-".to_owned(), |due| due.to_string());
            format!("improve {} {owner} {due} {}", says.category, says.text)
        }
        Ok(LogLine::Role { role, person }) => format!("role {role} {person}"),
        Ok(LogLine::Join { person }) => format!(
            "join {} {} {}",
            person.name,
            person.team.unwrap_or("-".into()),
            person.role.map_or_else(|| "-".to_owned(), |role| role.to_string())
        ),
        Ok(LogLine::Team { team }) => format!("team {team}"),
        Ok(LogLine::Got { card }) => format!("got {card}"),
    }
}

/// With one incident open: the line, and what it means.
const ONE_OPEN: &[(&str, &str)] = &[
    // Notes.
    ("payments look odd", "note - payments look odd"),
    ("支払いが遅い 🐢", "note - 支払いが遅い 🐢"),
    ("payments look odd -3m", "note - payments look odd [3m ago]"),
    ("決済が遅い　－３ｍ", "note - 決済が遅い [3m ago]"),
    ("決済が遅い ー３分", "note - 決済が遅い [3m ago]"),
    (" payments fell -3m", "note - payments fell -3m"),
    ("　/etc/hosts -3m", "note - /etc/hosts -3m"),
    ("-3m", "note - -3m"),
    ("/note -- fell -3m", "note - fell -3m"),
    ("/note -3m /etc/hosts is wrong", "note - /etc/hosts is wrong [3m ago]"),
    ("note: it is the cache", "note - it is the cache"),
    ("note： キャッシュが原因", "note - キャッシュが原因"),
    ("!important", "note - !important"),
    ("#blackfriday begins", "note - #blackfriday begins"),
    ("false hope", "note - false hope"),
    ("resolve the DNS question later", "note - resolve the dns question later"),
    ("join us in the call", "note - join us in the call"),
    ("edit the runbook", "note - edit the runbook"),
    ("link to the dashboard", "note - link to the dashboard"),
    ("role of the cache is unclear", "note - role of the cache is unclear"),
    ("team payments is late", "note - team payments is late"),
    ("got two alerts", "note - got two alerts"),
    ("improve the runbook", "note - improve the runbook"),
    ("https://status.example/x", "note - https://status.example/x"),
    ("<script>alert(1)</script>", "note - <script>alert(1)</script>"),
    ("\u{202e}evil", "note - \u{202e}evil"),
    // Incidents.
    ("!2 payments p99 up", "open SEV2 payments p99 up"),
    (
        "!2 payments p99 up @aiko #checkout -3m",
        "open SEV2 payments p99 up [3m ago] @aiko #checkout",
    ),
    ("！２ 決済が遅い ＠あいこ ＃決済 －３ｍ", "open SEV2 決済が遅い [3m ago] @あいこ #決済"),
    ("!1決済停止", "open SEV1 決済停止"),
    ("!3 -90s #shop is slow", "open SEV3 #shop is slow [1m30s ago] #shop"),
    ("!3 ask @ben, he knows", "open SEV3 ask @ben, he knows @ben"),
    ("!3 same as #1", "open SEV3 same as #1"),
    ("!2 -- slow -3m @x", "open SEV2 slow -3m @x"),
    ("/sev1 all down", "open SEV1 all down"),
    ("／ｓｅｖ１ 全停止", "open SEV1 全停止"),
    ("!2", "error say what is wrong: !2 payments p99 up"),
    ("!2 @aiko #checkout", "error say what is wrong: !2 payments p99 up"),
    ("!9 x", "error severities go from !1 (critical) to !5 (a nuisance); unsure: take the higher"),
    ("!12 x", "error severities go from !1 (critical) to !5 (a nuisance); unsure: take the higher"),
    // Moves.
    ("ack #1", "move #1 acknowledged -"),
    ("ack", "move #1 acknowledged -"),
    ("ACK #1 looking", "move #1 acknowledged looking"),
    ("／ａｃｋ　＃１", "move #1 acknowledged -"),
    ("/ack 1 looking", "move #1 acknowledged looking"),
    ("investigate #1", "move #1 investigating -"),
    ("mitigate -3m", "move #1 mitigated - [3m ago]"),
    ("mitigate -3m #1 rolled back", "move #1 mitigated rolled back [3m ago]"),
    ("mitigate #1 rolled back -1h5m", "move #1 mitigated rolled back [1h5m ago]"),
    ("/mitigate #1 -- back at -3m", "move #1 mitigated back at -3m"),
    ("/resolve rolled back", "move #1 resolved rolled back"),
    ("false #1", "move #1 false alarm -"),
    ("false alarm #1", "move #1 false alarm -"),
    ("dup #1 of #2", "move #1 duplicate of #2 -"),
    ("dup #1 #2 the same graph", "move #1 duplicate of #2 the same graph"),
    ("dup of #2", "move #1 duplicate of #2 -"),
    ("dup #1", "move #1 duplicate -"),
    ("resolve #7", "error there is no incident #7"),
    ("dup #1 of #7", "error there is no incident #7"),
    ("sev #1 1", "edit #1 SEV1 -"),
    ("sev 1", "edit #1 SEV1 -"),
    ("ｓｅｖ ＃１ １", "edit #1 SEV1 -"),
    ("sev #1", "error say how bad it is: sev #1 2"),
    (
        "sev #1 7",
        "error severities go from !1 (critical) to !5 (a nuisance); unsure: take the higher",
    ),
    ("edit #1 the queue is full", "edit #1 - the queue is full"),
    ("edit #1 !1 the queue is full", "edit #1 SEV1 the queue is full"),
    ("edit #1", "error say it anew: edit #1 payments are slow"),
    ("edit: it was the cache", "last it was the cache"),
    ("edit：キャッシュだった", "last キャッシュだった"),
    ("edit:", "error say it behind edit:"),
    // What is behind them.
    ("link #1 database-slowdown", "link #1 Injection(InjectionId(1))"),
    ("link #1 i1", "link #1 Injection(InjectionId(0))"),
    ("link #1 discovery", "link #1 Discovery"),
    ("link #1 none", "link #1 Unknown"),
    (
        "link #1 databse-slowdown",
        "error there is no injection \"databse-slowdown\"; did you mean \"database-slowdown\"?",
    ),
    ("link #1 i99", "error there is no injection \"i99\"; write its name, i2, discovery, or none"),
    // Kinds.
    ("#1 two pods are gone", "note #1 two pods are gone"),
    ("＃１　二台落ちた", "note #1 二台落ちた"),
    ("#1: two pods are gone", "note #1 two pods are gone"),
    ("#1 action: restarted", "action #1 restarted"),
    ("action: #1 restarted -3m", "action #1 restarted [3m ago]"),
    ("action #1: restarted", "action #1 restarted"),
    ("/action -3m #1 restarted", "action #1 restarted [3m ago]"),
    ("action： 再起動した", "action - 再起動した"),
    ("decision: we fail over", "decision - we fail over"),
    ("fix: rolled back", "fix - rolled back"),
    ("deploy: web-app 2.4.1", "deploy - web-app 2.4.1"),
    ("deploy: #1 web-app 2.4.1 -3m", "deploy #1 web-app 2.4.1 [3m ago]"),
    ("deploy web-app again?", "note - deploy web-app again?"),
    ("config: pool 50 → 80", "configchange - pool 50 → 80"),
    ("ｃｏｎｆｉｇ：接続を８０に", "configchange - 接続を８０に"),
    ("/config -- -3m is no time here", "configchange - -3m is no time here"),
    ("update: told the customers", "update - told the customers"),
    ("config:", "error say it behind config:"),
    ("pin: the graph turns here", "pin the graph turns here"),
    ("pin", "pin "),
    ("pin:", "pin "),
    ("ｐｉｎ：ここで変わった", "pin ここで変わった"),
    ("/pin -- -3m", "pin -3m"),
    ("pin the pods to a node", "note - pin the pods to a node"),
    ("well: the page came at once", "wentwell - the page came at once"),
    ("badly: nobody had the runbook", "wentbadly - nobody had the runbook"),
    ("lucky: it was noon", "lucky - it was noon"),
    ("Lesson：先に温める", "lesson - 先に温める"),
    ("lesson: #9 is unknown", "error there is no incident #9"),
    ("lesson: -- #9 is a number", "lesson - #9 is a number"),
    ("lesson:", "error say it behind lesson:"),
    ("#1", "error say something about #1: #1 two pods are gone"),
    ("#9 hm", "error there is no incident #9"),
    // Improvements.
    ("improve: alert on queue length", "improve process - - alert on queue length"),
    (
        "improve: alert earlier @aiko due:2026-12-15 [detection]",
        "improve detection aiko 2026-12-15 alert earlier",
    ),
    ("improve detection: alert earlier", "improve detection - - alert earlier"),
    ("improve [runbook] say who calls", "improve runbook - - say who calls"),
    ("improve: due:+14d write it down", "improve process - 2026-12-15 write it down"),
    ("/improve capacity: two more pods", "improve capacity - - two more pods"),
    ("improve：手順書を直す　＠あいこ　due:+2w", "improve process あいこ 2026-12-15 手順書を直す"),
    ("improve: see [sic] there", "improve process - - see [sic] there"),
    ("improve:", "error say it behind improve:"),
    ("improve detecton: x", "error there is no category \"detecton\"; did you mean \"detection\"?"),
    (
        "improve: x due:soon",
        "error \"soon\" is no date; write due:2026-12-15, or due:+14d for two weeks from now",
    ),
    // People.
    ("role ic @aiko", "role incident-commander aiko"),
    ("role scribe ben", "role scribe ben"),
    ("role scribe Ben", "role scribe ben"),
    ("role scrbe @ben", "error there is no role \"scrbe\"; did you mean \"scribe\"?"),
    ("join @chie sre", "join chie sre -"),
    ("join ＠ちえ", "join ちえ - -"),
    ("join @chie sre scribe", "join chie sre scribe"),
    ("join @chie sra", "error there is no team \"sra\"; did you mean \"sre\"?"),
    ("team payments", "team payments"),
    ("/team", "error a name is missing behind team"),
    ("got 1", "got 0"),
    ("got 2", "error there is no card 2 yet"),
    ("/got", "error which card? got 2"),
    // Slips.
    ("/akc 1", "error no command /akc; did you mean /ack?"),
    (
        "/etc/hosts is wrong",
        "error no command /etc/hosts is wrong; for a note, begin with a blank or with /note",
    ),
    ("   ", "error nothing is written yet"),
];

#[test]
fn every_line_means_what_the_help_says() {
    let one = exercise(1);
    let known = Known::of(&one, true);
    assert!(ONE_OPEN.len() >= 80);
    for (line, want) in ONE_OPEN {
        // Only the first word behind a slash is the command.
        let want = want.replace("/etc/hosts is wrong;", "/etc/hosts;");
        assert_eq!(meant(line, &known), want, "for {line:?}");
    }
    let (none, two) = (exercise(0), exercise(2));
    for (line, state, want) in [
        ("ack", &none, "error no incident is open; !2 and a title opens one"),
        ("resolve", &two, "error which one? open are #1, #2"),
        ("resolve #2", &two, "move #2 resolved -"),
        ("dup of #1", &two, "move #2 duplicate of #1 -"),
        ("sev 1", &two, "note - sev 1"),
        ("/sev 1", &two, "error which one? open are #1, #2"),
    ] {
        assert_eq!(meant(line, &Known::of(state, true)), want, "for {line:?}");
    }
}

/// Nobody but the facilitator learns from an error which faults there are.
#[test]
fn participants_are_told_no_name_of_a_fault() {
    let state = exercise(1);
    let known = Known::of(&state, false);
    for line in ["link #1 database-slowdown", "link #1 databse-slowdown", "link #1 i1", "/link"] {
        assert_eq!(
            meant(line, &known),
            "error only the facilitator says what is behind an incident",
            "{line}"
        );
        assert_eq!(find(line, &known).1, [], "{line}");
    }
    assert_eq!(find("link #1 ", &known).1, []);
}

fn said(line: &str, state: &State, lang: &Lang) -> (String, String) {
    let known = Known::of(state, true);
    let preview = does(&parse(line, &known).unwrap(), &known, "sre", "facilitator");
    let all = |of: &[gameday::lang::Message]| {
        of.iter().map(|one| lang.message(one).into_owned()).collect::<Vec<_>>().join(" · ")
    };
    (all(&preview.does), all(&preview.warns))
}

#[test]
fn the_preview_says_what_will_happen_and_what_may_be_a_slip() {
    let state = exercise(1);
    for (line, want, warns) in [
        ("hello", "a note", ""),
        ("hello -3m", "a note · 3 minutes ago", ""),
        ("hello -1m", "a note · 1 minute ago", ""),
        ("hello -90s", "a note · 1m30s ago", ""),
        (
            "!2 pay @chie #shop",
            "opens an incident, SEV2: pay · calls chie · about shop · unsure: take the higher severity",
            "nobody called chie takes part yet: join @chie",
        ),
        ("resolve", "incident #1 becomes resolved · slow", ""),
        ("resolve #1 done", "incident #1 becomes resolved · slow · with a note", ""),
        ("#1 fix: rolled back", "a fix that was deployed · to incident #1 slow", ""),
        ("role ic @aiko", "aiko becomes incident commander", ""),
        ("edit: x", "", "nothing was written here for sre yet"),
        (
            "improve [runbook] x @aiko due:+1d",
            "an improvement: runbook · by aiko · until 2026-12-02",
            "",
        ),
        ("got 1", "sre has seen card 1: A newspaper asks.", ""),
        ("link #1 i2", "behind incident #1 is database-slowdown (i2) · slow", ""),
    ] {
        assert_eq!(said(line, &state, &ENGLISH), (want.to_owned(), warns.to_owned()), "{line}");
    }
    let (does, warns) = said("!2 決済が遅い ＠ちえ －３ｍ", &state, &JAPANESE);
    assert_eq!(
        does,
        "インシデントを開く、SEV2: 決済が遅い · 3 分前 · 呼び出し: ちえ · 迷ったら高い方の深刻度"
    );
    assert_eq!(warns, "ちえ は未参加。join @ちえ で参加");
    // Every line of the table is said in both languages without a hole.
    let known = Known::of(&state, true);
    for (line, _) in ONE_OPEN {
        for lang in [&*ENGLISH, &*JAPANESE] {
            let messages = match parse(line, &known) {
                Ok(line) => does_all(&line, &known),
                Err(why) => vec![wrong(&why)],
            };
            for message in messages {
                let text = lang.message(&message);
                assert!(!text.contains("{ $") && text != message.key, "{line}: {text}");
            }
        }
    }
}

fn does_all(line: &LogLine, known: &Known<'_>) -> Vec<gameday::lang::Message> {
    let preview = does(line, known, "sre", "facilitator");
    [preview.does, preview.warns].concat()
}

fn name() -> impl Strategy<Value = String> {
    "[a-z_]{1,6}|[ぁ-ん]{1,4}|[a-z]-[0-9]{1,3}"
}

/// A text as the domain keeps it: one line, without blanks around it.
fn text() -> impl Strategy<Value = String> {
    let hostile =
        ["-3m", "#1 x", "-- x", "@aiko", "a -3m", "x #tag", "due:+1d", "[runbook] x", "ack: x"];
    prop_oneof![
        "\\PC{1,40}",
        "(-3m|#1|--|@aiko|[a-z]{1,4}|action:|ー３分|/ack|!2)( (-3m|#1|--|@x|#t|y:)){0,4}",
        proptest::sample::select(hostile.map(str::to_owned).to_vec()),
    ]
    .prop_map(|text| text.trim().to_owned())
    .prop_filter("something is written", |text| !text.is_empty())
}

fn ago() -> impl Strategy<Value = Span> {
    prop_oneof![Just(0), 1_u64..400_000].prop_map(Span::from_secs)
}

fn incident() -> impl Strategy<Value = IncidentId> {
    (1_u32..=2).prop_map(IncidentId)
}

fn command() -> impl Strategy<Value = Command> {
    let (team, author) = ("sre".to_owned(), "ada".to_owned());
    let all = (team, author);
    let severity = (1_u32..=5).prop_map(|digit| Severity::from_digit(digit).unwrap());
    let kind = proptest::sample::select(KINDS.to_vec());
    let signal = prop_oneof![
        (0_usize..9, 0_usize..9).prop_map(|(slo, nth)| Signal::Slo { slo, nth }),
        (0_usize..9, 0_usize..9).prop_map(|(rule, nth)| Signal::Guardrail { rule, nth }),
        (0_usize..9).prop_map(|nth| Signal::Pods { nth }),
    ];
    let unique = |names: Vec<String>| {
        let mut unique: Vec<String> = Vec::new();
        names.into_iter().for_each(|one| {
            if !unique.contains(&one) {
                unique.push(one);
            }
        });
        unique
    };
    let names = move || proptest::collection::vec(name(), 0..3).prop_map(unique);
    let to = proptest::sample::select(vec![
        IncidentStatus::Acknowledged,
        IncidentStatus::Investigating,
        IncidentStatus::Mitigated,
        IncidentStatus::Resolved,
        IncidentStatus::FalseAlarm,
    ]);
    let cause = prop_oneof![
        (0_usize..2).prop_map(|id| Cause::Injection(InjectionId(id))),
        Just(Cause::Discovery),
        Just(Cause::Unknown),
    ];
    let role = || proptest::sample::select(ROLES.to_vec());
    let category = proptest::sample::select(CATEGORIES.to_vec());
    let due = (0_i32..20_000)
        .prop_map(|days| chrono::NaiveDate::from_num_days_from_ce_opt(730_000 + days).unwrap());
    let evidence = || proptest::collection::vec(any::<u64>(), 0..4);
    let with = move |all: &(String, String)| all.clone();
    let (a, b, c, d, e) = (all.clone(), all.clone(), all.clone(), all.clone(), all.clone());
    let pinned = all.clone();
    let (f, g, h, i) = (all.clone(), all.clone(), all.clone(), all);
    prop_oneof![
        (text(), kind, option::of(incident()), ago(), evidence()).prop_map(
            move |(text, kind, incident, ago, evidence)| {
                let (team, author) = with(&a);
                Command::Log { team, author, text, kind, incident, ago, evidence }
            }
        ),
        text().prop_map(move |text| {
            let (team, author) = with(&b);
            Command::EditLast { team, author, text }
        }),
        option::of(text()).prop_map(move |text| {
            let (team, author) = with(&pinned);
            Command::PinMoment { team, author, text: text.unwrap_or_default() }
        }),
        (text(), severity.clone(), ago(), names(), names(), option::of(signal)).prop_map(
            move |(title, severity, ago, people, tags, signal)| {
                let (team, author) = with(&c);
                Command::OpenIncident { team, author, title, severity, ago, people, tags, signal }
            }
        ),
        (incident(), to, ago()).prop_map(move |(id, to, ago)| {
            let (team, author) = with(&d);
            Command::MoveIncident { id, to, team, author, ago, of: None }
        }),
        (incident(), option::of(incident()), ago()).prop_map(move |(id, of, ago)| {
            let (team, author) = with(&e);
            Command::MoveIncident { id, to: IncidentStatus::Duplicate, team, author, ago, of }
        }),
        (incident(), option::of(text()), option::of(severity))
            .prop_filter("something changes", |(_, title, severity)| {
                title.is_some() || severity.is_some()
            })
            .prop_map(move |(id, title, severity)| {
                let (team, author) = with(&f);
                Command::EditIncident { id, title, severity, team, author }
            }),
        (incident(), cause).prop_map(move |(id, cause)| {
            let (_, author) = with(&g);
            Command::LinkIncident { id, cause, team: "facilitator".into(), author }
        }),
        (category, text(), option::of(name()), option::of(due), evidence()).prop_map(
            move |(category, text, owner, due, evidence)| {
                let (team, author) = with(&h);
                let says = Proposal { category, text, owner, due, evidence };
                Command::NoteImprovement { id: None, says, team, author }
            }
        ),
        (role(), name())
            .prop_map(|(role, person)| { Command::TakeRole { role, person, by: "ada".into() } }),
        (name(), any::<bool>(), option::of(role())).prop_map(|(name, team, role)| {
            let team = team.then(|| "sre".to_owned());
            Command::Join { person: Person { name, team, role }, by: "ada".into() }
        }),
        name().prop_map(|team| Command::AddTeam { team, by: "ada".into() }),
        Just(()).prop_map(move |()| {
            let (team, author) = with(&i);
            Command::AcknowledgeCard { card: 0, team, author }
        }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// A command that is written as a line is the same command where the line is read.
    #[test]
    fn a_command_written_as_a_line_is_read_as_the_same(command in command()) {
        let state = exercise(1);
        let line = write(&command);
        prop_assert!(line.is_some(), "{command:?} has no line");
        let line = line.unwrap_or_default();
        prop_assert!(!line.contains(['\n', '\r']));
        let read = parse(&line, &Known::of(&state, true));
        let read = read.map(|one| one.commands("sre", "ada"));
        prop_assert_eq!(read, Ok(vec![command]), "{}", line);
    }

    /// Whatever is typed means something or is wrong with a reason; what it means can be written down again and stays the
    /// same; and what is offered while it is typed never panics.
    #[test]
    fn no_line_is_too_strange(
        line in prop_oneof![
            "\\PC{0,60}",
            "[!#/@\\[ 　！＃／＠：:a-z0-9-]{0,40}",
            "(!2|/[a-z]{1,9}|#1|link #1|role ic|join|improve:|edit:|dup #1 of)( \\PC{0,12}){0,4}",
        ],
        facilitates in any::<bool>(),
    ) {
        let state = exercise(1);
        let known = Known::of(&state, facilitates);
        for (at, _) in line.char_indices() {
            let (typed, _) = find(&line[..at], &known);
            prop_assert!(typed <= line[..at].chars().count());
        }
        match parse(&line, &known) {
            Err(why) => {
                let message = wrong(&why);
                for lang in [&*ENGLISH, &*JAPANESE] {
                    prop_assert!(!lang.message(&message).is_empty());
                }
            }
            Ok(understood) => {
                for command in understood.commands("sre", "ada") {
                    if let Some(written) = write(&command) {
                        let again = parse(&written, &known).map(|one| one.commands("sre", "ada"));
                        prop_assert_eq!(again, Ok(vec![command]), "{} as {}", line, written);
                    }
                }
            }
        }
    }

    /// Whatever is typed and handed over is in the draft, on its way, or written.
    #[test]
    fn what_is_typed_is_never_lost(
        lines in proptest::collection::vec("[a-z!#/][a-z0-9#@ :-]{0,12}", 1..5),
        refuse in proptest::collection::vec(any::<bool>(), 12),
        halts in any::<bool>(),
    ) {
        let mut state = scenes::running(100);
        state.header = Arc::new(scenes::running(100).header.as_ref().clone());
        let mut ui = Ui::new("facilitator");
        let mut written = Vec::new();
        let mut refuse = refuse.into_iter().cycle();
        for line in &lines {
            if ui.layer() == Layer::Screen {
                press(Key::char('i'), &state, &mut ui);
            }
            typing::put_back(vec![line.clone()], &mut ui);
            if halts {
                press(Key::ctrl('x'), &state, &mut ui);
                press(Key::plain(Code::Esc), &state, &mut ui);
            }
            for outcome in press(Key::plain(Code::Enter), &state, &mut ui) {
                let Outcome::Send(command) = outcome else { continue };
                let item = if refuse.next() == Some(true) {
                    vec![FeedItem::Refused { why: "the disk is full".into(), of: Some(command) }]
                } else {
                    match advance(&mut state.clone(), *command.clone(), state.now) {
                        Ok(events) => {
                            written.push(*command);
                            events.into_iter().map(Arc::new).map(FeedItem::Event).collect()
                        }
                        Err(why) => vec![FeedItem::Refused { why: why.0, of: Some(command) }],
                    }
                };
                for item in item {
                    let now = state.now.elapsed;
                    take(item, now, &mut state, &mut ui);
                }
            }
        }
        let left = typing::unwritten(&ui);
        let known = typing::known(&state);
        for line in &lines {
            let there = left.iter().any(|one| one == line);
            let was = parse(line, &known).is_ok_and(|one| {
                one.commands("sre", "facilitator").iter().any(|one| written.contains(one))
            }) || line.trim().is_empty() || written.iter().any(|one| matches!(one, Command::Log { text, .. } if line.contains(text.as_str())));
            let partly = left.iter().any(|one| one.starts_with("/note"));
            prop_assert!(there || was || partly, "{line:?} is lost: {left:?}, {written:?}");
        }
    }
}

/// Types a text key by key; gives how many keys it took.
fn keys(text: &str, state: &State, ui: &mut Ui) -> (usize, Vec<Command>) {
    let mut sent = Vec::new();
    for one in text.chars() {
        let key = if one == '\n' { Key::plain(Code::Enter) } else { Key::char(one) };
        for outcome in press(key, state, ui) {
            if let Outcome::Send(command) = outcome {
                sent.push(*command);
            }
        }
    }
    (text.chars().count(), sent)
}

/// At five keys a second an incident is open, acknowledged and mitigated within eight seconds, while the exercise goes on and
/// every key is followed by a frame.
#[test]
fn an_incident_is_opened_acknowledged_and_mitigated_within_forty_keys() {
    let mut play = Play::begun();
    let mut state = State::new(Arc::clone(&play.state.header));
    let mut ui = Ui::new("facilitator");
    let mut seen = 0;
    let (theme, mut terminal) = (
        Theme::named("dark", Depth::True).unwrap(),
        Terminal::new(TestBackend::new(120, 40)).unwrap(),
    );
    let mut counted = 0;
    for line in ["i", "!2 pay slow\n", "ack\n", "mitigate\n"] {
        for one in line.chars() {
            // A fifth of a second, with what is measured in it.
            play.pass(Span::from_millis(200));
            for envelope in &play.events[seen..] {
                let now = state.now.elapsed;
                take(FeedItem::Event(Arc::new(envelope.clone())), now, &mut state, &mut ui);
            }
            seen = play.events.len();
            let (count, sent) = keys(&one.to_string(), &state, &mut ui);
            counted += count;
            for command in sent {
                play.tell(command);
            }
            let now = state.now;
            let scene = Scene { state: &state, ui: &ui, theme: &theme, lang: &ENGLISH, now };
            terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
        }
    }
    for envelope in &play.events[seen..] {
        let now = state.now.elapsed;
        take(FeedItem::Event(Arc::new(envelope.clone())), now, &mut state, &mut ui);
    }
    assert!(counted <= 40, "{counted} keys");
    let incident = &play.state.incidents[0];
    assert_eq!((incident.status, incident.title.as_str()), (IncidentStatus::Mitigated, "pay slow"));
    let took = incident.reached(IncidentStatus::Mitigated).unwrap().since(incident.opened);
    assert!(took < Span::from_secs(8), "{took}");
    assert!(!play.state.series.points().is_empty());
    assert_eq!(typing::unwritten(&ui), Vec::<String>::new());
}

#[test]
fn candidates_are_chosen_and_taken_and_tab_goes_on_choosing_the_team() {
    let state = exercise(1);
    let mut ui = Ui::new("facilitator");
    let tab = Key::plain(Code::Tab);
    keys("i/re", &state, &mut ui);
    assert_eq!(ui.layer(), Layer::Completing);
    assert_eq!(ui.offers.list()[0].word, "/resolve");
    press(tab, &state, &mut ui);
    assert_eq!((ui.draft.lines()[0].as_str(), ui.layer()), ("/resolve ", Layer::Typing));
    keys("#", &state, &mut ui);
    let words: Vec<_> = ui.offers.list().iter().map(|one| one.word.as_str()).collect();
    assert_eq!(words, ["#1", "#2", "#checkout"], "the open one first");
    press(Key::plain(Code::Down), &state, &mut ui);
    press(tab, &state, &mut ui);
    assert_eq!(ui.draft.lines(), ["/resolve #2 "]);
    // Without candidates it is the team's key.
    assert_eq!(ui.team, 0);
    press(tab, &state, &mut ui);
    assert_eq!((ui.team, ui.draft.lines()), (1, &["/resolve #2 ".to_owned()][..]));
    // Closed, they stay so for this word.
    keys("@", &state, &mut ui);
    assert_eq!(ui.layer(), Layer::Completing);
    press(Key::plain(Code::Esc), &state, &mut ui);
    assert_eq!(ui.layer(), Layer::Typing);
    keys("a", &state, &mut ui);
    assert_eq!(ui.layer(), Layer::Typing);
    keys(" @b", &state, &mut ui);
    assert_eq!(ui.offers.list()[0].word, "@ben");
    press(Key::ctrl('n'), &state, &mut ui);
    press(Key::ctrl('p'), &state, &mut ui);
    press(tab, &state, &mut ui);
    assert_eq!(ui.draft.lines(), ["/resolve #2 @a @ben "]);
    // Faults behind a link, categories behind an improvement, roles.
    for (typed, want) in [
        ("link #1 slow", "link #1 database-slowdown "),
        ("improve [det", "improve [detection] "),
        ("improve run", "improve runbook: "),
        ("role incident", "role incident-commander "),
        ("join @chie s", "join @chie sre "),
    ] {
        let mut ui = Ui::new("facilitator");
        keys(&format!("i{typed}"), &state, &mut ui);
        press(tab, &state, &mut ui);
        assert_eq!(ui.draft.lines(), [want]);
    }
    // Enter writes, whatever is offered.
    let mut ui = Ui::new("facilitator");
    let (_, sent) = keys("i#1 ask @a\n", &state, &mut ui);
    assert!(matches!(&sent[..], [Command::Log { text, .. }] if text == "ask @a"), "{sent:?}");
}

#[test]
fn candidates_stand_above_the_line_and_a_click_takes_one() {
    let state = exercise(1);
    let theme = Theme::named("dark", Depth::True).unwrap();
    for (width, height) in [(60, 16), (80, 24), (120, 40), (200, 60)] {
        for place in [Place::Live, Place::Briefing, Place::Debrief] {
            for lang in [&*ENGLISH, &*JAPANESE] {
                let mut ui = Ui { place, ..Ui::new("facilitator") };
                keys("i/re", &state, &mut ui);
                let now = state.now;
                let (reached, rows) = {
                    let scene = Scene { state: &state, ui: &ui, theme: &theme, lang, now };
                    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
                    let screen = Rect::new(0, 0, width, height);
                    (hits(&scene, screen), terminal.backend().to_string())
                };
                let rows: Vec<_> = rows.lines().collect();
                let line = rows.iter().position(|row| row.contains("sre › /re")).unwrap();
                let first = rows.iter().position(|row| row.contains("› /resolve")).unwrap();
                assert!(first < line, "{width}x{height} {place:?}");
                let second = reached.iter().find(|hit| hit.target == Target::Offer(1)).unwrap();
                assert_eq!(usize::from(second.area.y), first + 1);
                let want = format!("{} ", ui.offers.list()[1].word);
                let at = second.area.as_position();
                mouse(Mouse { did: Did::Press, at }, &state, &mut ui, &reached);
                assert_eq!(ui.draft.lines(), [want]);
            }
        }
    }
}

#[test]
fn a_line_that_was_not_written_comes_back_before_what_is_typed() {
    let mut state = exercise(1);
    let mut ui = Ui::new("facilitator");
    keys("iresolve #1 done\nnext", &state, &mut ui);
    assert_eq!(typing::unwritten(&ui), ["resolve #1 done", "next"]);
    // The incident was moved by somebody else meanwhile.
    let events = advance(
        &mut state.clone(),
        Command::MoveIncident {
            id: IncidentId(1),
            to: IncidentStatus::Resolved,
            team: "development".into(),
            author: "ben".into(),
            ago: Span::ZERO,
            of: None,
        },
        state.now,
    );
    for event in events.unwrap() {
        let now = state.now.elapsed;
        take(FeedItem::Event(Arc::new(event)), now, &mut state, &mut ui);
    }
    let why = "#1 is resolved: open a new incident".to_owned();
    let now = state.now.elapsed;
    let (team, author) = ("sre".to_owned(), "facilitator".to_owned());
    let (id, to) = (IncidentId(1), IncidentStatus::Resolved);
    let of = Command::MoveIncident { id, to, team, author, ago: Span::ZERO, of: None };
    let of = Some(Box::new(of));
    take(FeedItem::Refused { why: why.into(), of }, now, &mut state, &mut ui);
    assert_eq!(ui.draft.lines(), ["resolve #1 done", "next"]);
    assert_eq!(typing::unwritten(&ui), ["resolve #1 done", "next"]);
    // What a dead screen left.
    let mut ui = Ui::new("facilitator");
    typing::give_back(vec!["!2 pay".into(), "ack".into()], &mut ui);
    assert_eq!(ui.draft.lines(), ["!2 pay", "ack"]);
    let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
    let theme = Theme::named("dark", Depth::True).unwrap();
    let scene = Scene { state: &state, ui: &ui, theme: &theme, lang: &ENGLISH, now: state.now };
    terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
    let shown = terminal.backend().to_string();
    assert!(shown.contains("a line was not written, it is back: !2 pay"), "{shown}");
    assert!(shown.contains("sre › !2 pay"), "{shown}");
}

#[test]
fn the_log_shows_kinds_edits_and_times_that_were_given_later() {
    let mut play = Play::begun();
    let (team, author) = ("sre".to_owned(), "ada".to_owned());
    play.pass(Span::from_secs(400));
    for line in [
        "action: restarted the cache",
        "decision: fail over",
        "fix: rolled back",
        "deploy: 2.4.1",
        "config: pool 80",
        "update: told them",
        "lesson: page earlier",
        "well: one",
        "badly: two",
        "lucky: three",
        "seen earlier -3m",
        "edit: seen much earlier",
        "edit: seen first",
    ] {
        let known = Known::of(&play.state, true);
        for command in parse(line, &known).unwrap().commands(&team, &author) {
            play.tell(command);
        }
    }
    let mut ui = Ui::new("facilitator");
    ui.panes.show(Pane::Log);
    let theme = Theme::named("dark", Depth::True).unwrap();
    for (lang, wants) in [
        (
            &*ENGLISH,
            [
                "→ ACTION restarted",
                "◆ DECISION fail",
                "✓ FIX rolled",
                "⇧ DEPLOY 2.4.1",
                "≡ CONFIG pool",
                "» UPDATE told",
                "★ LESSON page",
                "+ WELL one",
                "− BADLY two",
                "~ LUCKY three",
                "↶ 3m00s ✎ edited 2× seen first",
            ],
        ),
        (
            &*JAPANESE,
            [
                "→ 対応 restarted",
                "◆ 決定 fail",
                "✓ 修正 rolled",
                "⇧ デプロイ 2.4.1",
                "≡ 設定変更 pool",
                "» 状況報告 told",
                "★ 教訓 page",
                "+ 良かった点 one",
                "− 悪かった点 two",
                "~ 幸運 three",
                "↶ 3m00s ✎ 編集 2 回 seen first",
            ],
        ),
    ] {
        let mut terminal = Terminal::new(TestBackend::new(120, 40)).unwrap();
        let now = play.state.now;
        let scene = Scene { state: &play.state, ui: &ui, theme: &theme, lang, now };
        terminal.draw(|frame| view::draw(frame, &scene)).unwrap();
        let text: String = terminal.backend().to_string();
        let squeezed = text.replace(' ', "");
        for want in wants {
            assert!(squeezed.contains(&want.replace(' ', "")), "{want}:\n{text}");
        }
    }
    let entry = play.state.log.iter().find(|entry| entry.text == "seen first").unwrap();
    let before: Vec<_> = entry.before.iter().map(|(_, text)| text.english()).collect();
    assert_eq!(before, ["seen earlier", "seen much earlier"]);
    assert_eq!(entry.kind, EntryKind::Note);
}
