//! What is asked of an exercise from other terminals, levers and lines for its log: each becomes commands like those from
//! the screen, so that it is decided, recorded and logged like them; the answer is the event that tells what came of it.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use super::stage::Stage;
use crate::cli::door::{Keeper, Lines};
use crate::cli::words::{Audience, Reply, Request, Wish};
use crate::exercise::answered::answers;
use crate::exercise::command::Command;
use crate::exercise::decide::decide;
use crate::exercise::event::Event;
use crate::exercise::fold::apply;
use crate::exercise::id::LeverId;
use crate::exercise::improvement::Proposal;
use crate::exercise::lever::names::Names;
use crate::exercise::lever::parse::parse;
use crate::exercise::log::EntryKind;
use crate::exercise::log_line::{self, Known};
use crate::exercise::said::{Between, Said, said};
use crate::exercise::state::State;
use crate::gameday::problem::suggestion;
use crate::gameday::text::printable;
use crate::lang::{Lang, Language};
use crate::port::feed::{Feed, FeedItem, Orders};
use crate::port::target::Answer;
use crate::tui::lever::in_english;
use crate::tui::line_words;
use crate::tui::typing::FACILITATOR;

/// Somebody who asked and waits.
struct Asked {
    request: Request,
    reply: oneshot::Sender<Reply>,
}

/// Where people ask and look on.
pub(super) struct Desk {
    asked: mpsc::UnboundedSender<Asked>,
    lines: Lines,
}

impl Keeper for Desk {
    fn serve(&self, request: Request) -> Answer<'_, Reply> {
        let (reply, answer) = oneshot::channel();
        let over = || Reply { ok: false, said: said!("refused-over", "the exercise is over") };
        let sent = self.asked.send(Asked { request, reply });
        Box::pin(async move {
            match sent {
                Ok(()) => answer.await.unwrap_or_else(|_| over()),
                Err(_) => over(),
            }
        })
    }

    fn show(&self, audience: Audience) -> Option<Lines> {
        match audience {
            Audience::Participants => Some(self.lines.clone()),
        }
    }
}

/// A desk beside a feed: the same feed goes on, and the desk sees it go by.
pub(super) fn beside(feed: Feed, orders: Arc<dyn Orders>) -> (Feed, Desk) {
    let Feed { snapshot, tail: mut source } = feed;
    let (sender, tail) = mpsc::unbounded_channel();
    let (ask, mut asked) = mpsc::unbounded_channel();
    let mut clerk =
        Clerk { state: snapshot.clone(), orders, waiting: Vec::new(), pulled: BTreeMap::new() };
    let (mut stage, lines) = Stage::new(Arc::clone(&snapshot.header));
    tokio::spawn(async move {
        loop {
            tokio::select! {
                // Whoever asks is told by the newest that is known.
                biased;
                item = source.recv() => {
                    let Some(item) = item else { return };
                    clerk.see(&item);
                    stage.see(&item);
                    // A screen that is gone needs nothing; the desk goes on.
                    let _ = sender.send(item);
                }
                Some(one) = asked.recv() => clerk.take(one, &stage),
            }
        }
    });
    (Feed { snapshot, tail }, Desk { asked: ask, lines })
}

/// Something that was handed over and is not seen to have happened yet.
struct Waiting {
    /// What must still happen, in this order.
    commands: VecDeque<Command>,
    /// What came of those that have.
    said: Vec<Said>,
    reply: oneshot::Sender<Reply>,
}

/// What an event says to whoever asked for it.
enum Came {
    /// It is done.
    Said(Said),
    /// It is begun.
    Pulled(LeverId),
}

struct Clerk {
    state: State,
    orders: Arc<dyn Orders>,
    waiting: Vec<Waiting>,
    pulled: BTreeMap<LeverId, oneshot::Sender<Reply>>,
}

impl Clerk {
    fn take(&mut self, asked: Asked, stage: &Stage) {
        let Asked { request, reply } = asked;
        match self.understood(&request, stage) {
            Ok(commands) => {
                let handed = commands.clone().into();
                self.waiting.push(Waiting { commands: handed, said: Vec::new(), reply });
                for command in commands {
                    self.orders.send(command);
                }
            }
            // Whoever asked may have gone.
            Err(why) => drop(reply.send(Reply { ok: false, said: why })),
        }
    }

