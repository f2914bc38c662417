//! Strategies that make any event with sane figures.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use gameday::exercise::alert::{Alert, AlertState, Alerts, SilenceOrder};
use gameday::exercise::approved::Approved;
use gameday::exercise::blast::{BlastRadius, Risk};
use gameday::exercise::cluster::{ClusterNews, Placed, Rollout, Warning};
use gameday::exercise::event::{Envelope, Event, Outcome, PhaseEnd, When};
use gameday::exercise::found::Labels;
use gameday::exercise::histogram::{LatencyHistogram, PackedHistogram};
use gameday::exercise::id::{ImprovementId, IncidentId, InjectionId, LeverId};
use gameday::exercise::improvement::{CATEGORIES, Proposal};
use gameday::exercise::incident::{Cause, IncidentStatus, Severity};
use gameday::exercise::lever::Lever;
use gameday::exercise::log::KINDS;
use gameday::exercise::people::TeamStanding;
use gameday::exercise::reading::{
    BreakerReading, Checkpoint, Failover, IntegrityCheck, Reading, TableComparison,
};
use gameday::exercise::said::{Place, Said};
use gameday::exercise::sample::{ErrorCounts, Sample};
use gameday::exercise::service::Over;
use gameday::exercise::signal::Signal;
use gameday::exercise::stamp::Stamp;
use gameday::exercise::steady::Finding;
use gameday::exercise::target::{Pod, PodHealth, Service, Topology};
use gameday::exercise::undo::Undo;
use gameday::exercise::watch::Asking;
use gameday::gameday::instrument::Instrument;
use gameday::gameday::load::{LoadPattern, RateCurve};
use gameday::gameday::matcher::{How, Matcher};
use gameday::gameday::metric::{Metric, Unit};
use gameday::gameday::people::{DeckCard, Person, ROLES};
use gameday::gameday::plan::Limit;
use gameday::gameday::query::Query;
use gameday::gameday::span::Span;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use serde_json::{Map, Value};

fn span() -> impl Strategy<Value = Span> {
    (0..3_155_760_000_000_u64).prop_map(Span::from_millis)
}

fn stamp() -> impl Strategy<Value = Stamp> {
    (span(), -1_000_000_000_000..4_000_000_000_000_i64).prop_map(|(t, at)| Stamp::new(t, at))
}

/// Any finite figure, down to the last bit.
fn figure() -> impl Strategy<Value = f64> {
    prop_oneof![
        -1e15..1e15,
        0.0..1.0,
        proptest::num::f64::ANY.prop_filter("sane", |x| x.abs() <= 1e15),
    ]
}

fn text() -> impl Strategy<Value = String> {
    any::<String>()
}

/// A sentence of the exercise: a bare text, or one with a key, a text and a part in its places.
fn told() -> impl Strategy<Value = Said> {
    let inner = (text(), text()).prop_map(|(english, name)| {
        let places = vec![("name".into(), Place::Text(name))];
        Said::new("window-during", english, places)
    });
    prop_oneof![
        text().prop_map(Said::from),
        (text(), text(), inner).prop_map(|(english, by, inner)| {
            let places = vec![("by".into(), Place::Text(by)), ("what".into(), Place::from(inner))];
            Said::new("log-held", english, places)
        }),
    ]
}

fn texts() -> impl Strategy<Value = Vec<String>> {
    vec(text(), 0..4)
}

fn place() -> impl Strategy<Value = usize> {
    0..9_usize
}

fn injection() -> impl Strategy<Value = InjectionId> {
    place().prop_map(InjectionId)
}

fn incident() -> impl Strategy<Value = IncidentId> {
    (0..9_u32).prop_map(IncidentId)
}

fn count() -> impl Strategy<Value = u64> {
    prop_oneof![0..20_000_u64, 0..1_000_000_000_000_u64]
}

fn json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        figure().prop_map(Value::from),
        text().prop_map(Value::String),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::Array),
            vec((text(), inner), 0..4)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn metric() -> impl Strategy<Value = Metric> {
    proptest::sample::select(Metric::all().collect::<Vec<_>>())
}

