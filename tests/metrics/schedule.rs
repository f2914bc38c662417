//! The budget of queries in virtual time: how often, how many together, how spread; what happens when a server is slow, busy,
//! dead, or dislikes one query.

use gameday::gameday::span::Span;
use gameday::metrics::backoff::Waits;
use gameday::metrics::schedule::{Outcome, Pace, Schedule};
use gameday::port::trouble::Trouble;
use proptest::prelude::*;

const fn secs(secs: u64) -> Span {
    Span::from_secs(secs)
}

const fn millis(millis: u64) -> Span {
    Span::from_millis(millis)
}

fn pace() -> Pace {
    Pace { interval: secs(1), ..Pace::default() }
}

/// What a server does with a question: how long it takes, and what comes of it.
type Server<'a> = Box<dyn FnMut(usize, Span) -> (Span, Result<bool, Trouble>) + 'a>;

/// Every question that was asked, and the most that were under way together.
#[derive(Debug, Default)]
struct Story {
    asked: Vec<(Span, usize)>,
    most: usize,
}

impl Story {
    fn of(&self, which: usize) -> Vec<Span> {
        self.asked.iter().filter(|(_, one)| *one == which).map(|(at, _)| *at).collect()
    }

    fn between(&self, from: Span, to: Span) -> usize {
        self.asked.iter().filter(|(at, _)| (from..to).contains(at)).count()
    }

    /// The most questions within any stretch of time.
    fn densest(&self, stretch: Span) -> usize {
        let within = |from: Span| self.between(from, from + stretch);
        self.asked.iter().map(|(at, _)| within(*at)).max().unwrap_or_default()
    }
}

/// Lives from one instant to the next in which something happens.
fn play(schedule: &mut Schedule, until: Span, mut server: Server<'_>) -> Story {
    let (mut story, mut now) = (Story::default(), Span::ZERO);
    let mut flights: Vec<(Span, usize, Result<bool, Trouble>)> = Vec::new();
    while now < until {
        while let Some(which) = schedule.due(now) {
            story.asked.push((now, which));
            let (took, outcome) = server(which, now);
            assert!(flights.iter().all(|(_, one, _)| *one != which), "asked twice");
            flights.push((now + took, which, outcome));
        }
        story.most = story.most.max(flights.len());
        assert_eq!(flights.len(), schedule.under_way());
        let answer = flights.iter().map(|(at, ..)| *at).min();
        let Some(next) = answer.into_iter().chain(schedule.wake()).min() else { break };
        assert!(next > now || answer == Some(now), "stands still at {now}");
        now = next;
        flights.sort_by_key(|(at, ..)| *at);
        while flights.first().is_some_and(|(at, ..)| *at <= now) {
            let (_, which, outcome) = flights.remove(0);
            match &outcome {
                Ok(true) => schedule.heard(which, now, Outcome::Data),
                Ok(false) => schedule.heard(which, now, Outcome::Empty),
                Err(trouble) => schedule.heard(which, now, Outcome::Failed(trouble)),
            }
        }
    }
    story
}

fn good<'a>(took: Span) -> Server<'a> {
    Box::new(move |_, _| (took, Ok(true)))
}

#[test]
fn a_few_queries_are_asked_as_often_as_is_wanted_and_evenly() {
    let mut schedule = Schedule::new(pace(), 4, 1, Span::ZERO);
    assert_eq!(schedule.every(), secs(1));
    let story = play(&mut schedule, secs(60), good(millis(20)));
    for which in 0..4 {
        let asked = story.of(which);
        assert!((59..=61).contains(&asked.len()), "{}", asked.len());
        assert!(asked[2..].windows(2).all(|pair| pair[1] - pair[0] == secs(1)), "{asked:?}");
    }
    // The first all as soon as may be, then one each quarter of a second.
    assert_eq!(story.asked[3].0, millis(600));
    let later = &story.asked[10..];
    assert!(later.windows(2).all(|pair| pair[1].0 - pair[0].0 == millis(250)), "{later:?}");
}

#[test]
fn twenty_queries_a_second_do_not_hurt_the_server() {
    let mut schedule = Schedule::new(pace(), 20, 1, Span::ZERO);
    assert_eq!(schedule.every(), secs(4));
    let story = play(&mut schedule, secs(120), good(millis(50)));
    assert!(story.densest(secs(1)) <= 5, "{}", story.densest(secs(1)));
    assert_eq!(story.most, 1);
    for which in 0..20 {
        assert!((29..=31).contains(&story.of(which).len()), "{which}: {:?}", story.of(which));
    }
}