    /// What is asked for, if it would be followed now.
    fn understood(&self, request: &Request, stage: &Stage) -> Result<Vec<Command>, Said> {
        let plan = self.state.plan();
        let author = printable(&request.author, 40);
        let mut commands = match &request.wish {
            Wish::Lever(words) => {
                let names = Names::of(&self.state.topology).and_of(plan);
                let lever = parse(words, &names).map_err(|why| in_english(&why))?;
                let team = self.team(request, false)?;
                vec![Command::PullLever { lever, team, author }]
            }
            Wish::Join(_) => return Err("to join is nothing to be answered".into()),
            Wish::Write(line) if line.trim().contains(['\n', '\r']) => {
                return Err("this is more than one line; write them one by one".into());
            }
            Wish::Write(line) => {
                let team = self.team(request, true)?;
                let known = Known::of(&self.state, team == FACILITATOR);
                let line = log_line::parse(line, &known).map_err(|wrong| {
                    let english = Lang::new(Language::English);
                    english.message(&line_words::wrong(&wrong)).into_owned()
                })?;
                line.commands(&team, &author)
            }
        };
        for command in &mut commands {
            by_our_numbers(command, stage)?;
            decide(&self.state, command.clone(), self.state.now).map_err(|refusal| refusal.0)?;
        }
        Ok(commands)
    }

    /// The team that acts. The facilitator writes, as at the screen, but repairs nothing.
    fn team(&self, request: &Request, writes: bool) -> Result<String, String> {
        let teams = self.state.plan().teams.iter().map(String::as_str);
        let known: Vec<&str> = teams.chain(writes.then_some(FACILITATOR)).collect();
        match &request.team {
            Some(team) if known.contains(&team.as_str()) => Ok(team.clone()),
            Some(team) => {
                let what = format!("there is no team \"{}\"", printable(team, 40));
                Err(format!("{what}; {}", suggestion(team, &known)))
            }
            None => Ok(known.first().copied().unwrap_or_default().to_owned()),
        }
    }

    /// Something happened; perhaps it is what somebody waits for.
    fn see(&mut self, item: &FeedItem) {
        match item {
            FeedItem::Event(envelope) => {
                apply(&mut self.state, envelope);
                self.happened(&envelope.event);
            }
            FeedItem::Refused { why, of: Some(of) } => self.refused(of, why),
            FeedItem::Refused { of: None, .. }
            | FeedItem::RecordingTrouble(_)
            | FeedItem::Revealed(_) => {}
        }
    }

    fn happened(&mut self, event: &Event) {
        if let Event::LeverDone { id, ok, said } = event
            && let Some(reply) = self.pulled.remove(id)
        {
            drop(reply.send(Reply { ok: *ok, said: said.clone() }));
        }
        let next = |one: &Waiting| came_of(one.commands.front()?, event);
        let found = self.waiting.iter().enumerate().find_map(|(at, one)| Some((at, next(one)?)));
        match found {
            Some((at, Came::Pulled(id))) => {
                drop(self.pulled.insert(id, self.waiting.remove(at).reply));
            }
            Some((at, Came::Said(said))) => self.came(at, said),
            None => {}
        }
    }

    /// One more of what the one at `at` asked for has happened.
    fn came(&mut self, at: usize, said: Said) {
        let Some(one) = self.waiting.get_mut(at) else { return };
        one.commands.pop_front();
        one.said.push(said);
        if one.commands.is_empty() {
            let one = self.waiting.remove(at);
            drop(one.reply.send(Reply { ok: true, said: Said::all(one.said, Between::Then) }));
        }
    }

    /// Answers whoever asked for what could be followed then, and no longer when its turn came.
    fn refused(&mut self, of: &Command, why: &Said) {
        // Of two who asked for the same the first may have had it.
        let found = self.waiting.iter().rposition(|one| one.commands.front() == Some(of));
        if let Some(at) = found {
            let reply = self.waiting.remove(at).reply;
            drop(reply.send(Reply { ok: false, said: why.clone() }));
        }
    }
}

/// What a line rests on is named as participants know it.
fn by_our_numbers(command: &mut Command, stage: &Stage) -> Result<(), Said> {
    if let Command::Log { evidence, .. }
    | Command::NoteImprovement { says: Proposal { evidence, .. }, .. } = command
    {
        for seq in evidence {
            let recorded = stage.recorded(*seq);
            *seq = recorded
                .ok_or_else(|| said!("refused-no-event", "there is no event {seq}", seq = *seq))?;
        }
    }
    Ok(())
}