fn finding() -> impl Strategy<Value = Finding> {
    let limit = (metric(), option::of(figure()), option::of(figure()))
        .prop_map(|(metric, min, max)| Limit { metric, min, max });
    (limit, option::of(figure()), any::<bool>()).prop_map(|(limit, value, holds)| Finding {
        limit,
        value,
        holds,
    })
}

fn undo() -> impl Strategy<Value = Undo> {
    (text(), told(), json()).prop_map(|(key, what, data)| Undo { key, what, data })
}

fn blast() -> impl Strategy<Value = BlastRadius> {
    let risk = prop_oneof![Just(Risk::Low), Just(Risk::Medium), Just(Risk::High)];
    (place(), texts(), texts(), texts(), figure(), risk).prop_map(
        |(pods, services, dependents, critical, replicas_left, risk)| BlastRadius {
            pods,
            services,
            dependents,
            critical,
            replicas_left,
            risk,
            ..BlastRadius::default()
        },
    )
}

fn curve() -> impl Strategy<Value = RateCurve> {
    let pattern = prop_oneof![
        figure().prop_map(|rps| LoadPattern::Constant { rps }),
        (figure(), figure()).prop_map(|(start, end)| LoadPattern::Linear { start, end }),
        (figure(), figure(), any::<u32>()).prop_map(|(start, end, steps)| LoadPattern::Step {
            start,
            end,
            steps
        }),
        (figure(), figure(), span(), span())
            .prop_map(|(base, peak, at, width)| LoadPattern::Spike { base, peak, at, width }),
        (figure(), figure(), span()).prop_map(|(mean, amplitude, period)| LoadPattern::Sine {
            mean,
            amplitude,
            period
        }),
    ];
    (pattern, span(), span()).prop_map(|(pattern, duration, position)| RateCurve {
        pattern,
        duration,
        position,
    })
}

fn latency() -> impl Strategy<Value = PackedHistogram> {
    vec(0..700_000_000_u64, 0..20).prop_map(|values| {
        let mut histogram = LatencyHistogram::new();
        values.into_iter().for_each(|value| histogram.record(value));
        PackedHistogram::pack(&histogram)
    })
}

fn errors() -> impl Strategy<Value = ErrorCounts> {
    (count(), count(), count(), count(), count(), count(), count()).prop_map(
        |(refused, reset, timeout, tls, protocol, client, server)| ErrorCounts {
            refused,
            reset,
            timeout,
            tls,
            protocol,
            client,
            server,
        },
    )
}

fn sample() -> impl Strategy<Value = Sample> {
    let counts = (count(), count(), count(), count(), count(), count());
    (span(), span(), figure(), counts, errors(), latency()).prop_map(
        |(start, length, planned, counts, errors, latency)| {
            let (attempted, dropped, ok, lag_p50_us, lag_p99_us, in_flight) = counts;
            Sample {
                start,
                length,
                planned,
                attempted,
                dropped,
                ok,
                errors,
                latency,
                lag_p50_us,
                lag_p99_us,
                in_flight,
            }
        },
    )
}

fn topology() -> impl Strategy<Value = Topology> {
    let health = proptest::sample::select(vec![
        PodHealth::Starting,
        PodHealth::Ready,
        PodHealth::NotReady,
        PodHealth::Dead,
    ]);
    let labels = btree_map(text(), text(), 0..4);
    let pod = (text(), labels, health, any::<u32>(), told()).prop_map(
        |(name, labels, health, restarts, note): (_, BTreeMap<_, _>, _, _, _)| Pod {
            name,
            labels,
            health,
            restarts,
            note,
            ..Pod::default()
        },
    );
    let service = (text(), texts(), any::<bool>()).prop_map(|(name, depends_on, critical)| {
        Service { name, depends_on, critical, ..Service::default() }
    });
    (vec(pod, 0..4), vec(service, 0..4)).prop_map(|(pods, services)| Topology {
        pods,
        services,
        ..Topology::default()
    })
}