#[test]
fn a_slow_server_has_no_more_under_way_than_was_agreed() {
    let mut schedule = Schedule::new(pace(), 20, 1, Span::ZERO);
    let story = play(&mut schedule, secs(300), good(secs(3)));
    assert_eq!(story.most, 4);
    for which in 0..20 {
        let asked = story.of(which);
        assert!(asked.len() >= 18, "{which} was asked {} times", asked.len());
        // No more than half of the time.
        assert!(asked.windows(2).all(|pair| pair[1] - pair[0] >= secs(6)), "{asked:?}");
    }
}

#[test]
fn a_server_that_asks_for_patience_gets_it_and_then_a_single_question_first() {
    let patience = secs(30);
    let mut schedule = Schedule::new(pace(), 10, 1, Span::ZERO);
    let mut asked = 0;
    let story = play(
        &mut schedule,
        secs(100),
        Box::new(|_, now| {
            asked += 1;
            let busy = (10..40).contains(&(now.as_millis() / 1_000));
            (
                secs(1),
                if busy {
                    Err(Trouble::Busy { code: 429, wait: Some(patience) })
                } else {
                    Ok(true)
                },
            )
        }),
    );
    let refused = story.asked.iter().find(|(at, _)| *at >= secs(10)).unwrap().0 + secs(1);
    assert_eq!(story.between(refused + millis(1), refused + patience), 0, "{story:?}");
    // One goes ahead and is answered before the others follow.
    let ahead = story.asked.iter().find(|(at, _)| *at > refused).unwrap().0;
    assert!(ahead <= refused + secs(35), "{ahead}");
    assert_eq!(story.between(ahead, ahead + secs(1)), 1);
    assert!(story.between(ahead + secs(1), ahead + secs(6)) >= 10, "{story:?}");
}

#[test]
fn a_dead_server_is_asked_less_and_less_and_at_once_when_it_is_back() {
    let mut schedule = Schedule::new(pace(), 20, 5, Span::ZERO);
    let story = play(
        &mut schedule,
        secs(1_200),
        Box::new(|_, now| {
            let dead = (secs(60)..secs(660)).contains(&now);
            (millis(5), if dead { Err(Trouble::Refused) } else { Ok(true) })
        }),
    );
    let during = story.between(secs(60), secs(660));
    assert!((8..=30).contains(&during), "asked {during} times in ten minutes");
    let back = story.asked.iter().find(|(at, _)| *at >= secs(660)).unwrap().0;
    assert!(back <= secs(720), "{back}");
    let after = story.between(back, back + secs(5));
    assert!(after >= 20, "only {after} in five seconds");
    assert!(story.densest(secs(1)) <= 5);
}

#[test]
fn who_times_out_is_left_alone_and_the_others_are_not() {
    let limit = secs(10);
    let mut schedule = Schedule::new(pace(), 5, 3, Span::ZERO);
    let story = play(
        &mut schedule,
        secs(600),
        Box::new(|which, _| match which {
            2 => (limit, Err(Trouble::Timeout { limit })),
            _ => (millis(20), Ok(true)),
        }),
    );
    assert!((8..=20).contains(&story.of(2).len()), "{:?}", story.of(2));
    for which in [0, 1, 3, 4] {
        assert!(story.of(which).len() >= 590, "{which}: {}", story.of(which).len());
    }
    // Where everybody times out, it is the server.
    let mut schedule = Schedule::new(pace(), 20, 3, Span::ZERO);
    let slow = Box::new(|_, _| (limit, Err(Trouble::Timeout { limit })));
    let story = play(&mut schedule, secs(600), slow);
    assert!(story.asked.len() <= 30, "{}", story.asked.len());
}

#[test]
fn a_query_that_is_refused_is_asked_rarely_and_harms_no_other() {
    let refused = || Trouble::Query { query: "sum(".to_owned(), why: "parse error".to_owned() };
    let mut schedule = Schedule::new(pace(), 5, 3, Span::ZERO);
    let story = play(
        &mut schedule,
        secs(300),
        Box::new(|which, _| (millis(5), if which == 0 { Err(refused()) } else { Ok(true) })),
    );
    assert!((9..=11).contains(&story.of(0).len()), "{:?}", story.of(0));
    assert!(story.of(1).len() >= 295);
    // All of them wrong: still nobody is left alone who could be asked.
    let mut schedule = Schedule::new(pace(), 5, 3, Span::ZERO);
    let all = Box::new(|_, _| (millis(5), Err(refused())));
    assert!((45..=55).contains(&play(&mut schedule, secs(300), all).asked.len()));
    assert_eq!(schedule.left_alone(secs(300)), None);
}