/// What an event says to whoever gave this command; `None`: it did not come of it.
fn came_of(command: &Command, event: &Event) -> Option<Came> {
    match (command, event) {
        (
            Command::PullLever { lever, team, author },
            Event::LeverPulled { id, lever: pulled, team: of, author: by },
        ) => (lever == pulled && team == of && author == by).then_some(Came::Pulled(*id)),
        _ => answers(command, event)
            .then(|| said(command, event))
            .flatten()
            .map(|said| Came::Said(said.into())),
    }
}

/// What came of a command that a line gave, in words.
fn said(command: &Command, event: &Event) -> Option<String> {
    Some(match (command, event) {
        (Command::Log { incident, kind, .. }, _) => {
            let to = incident.map_or_else(String::new, |id| format!(" to {id}"));
            match kind {
                EntryKind::Note => format!("noted{to}"),
                kind => format!("noted{to}, as {}", a_kind(*kind)),
            }
        }
        (Command::EditLast { .. }, _) => "the last line is written anew".to_owned(),
        (Command::OpenIncident { severity, .. }, Event::IncidentOpened { id, .. }) => {
            format!("incident {id} is open, {severity}")
        }
        (Command::MoveIncident { id, to, of: Some(of), .. }, _) => {
            format!("incident {id} is {to} of {of}")
        }
        (Command::MoveIncident { id, to, .. }, _) => format!("incident {id} is {to}"),
        (Command::EditIncident { id, .. }, Event::IncidentEdited { title, severity, .. }) => {
            format!("incident {id} is {severity}, {}", printable(title, 100))
        }
        (Command::PinMoment { .. }, _) => "this moment is pinned".to_owned(),
        (Command::LinkIncident { id, .. }, _) => format!("it is noted what is behind {id}"),
        (Command::NoteImprovement { .. }, Event::ImprovementNoted { id, says, .. }) => {
            format!("improvement {} is noted, {}", id.0, says.category)
        }
        (Command::TakeRole { role, person, .. }, _) => format!("{person} is {role}"),
        (Command::Join { person, .. }, _) => format!("{} takes part", person.name),
        (Command::AddTeam { team, .. }, _) => format!("there is a team {team}"),
        (Command::AcknowledgeCard { card, team, .. }, _) => {
            format!("{team} has seen card {}", card + 1)
        }
        _ => return None,
    })
}