fn outcome() -> impl Strategy<Value = Outcome> {
    proptest::sample::select(vec![
        Outcome::Completed,
        Outcome::EndedEarly,
        Outcome::Halted,
        Outcome::NotStarted,
        Outcome::Died,
    ])
}

fn status() -> impl Strategy<Value = IncidentStatus> {
    proptest::sample::select(vec![
        IncidentStatus::Open,
        IncidentStatus::Acknowledged,
        IncidentStatus::Investigating,
        IncidentStatus::Mitigated,
        IncidentStatus::Resolved,
        IncidentStatus::FalseAlarm,
        IncidentStatus::Duplicate,
    ])
}

fn course() -> BoxedStrategy<Event> {
    let when = prop_oneof![Just(When::Before), Just(When::After)];
    let end = prop_oneof![Just(PhaseEnd::Completed), Just(PhaseEnd::Skipped), Just(PhaseEnd::Cut)];
    prop_oneof![
        (text(), told()).prop_map(|(base_url, what)| Event::TargetReady { base_url, what }),
        told().prop_map(|error| Event::TargetFailed { error }),
        Just(Event::PreflightStarted),
        (when, vec(finding(), 0..4), any::<bool>()).prop_map(|(when, findings, holds)| {
            Event::SteadyStateChecked { when, findings, holds }
        }),
        text().prop_map(|by| Event::BriefingHeld { by }),
        text().prop_map(|by| Event::GoGiven { by }),
        (text(), text()).prop_map(|(by, reason)| Event::NoGoOverridden { by, reason }),
        place().prop_map(|phase| Event::PhaseStarted { phase }),
        (place(), end).prop_map(|(phase, why)| Event::PhaseEnded { phase, why }),
        (place(), span(), text()).prop_map(|(phase, amount, by)| Event::PhaseExtended {
            phase,
            amount,
            by
        }),
        (outcome(), told()).prop_map(|(outcome, why)| Event::ClosingStarted { outcome, why }),
        (text(), told()).prop_map(|(by, reason)| Event::Held { by, reason }),
        text().prop_map(|by| Event::Resumed { by }),
        (text(), told()).prop_map(|(by, reason)| Event::Halted { by, reason }),
        (text(), text()).prop_map(|(by, reason)| Event::Released { by, reason }),
        (outcome(), told()).prop_map(|(outcome, why)| Event::Ended { outcome, why }),
    ]
    .boxed()
}

fn wall() -> impl Strategy<Value = i64> {
    -1_000_000_000_000..4_000_000_000_000_i64
}

fn silences() -> BoxedStrategy<Event> {
    let how = prop_oneof![Just(How::Is), Just(How::IsNot), Just(How::Fits), Just(How::FitsNot)];
    let matcher = (text(), how, text()).prop_map(|(name, how, value)| Matcher { name, how, value });
    let order = (text(), vec(matcher, 0..4), wall(), wall(), text(), text()).prop_map(
        |(key, matchers, from, until, by, comment)| SilenceOrder {
            key,
            matchers,
            from,
            until,
            by,
            comment,
        },
    );
    let round = || 0..5_u32;
    prop_oneof![
        (place(), text()).prop_map(|(silence, by)| Event::SilenceAgreed { silence, by }),
        (place(), round(), order, undo()).prop_map(|(silence, round, order, undo)| {
            Event::SilenceStarted { silence, round, order, undo }
        }),
        (place(), round(), wall(), told()).prop_map(|(silence, round, until, evidence)| {
            Event::SilenceActive { silence, round, until, evidence }
        }),
        (place(), round(), told(), any::<bool>()).prop_map(|(silence, round, error, nothing)| {
            Event::SilenceFailed { silence, round, error, nothing }
        }),
        (place(), any::<u32>(), told())
            .prop_map(|(silence, attempt, why)| { Event::LiftStarted { silence, attempt, why } }),
        (place(), told()).prop_map(|(silence, evidence)| Event::Lifted { silence, evidence }),
        (place(), any::<u32>(), told()).prop_map(|(silence, attempt, error)| {
            Event::LiftFailed { silence, attempt, error }
        }),
    ]
    .boxed()
}