#[test]
fn how_it_stands_is_told_with_age_and_reason() {
    let mut schedule = Schedule::new(pace(), 2, 3, secs(100));
    assert_eq!(schedule.standing(0, secs(105)).said(), None, "it was only just asked for");
    assert_eq!(schedule.standing(0, secs(115)).said().unwrap(), "no data yet, for 15s");
    assert_eq!(schedule.due(secs(100)), Some(0));
    schedule.heard(0, secs(101), Outcome::Data);
    assert_eq!(schedule.standing(0, secs(108)).said(), None);
    assert_eq!(schedule.standing(0, secs(112)).said().unwrap(), "no data for 11s");
    assert_eq!(schedule.due(secs(101)), Some(1));
    schedule.heard(1, secs(102), Outcome::Empty);
    let words = schedule.standing(1, secs(103)).said().unwrap();
    assert_eq!(words, "no data yet, for 3s: the query finds nothing");
    assert_eq!(schedule.due(secs(102)), Some(0));
    schedule.heard(0, secs(103), Outcome::Failed(&Trouble::Refused));
    let words = schedule.standing(0, secs(141)).said().unwrap();
    let why = "nothing listens there: look at host and port, and whether the server runs";
    assert_eq!(words, format!("no data for 40s: {why}"));
    assert!(schedule.left_alone(secs(103)).is_some());
    assert_eq!(schedule.standing(9, secs(103)), Default::default());
    assert_eq!(Schedule::new(pace(), 0, 3, secs(0)).wake(), None);
}

#[test]
fn chance_is_the_same_for_the_same_seed_and_another_for_another() {
    let story = |seed| {
        let mut schedule = Schedule::new(pace(), 3, seed, Span::ZERO);
        play(&mut schedule, secs(300), Box::new(|_, _| (millis(5), Err(Trouble::Refused)))).asked
    };
    assert_eq!(story(1), story(1));
    assert_ne!(story(1), story(2));
}

fn outcome() -> impl Strategy<Value = Result<bool, Trouble>> {
    let limit = secs(10);
    prop_oneof![
        4 => Just(Ok(true)),
        1 => Just(Ok(false)),
        1 => Just(Err(Trouble::Refused)),
        1 => Just(Err(Trouble::Timeout { limit })),
        1 => Just(Err(Trouble::Status { code: 500, body: String::new() })),
        1 => (0_u64..100).prop_map(|wait| Err(Trouble::Busy { code: 429, wait: Some(secs(wait)) })),
        1 => Just(Err(Trouble::Query { query: String::new(), why: String::new() })),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever comes, the budget holds, and afterwards everybody is asked again.
    #[test]
    fn the_budget_holds_whatever_comes(
        queries in 1_usize..30,
        interval in 0_u64..20,
        gap in 1_u64..2_000,
        most in 1_usize..6,
        seed in any::<u64>(),
        script in prop::collection::vec((0_u64..10_000, outcome()), 1..60),
    ) {
        let waits = Waits { first: secs(1), longest: secs(60) };
        let pace = Pace { interval: secs(interval), gap: millis(gap), most_under_way: most, waits };
        let mut schedule = Schedule::new(pace, queries, seed, Span::ZERO);
        let every = schedule.every();
        let mut script = script.into_iter();
        // When the last of the trouble was over.
        let mut well = None;
        let until = secs(5_000);
        let story = play(&mut schedule, until, Box::new(|_, now| match script.next() {
            Some((took, outcome)) => {
                well = Some(now + millis(took));
                (millis(took), outcome)
            }
            None => (millis(10), Ok(true)),
        }));
        prop_assert!(story.most <= most);
        prop_assert!(story.asked.windows(2).all(|pair| pair[1].0 - pair[0].0 >= millis(gap)));
        let well = well.unwrap_or_default();
        // Patience that was granted, waits, a whole interval for everybody.
        let soon = well + secs(110 + 60 + 60) + every + every + every;
        if soon < until {
            for which in 0..queries {
                prop_assert!(story.of(which).iter().any(|at| (well..=soon).contains(at)), "{which}");
                prop_assert_eq!(schedule.standing(which, until).why, None);
            }
        }
    }
}