const fn a_kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Note => "a note",
        EntryKind::Lesson => "a lesson",
        EntryKind::Action => "an action",
        EntryKind::Decision => "a decision",
        EntryKind::Fix => "a deployed fix",
        EntryKind::Deploy => "a deployment",
        EntryKind::ConfigChange => "a change of configuration",
        EntryKind::Update => "a status update",
        EntryKind::WentWell => "what went well",
        EntryKind::WentBadly => "what went badly",
        EntryKind::Lucky => "luck",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::blast::Ceiling;
    use crate::exercise::decide::advance;
    use crate::exercise::event::{Envelope, Outcome};
    use crate::exercise::header::Header;
    use crate::exercise::id::IncidentId;
    use crate::exercise::incident::{IncidentStatus, Severity};
    use crate::exercise::stamp::Stamp;
    use crate::exercise::target::{Pod, Topology};
    use crate::gameday::read::inspect;

    struct Sent(mpsc::UnboundedSender<Command>);

    impl Orders for Sent {
        fn send(&self, command: Command) {
            self.0.send(command).unwrap();
        }
    }

    fn header() -> Header {
        let text = "teams: [sre, support]\nphases: [{ name: one, duration: 5m }]";
        Header {
            gameday_recording: 1,
            program: "test".into(),
            exercise: "x".into(),
            began: 0,
            seed: 1,
            ceiling: Ceiling::Controlled,
            headless: false,
            briefing: None,
            drill: true,
            rehearsal: None,
            alertmanager: None,
            watch: None,
            plan: inspect(text, "x.yaml").0.unwrap(),
        }
    }

    fn request(lever: &str, team: Option<&str>) -> Request {
        let wish = Wish::Lever(lever.into());
        Request { wish, team: team.map(str::to_owned), author: "ada".into() }
    }

    /// The next event of a feed.
    fn next(seq: &mut u64, event: Event) -> FeedItem {
        *seq += 1;
        FeedItem::Event(Arc::new(Envelope { seq: *seq, stamp: Stamp::default(), event }))
    }

    #[tokio::test]
    async fn a_line_is_handed_over_and_answered_when_all_of_it_happened() {
        let (order, mut orders) = mpsc::unbounded_channel();
        let (feed_in, tail) = mpsc::unbounded_channel();
        // The exercise itself, which takes commands in their order.
        let mut exercise = State::new(Arc::new(header()));
        let (mut feed, desk) =
            beside(Feed { snapshot: exercise.clone(), tail }, Arc::new(Sent(order)));
        tokio::spawn(async move {
            while let Some(command) = orders.recv().await {
                let asked = Some(Box::new(command.clone()));
                let items = match advance(&mut exercise, command, Stamp::default()) {
                    Ok(events) => events.into_iter().map(Arc::new).map(FeedItem::Event).collect(),
                    Err(refusal) => vec![FeedItem::Refused { why: refusal.0, of: asked }],
                };
                items.into_iter().for_each(|item| feed_in.send(item).unwrap());
            }
        });
        for (line, team, want) in [
            ("resolve", None, Err("no incident is open; !2 and a title opens one")),
            ("!2", None, Err("say what is wrong: !2 payments p99 up")),
            ("link #1 none", None, Err("only the facilitator says what is behind an incident")),
            ("!2 payments are slow", Some("support"), Ok("incident #1 is open, SEV2")),
            ("ack", None, Ok("incident #1 is acknowledged")),
            ("ack #1", None, Err("#1 is acknowledged already")),
            ("#1 two pods are gone", Some("facilitator"), Ok("noted to #1")),
            ("#1 action: restarted", None, Ok("noted to #1, as an action")),
            ("sev #1 1", None, Ok("incident #1 is SEV1, payments are slow")),
            ("edit #1 orders fail", None, Ok("incident #1 is SEV1, orders fail")),
            ("link #1 discovery", Some("facilitator"), Ok("it is noted what is behind #1")),
            ("resolve #1 rolled back", None, Ok("incident #1 is resolved; noted to #1")),
            ("resolve #1", None, Err("#1 is resolved: open a new incident")),
            (" /etc/hosts is wrong", None, Ok("noted")),
            ("lesson: page earlier", None, Ok("noted, as a lesson")),
            // Participants were told of one thing less: not of what the facilitator wrote.
            ("lesson: from:1,3 it was seen", None, Ok("noted, as a lesson")),
            ("lesson: from:99 it was not", None, Err("there is no event 99")),
            ("edit: page much earlier", None, Ok("the last line is written anew")),
            ("edit: page much earlier", None, Err("it says that already")),
            (
                "improve detection: page on queue length @ada",
                None,
                Ok("improvement 1 is noted, detection"),
            ),
            ("join @ada sre", None, Ok("ada takes part")),
            ("role ic @ada", None, Ok("ada is incident-commander")),
            ("team payments", None, Ok("there is a team payments")),
            ("/join @ben payments", None, Ok("ben takes part")),
            ("got 1", None, Err("there is no card 1 yet")),
            ("one\ntwo", None, Err("this is more than one line; write them one by one")),
            ("hm", Some("sra"), Err("there is no team \"sra\"; did you mean \"sre\"?")),
        ] {
            let wish = Wish::Write(line.into());
            let team = team.map(str::to_owned);
            let reply = desk.serve(Request { wish, team, author: "ada".into() }).await;
            assert_eq!(reply, want.map(Said::from).map_err(Said::from).into(), "{line:?}");
        }
        drop(desk);
        let mut rests_on = Vec::new();
        while let Some(item) = feed.tail.recv().await {
            let FeedItem::Event(envelope) = item else { continue };
            match &envelope.event {
                Event::Logged { evidence, .. } if !evidence.is_empty() => {
                    rests_on.clone_from(evidence);
                    break;
                }
                _ => {}
            }
        }
        assert_eq!(rests_on, [1, 4], "by the numbers of the recording");
    }

    #[tokio::test]
    async fn of_two_who_want_the_same_at_once_the_second_is_told_why_not() {
        let (order, mut orders) = mpsc::unbounded_channel();
        let (feed_in, tail) = mpsc::unbounded_channel();
        let snapshot = State::new(Arc::new(header()));
        let (_feed, desk) = beside(Feed { snapshot, tail }, Arc::new(Sent(order)));
        let (team, author) = ("sre".to_owned(), "ada".to_owned());
        let opened = Event::IncidentOpened {
            id: IncidentId(1),
            team: team.clone(),
            author: author.clone(),
            title: "t".into(),
            severity: Severity::Sev2,
            happened: None,
            people: Vec::new(),
            tags: Vec::new(),
            signal: None,
        };
        let mut seq = 0;
        feed_in.send(next(&mut seq, opened)).unwrap();
        let desk = Arc::new(desk);
        let mut waiting = Vec::new();
        let mut asked = None;
        for _ in 0..2 {
            let desk = Arc::clone(&desk);
            let wish = Wish::Write("ack #1".into());
            let request = Request { wish, team: None, author: author.clone() };
            waiting.push(tokio::spawn(async move { desk.serve(request).await }));
            asked = orders.recv().await;
            assert!(matches!(asked, Some(Command::MoveIncident { .. })));
        }
        // The refusal of the second overtakes the event of the first, which has to reach the disk before.
        let why = "#1 is acknowledged already".into();
        let of = asked.map(Box::new);
        feed_in.send(FeedItem::Refused { why, of }).unwrap();
        let to = IncidentStatus::Acknowledged;
        let moved =
            Event::IncidentMoved { id: IncidentId(1), to, team, author, happened: None, of: None };
        feed_in.send(next(&mut seq, moved)).unwrap();
        let mut said = Vec::new();
        for one in waiting {
            said.push(one.await.unwrap().said);
        }
        assert_eq!(said, ["incident #1 is acknowledged", "#1 is acknowledged already"]);
    }

    #[tokio::test]
    async fn a_lever_is_handed_over_and_answered_by_its_own_event() {
        let (order, mut orders) = mpsc::unbounded_channel();
        let (feed_in, tail) = mpsc::unbounded_channel();
        let snapshot = State::new(Arc::new(header()));
        let (mut feed, desk) = beside(Feed { snapshot, tail }, Arc::new(Sent(order)));
        let desk = Arc::new(desk);
        let asking = |lever: &str, team: Option<&str>| {
            let (desk, request) = (Arc::clone(&desk), request(lever, team));
            tokio::spawn(async move { desk.serve(request).await })
        };
        let mut seq = 0;
        let mut happens = |event: Event| feed_in.send(next(&mut seq, event)).unwrap();

        let early = desk.serve(request("promote", None)).await;
        assert_eq!(early.said, "there is no target to repair at the moment");

        let pod = Pod { name: "web-app-1".into(), ..Pod::default() };
        happens(Event::TargetReady { base_url: "x".into(), what: "x".into() });
        happens(Event::TargetSeen(Topology { pods: vec![pod], ..Topology::default() }));
        happens(Event::PreflightStarted);
        for _ in 0..3 {
            assert!(matches!(feed.tail.recv().await, Some(FeedItem::Event(_))));
        }
        for (lever, team, why) in [
            ("restrat x", None, "there is no lever \"restrat\"; did you mean \"restart\"?"),
            (
                "restart web-app-2",
                None,
                "there is no pod \"web-app-2\"; did you mean \"web-app-1\"?",
            ),
            ("promote", Some("sra"), "there is no team \"sra\"; did you mean \"sre\"?"),
        ] {
            let reply = desk.serve(request(lever, team)).await;
            assert_eq!((reply.ok, reply.said.english()), (false, why));
        }

        // Two under way at once, done the other way round.
        let mut pulled = Vec::new();
        let mut waiting = Vec::new();
        for (id, lever, team) in [(1, "restart web-app-1", Some("support")), (2, "promote", None)] {
            waiting.push(asking(lever, team));
            let Some(Command::PullLever { lever, team, author }) = orders.recv().await else {
                panic!("no lever")
            };
            pulled.push(format!("{lever} {team} {author}"));
            happens(Event::LeverPulled { id: LeverId(id), lever, team, author });
        }
        assert_eq!(pulled, ["restart web-app-1 support ada", "promote sre ada"]);
        happens(Event::LeverDone { id: LeverId(2), ok: false, said: "no replica".into() });
        happens(Event::LeverDone { id: LeverId(1), ok: true, said: "ready again".into() });
        for (asked, (ok, said)) in
            waiting.into_iter().zip([(true, "ready again"), (false, "no replica")])
        {
            assert_eq!(asked.await.unwrap(), Reply { ok, said: said.into() });
        }

        // One that comes too late is not left waiting, whenever the exercise says so.
        let late = asking("promote", None);
        let of = orders.recv().await.map(Box::new);
        let why = said!("refused-no-target", "there is no target to repair at the moment");
        feed_in.send(FeedItem::Refused { why: why.clone(), of }).unwrap();
        happens(Event::Ended { outcome: Outcome::Completed, why: Said::default() });
        assert_eq!(late.await.unwrap().said, why);
        drop(feed_in);
        while feed.tail.recv().await.is_some() {}
        assert_eq!(desk.serve(request("promote", None)).await.said, "the exercise is over");
    }
}