fn faults() -> BoxedStrategy<Event> {
    let round = || 0..5_u32;
    prop_oneof![
        (injection(), round(), text()).prop_map(|(id, round, by)| Event::InjectionArmed {
            id,
            round,
            by
        }),
        (injection(), round(), texts(), texts(), undo(), blast()).prop_map(
            |(id, round, victims, peers, undo, blast)| Event::InjectionStarted {
                id,
                round,
                victims,
                peers,
                undo,
                blast,
            }
        ),
        (injection(), round(), stamp(), told()).prop_map(|(id, round, t0, evidence)| {
            Event::InjectionActive { id, round, t0, evidence }
        }),
        (injection(), round(), told()).prop_map(|(id, round, error)| Event::InjectionFailed {
            id,
            round,
            error
        }),
        (injection(), told()).prop_map(|(id, why)| Event::InjectionSkipped { id, why }),
        (injection(), span(), text()).prop_map(|(id, amount, by)| Event::InjectionDelayed {
            id,
            amount,
            by
        }),
        (injection(), any::<u32>(), told()).prop_map(|(id, attempt, why)| Event::RevertStarted {
            id,
            attempt,
            why
        }),
        (injection(), told()).prop_map(|(id, evidence)| Event::Reverted { id, evidence }),
        silences(),
        (injection(), any::<u32>(), told()).prop_map(|(id, attempt, error)| Event::RevertFailed {
            id,
            attempt,
            error
        }),
    ]
    .boxed()
}

fn measured() -> BoxedStrategy<Event> {
    prop_oneof![
        curve().prop_map(|curve| Event::LoadFollowed { curve }),
        (option::of(figure()), text()).prop_map(|(rps, by)| Event::LoadOverridden { rps, by }),
        Just(Event::LoadStopped),
        told().prop_map(|error| Event::LoadFailed { error }),
        sample().prop_map(Event::Sampled),
        topology().prop_map(Event::TargetSeen),
        (place(), figure()).prop_map(|(slo, value)| Event::SloBreached { slo, value }),
        (place(), figure()).prop_map(|(slo, value)| Event::SloRecovered { slo, value }),
        (place(), figure()).prop_map(|(rule, value)| Event::GuardrailFired { rule, value }),
        place().prop_map(|rule| Event::GuardrailCleared { rule }),
    ]
    .boxed()
}

fn severity() -> impl Strategy<Value = Severity> {
    (1..6_u32).prop_map(|digit| Severity::from_digit(digit).unwrap())
}

fn signal() -> impl Strategy<Value = Signal> {
    prop_oneof![
        (place(), place()).prop_map(|(slo, nth)| Signal::Slo { slo, nth }),
        (place(), place()).prop_map(|(rule, nth)| Signal::Guardrail { rule, nth }),
        place().prop_map(|nth| Signal::Pods { nth }),
    ]
}

fn standing() -> BoxedStrategy<TeamStanding> {
    let means = [option::of(span()), option::of(span()), option::of(span()), option::of(span())];
    (text(), place(), means, place(), any::<u32>())
        .prop_map(|(team, detected, means, false_alarms, cost)| TeamStanding {
            team,
            detected,
            means,
            false_alarms,
            cost,
        })
        .boxed()
}

fn people() -> BoxedStrategy<Event> {
    let kind = proptest::sample::select(KINDS.to_vec());
    let cause = prop_oneof![
        injection().prop_map(Cause::Injection),
        Just(Cause::Discovery),
        Just(Cause::Unknown),
    ];
    prop_oneof![
        (
            (text(), text(), text()),
            kind,
            option::of(incident()),
            option::of(stamp()),
            vec(0..60_u64, 0..3),
        )
            .prop_map(|((team, author, text), kind, incident, happened, evidence)| {
                Event::Logged { team, author, text, kind, incident, happened, evidence }
            }),
        (text(), text(), text()).prop_map(|(team, author, text)| Event::MomentPinned {
            team,
            author,
            text
        }),
        (0..60_u64, text(), text(), text()).prop_map(|(entry, text, team, author)| {
            Event::EntryEdited { entry, text, team, author }
        }),
        (
            (incident(), text(), text(), text(), severity()),
            (option::of(stamp()), texts(), texts(), option::of(signal())),
        )
            .prop_map(
                |((id, team, author, title, severity), (happened, people, tags, signal))| {
                    Event::IncidentOpened {
                        id,
                        team,
                        author,
                        title,
                        severity,
                        happened,
                        people,
                        tags,
                        signal,
                    }
                }
            ),
        ((incident(), status(), text(), text()), (option::of(stamp()), option::of(incident())),)
            .prop_map(|((id, to, team, author), (happened, of))| Event::IncidentMoved {
                id,
                to,
                team,
                author,
                happened,
                of
            }),
        (incident(), text(), severity(), text(), text()).prop_map(
            |(id, title, severity, team, author)| {
                Event::IncidentEdited { id, title, severity, team, author }
            }
        ),
        (incident(), cause, text()).prop_map(|(id, cause, by)| Event::IncidentLinked {
            id,
            cause,
            by
        }),
        (signal(), text()).prop_map(|(signal, by)| Event::SuggestionSetAside { signal, by }),
        (text(), text()).prop_map(|(by, reason)| Event::RealIncidentDeclared { by, reason }),
        ("later-[a-z]{1,8}", json()).prop_map(|(kind, data)| Event::Unknown { kind, data }),
    ]
    .boxed()
}

fn crew() -> BoxedStrategy<Event> {
    let role = proptest::sample::select(ROLES.to_vec());
    let person = (text(), option::of(text()), option::of(role.clone()))
        .prop_map(|(name, team, role)| Person { name, team, role });
    let card = (text(), option::of(text()), text(), option::of(text()))
        .prop_map(|(name, to, text, away)| DeckCard { name, to, text, away });
    let category = proptest::sample::select(CATEGORIES.to_vec());
    let due = option::of((1990..2100_i32, 1..366_u32))
        .prop_map(|day| day.and_then(|(year, day)| NaiveDate::from_yo_opt(year, day)));
    let says = (category, text(), option::of(text()), due, vec(any::<u64>(), 0..4)).prop_map(
        |(category, text, owner, due, evidence)| Proposal { category, text, owner, due, evidence },
    );
    let id = (0..9_u32).prop_map(ImprovementId);
    prop_oneof![
        (text(), text()).prop_map(|(team, by)| Event::TeamAdded { team, by }),
        (person, text()).prop_map(|(person, by)| Event::PersonJoined { person, by }),
        (role, text(), text()).prop_map(|(role, person, by)| Event::RoleTaken { role, person, by }),
        (place(), place()).prop_map(|(phase, card)| Event::CardShown { phase, card }),
        (card, text()).prop_map(|(card, by)| Event::CardDrawn { card, by }),
        (place(), text(), text()).prop_map(|(card, team, author)| Event::CardAcknowledged {
            card,
            team,
            author
        }),
        ((option::of(injection()), place(), text()), any::<u32>(), option::of(text()), text())
            .prop_map(|((injection, hint, text), cost, to, by)| Event::HintGiven {
                injection,
                hint,
                text,
                cost,
                to,
                by
            }),
        (vec(standing(), 0..4), text())
            .prop_map(|(standings, by)| Event::BoardShown { standings, by }),
        text().prop_map(|by| Event::BoardHidden { by }),
        (place(), any::<bool>(), text(), text()).prop_map(|(objective, met, by, reason)| {
            Event::ObjectiveScored { objective, met, by, reason }
        }),
        (injection(), any::<bool>(), text(), text())
            .prop_map(|(id, met, by, reason)| { Event::ExpectationJudged { id, met, by, reason } }),
        (id.clone(), says, text(), text()).prop_map(|(id, says, team, author)| {
            Event::ImprovementNoted { id, says, team, author }
        }),
        (id, text(), text()).prop_map(|(id, by, reason)| Event::ImprovementDropped {
            id,
            by,
            reason
        }),
        (text(), any::<u64>(), any::<bool>(), text()).prop_map(|(exercise, entry, done, by)| {
            Event::EarlierSettled { exercise, entry, done, by }
        }),
    ]
    .boxed()
}

fn query() -> impl Strategy<Value = Query> {
    let units = [Unit::Share, Unit::Millis, Unit::PerSecond, Unit::Count];
    let name = proptest::sample::select(vec!["availability", "latency-p99", "queue_2"]);
    (name, proptest::sample::select(units.to_vec()))
        .prop_map(|(name, unit)| Query::new(name, unit).unwrap())
}

fn watching() -> impl Strategy<Value = Event> {
    let asking = (
        option::of(any::<i64>()),
        any::<bool>(),
        option::of(told()),
        any::<bool>(),
        option::of(told()),
    )
        .prop_map(|(silent, came, why, empty, note)| Asking { silent, came, why, empty, note });
    let over = prop_oneof![Just(Over::Session), span().prop_map(Over::Last)];
    let state = proptest::sample::select(vec![
        AlertState::Firing,
        AlertState::Pending,
        AlertState::Suppressed,
    ]);
    let labels = btree_map("[a-z]{1,5}", "[a-z0-9]{0,5}", 0..3).prop_map(Labels::from);
    let more = (option::of(text()), option::of(text()), option::of(text()));
    let alert = (text(), text(), state, option::of(any::<i64>()), labels, more).prop_map(
        |(id, name, state, since, labels, (summary, description, link))| Alert {
            id,
            name,
            state,
            since,
            labels,
            summary,
            description,
            link,
        },
    );
    prop_oneof![
        Just(Event::WatchStarted),
        span().prop_map(|away| Event::WatchResumed { away }),
        vec(reading(), 0..3).prop_map(|readings| Event::ThenKnown { readings }),
        (place(), asking).prop_map(|(query, asking)| Event::AskingChanged { query, asking }),
        (place(), over, option::of(figure()))
            .prop_map(|(service, over, share)| Event::ShareHeard { service, over, share }),
        (vec(alert, 0..3), 0..9_usize)
            .prop_map(|(all, left_off)| Event::AlertsChanged { alerts: Alerts { all, left_off } }),
        told().prop_map(|why| Event::AlertsUnknown { why }),
    ]
}

fn reading() -> impl Strategy<Value = Reading> {
    let instrument = proptest::sample::select(Instrument::ALL.to_vec());
    let breaker = (text(), text(), any::<u32>(), any::<u32>(), any::<u32>(), span()).prop_map(
        |(owner, guards, count, open, opened, open_for)| BreakerReading {
            owner,
            guards,
            count,
            open,
            opened,
            open_for,
        },
    );
    let values = btree_map(instrument, figure(), 0..5);
    let foreign = btree_map("later_[a-z]{1,8}", json(), 0..3);
    let asked = btree_map(query(), figure(), 0..3);
    (span(), span(), values, asked, vec(breaker, 0..3), foreign).prop_map(
        |(start, length, values, asked, breakers, foreign)| Reading {
            start,
            length,
            values,
            asked,
            breakers,
            foreign,
        },
    )
}

/// What a cluster says, and what was approved in it.
fn in_cluster() -> BoxedStrategy<Event> {
    let approved = (injection(), texts(), blast(), texts(), texts(), text(), told()).prop_map(
        |(id, victims, blast, services, zones, hash, problem)| Approved {
            id,
            victims,
            blast,
            services,
            zones,
            hash,
            problem,
        },
    );
    let warning = (wall(), text(), text(), text(), any::<bool>()).prop_map(
        |(at, about, reason, text, reveals)| Warning { at, about, reason, text, reveals },
    );
    let rollout = (text(), any::<u32>(), any::<u32>(), any::<u32>())
        .prop_map(|(name, updated, ready, wanted)| Rollout { name, updated, ready, wanted });
    let placed = (text(), any::<bool>(), text(), texts())
        .prop_map(|(name, ours, phase, conditions)| Placed { name, ours, phase, conditions });
    let news = (
        vec(warning, 0..3),
        option::of(vec(rollout, 0..3)),
        option::of(vec(placed, 0..3)),
        option::of(told()),
    );
    prop_oneof![
        (vec(approved, 0..3), text())
            .prop_map(|(injections, by)| Event::ReachApproved { by, injections }),
        news.prop_map(|(warnings, rollouts, experiments, unseen)| {
            Event::ClusterNoted { news: ClusterNews { warnings, rollouts, experiments, unseen } }
        }),
    ]
    .boxed()
}

fn lever() -> impl Strategy<Value = Lever> {
    prop_oneof![
        (text(), any::<u32>()).prop_map(|(app, replicas)| Lever::Scale { app, replicas }),
        text().prop_map(|pod| Lever::Restart { pod }),
        Just(Lever::Promote),
        Just(Lever::FlushCache),
        Just(Lever::WarmCache),
        Just(Lever::RenewCertificate),
        text().prop_map(|account| Lever::RestorePermission { account }),
        text().prop_map(|app| Lever::RollBackConfiguration { app }),
        figure().prop_map(|share| Lever::ShedLoad { share }),
        (text(), any::<u32>()).prop_map(|(pod, lines)| Lever::ReadLog { pod, lines }),
        (text(), text()).prop_map(|(pod, path)| Lever::Curl { pod, path }),
    ]
}

fn inside() -> BoxedStrategy<Event> {
    let table = (text(), count(), count(), count(), count()).prop_map(
        |(table, rows, missing, extra, changed)| TableComparison {
            table,
            rows,
            missing,
            extra,
            changed,
        },
    );
    let id = (0..9_u32).prop_map(LeverId);
    prop_oneof![
        reading().prop_map(Event::Observed),
        (text(), text(), span(), span(), told()).prop_map(|(from, to, took, behind, by)| {
            Event::FailedOver(Failover { from, to, took, behind, by })
        }),
        vec((text(), count()), 0..4)
            .prop_map(|tables| Event::CheckpointTaken(Checkpoint { tables })),
        Just(Event::ComparisonStarted),
        (vec(table, 0..4), count(), count()).prop_map(|(tables, acknowledged, lost)| {
            Event::IntegrityChecked(IntegrityCheck { tables, acknowledged, lost })
        }),
        told().prop_map(|error| Event::IntegrityFailed { error }),
        (id.clone(), lever(), text(), text()).prop_map(|(id, lever, team, author)| {
            Event::LeverPulled { id, lever, team, author }
        }),
        (id, any::<bool>(), told()).prop_map(|(id, ok, said)| Event::LeverDone { id, ok, said }),
    ]
    .boxed()
}

/// Any event of any kind.
pub fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        course(),
        faults(),
        measured(),
        inside(),
        watching(),
        people(),
        crew(),
        in_cluster()
    ]
}

/// Any event at any place and time.
pub fn envelope() -> impl Strategy<Value = Envelope> {
    (any::<u64>(), stamp(), event()).prop_map(|(seq, stamp, event)| Envelope { seq, stamp, event })
}

/// Events as they follow each other in a recording.
pub fn envelopes(most: usize) -> impl Strategy<Value = Vec<Envelope>> {
    vec((0..5_000_u64, event()), 0..most).prop_map(|steps| {
        let mut elapsed = 0;
        let place = |(index, (step, event)): (usize, (u64, Event))| {
            elapsed += step;
            let wall = 1_795_363_500_000 + i64::try_from(elapsed).unwrap();
            Envelope {
                seq: index as u64 + 1,
                stamp: Stamp::new(Span::from_millis(elapsed), wall),
                event,
            }
        };
        steps.into_iter().enumerate().map(place).collect()
    })
}
