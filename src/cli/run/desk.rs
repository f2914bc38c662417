//! Levers of an exercise that are asked for from other terminals: each becomes a command like one from the screen, so that
//! it is decided, recorded and logged like one; the answer is the event that tells what came of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};

use crate::cli::door::Keeper;
use crate::cli::words::{Reply, Request};
use crate::exercise::command::Command;
use crate::exercise::decide::decide;
use crate::exercise::event::Event;
use crate::exercise::fold::apply;
use crate::exercise::id::LeverId;
use crate::exercise::lever::Lever;
use crate::exercise::lever::names::Names;
use crate::exercise::lever::parse::parse;
use crate::exercise::state::State;
use crate::gameday::problem::suggestion;
use crate::gameday::text::printable;
use crate::port::feed::{Feed, FeedItem, Orders};
use crate::port::target::Answer;

/// Somebody who asked and waits.
struct Asked {
    request: Request,
    reply: oneshot::Sender<Reply>,
}

/// Where levers are asked for.
pub(super) struct Desk(mpsc::UnboundedSender<Asked>);

impl Keeper for Desk {
    fn pull(&self, request: Request) -> Answer<'_, Reply> {
        let (reply, answer) = oneshot::channel();
        let over = || Reply { ok: false, said: "the exercise is over".to_owned() };
        let sent = self.0.send(Asked { request, reply });
        Box::pin(async move {
            match sent {
                Ok(()) => answer.await.unwrap_or_else(|_| over()),
                Err(_) => over(),
            }
        })
    }
}

/// A desk beside a feed: the same feed goes on, and the desk sees it go by.
pub(super) fn beside(feed: Feed, orders: Arc<dyn Orders>) -> (Feed, Desk) {
    let Feed { snapshot, tail: mut source } = feed;
    let (sender, tail) = mpsc::unbounded_channel();
    let (ask, mut asked) = mpsc::unbounded_channel();
    let mut clerk =
        Clerk { state: snapshot.clone(), orders, handed: Vec::new(), pulled: BTreeMap::new() };
    tokio::spawn(async move {
        loop {
            tokio::select! {
                // Whoever asks is told by the newest that is known.
                biased;
                item = source.recv() => {
                    let Some(item) = item else { return };
                    if let FeedItem::Event(envelope) = &item {
                        apply(&mut clerk.state, envelope);
                        clerk.see(&envelope.event);
                    }
                    // A screen that is gone needs nothing; the desk goes on.
                    let _ = sender.send(item);
                }
                Some(one) = asked.recv() => clerk.take(one),
            }
        }
    });
    (Feed { snapshot, tail }, Desk(ask))
}

/// A lever that was handed over and is not seen to be pulled yet.
struct Handed {
    lever: Lever,
    team: String,
    author: String,
    reply: oneshot::Sender<Reply>,
}

struct Clerk {
    state: State,
    orders: Arc<dyn Orders>,
    handed: Vec<Handed>,
    pulled: BTreeMap<LeverId, oneshot::Sender<Reply>>,
}

impl Clerk {
    fn take(&mut self, asked: Asked) {
        let Asked { request, reply } = asked;
        match self.understood(&request) {
            Ok((lever, team, author)) => {
                let (of, by) = (team.clone(), author.clone());
                self.handed.push(Handed { lever: lever.clone(), team, author, reply });
                self.orders.send(Command::PullLever { lever, team: of, author: by });
            }
            // Whoever asked may have gone.
            Err(why) => drop(reply.send(Reply { ok: false, said: why })),
        }
    }

    /// What is asked for, if it would be followed now.
    fn understood(&self, request: &Request) -> Result<(Lever, String, String), String> {
        let plan = self.state.plan();
        let names = Names::of(&self.state.topology).and_of(plan);
        let lever = parse(&request.lever, &names)?;
        let team = match &request.team {
            Some(team) if plan.teams.contains(team) => team.clone(),
            Some(team) => {
                let known: Vec<&str> = plan.teams.iter().map(String::as_str).collect();
                let what = format!("there is no team \"{}\"", printable(team, 40));
                return Err(format!("{what}; {}", suggestion(team, &known)));
            }
            None => plan.teams.first().cloned().unwrap_or_default(),
        };
        let author = printable(&request.author, 40);
        let command =
            Command::PullLever { lever: lever.clone(), team: team.clone(), author: author.clone() };
        decide(&self.state, command, self.state.now).map_err(|refusal| refusal.0)?;
        Ok((lever, team, author))
    }

    /// Something happened; perhaps it is what somebody waits for.
    fn see(&mut self, event: &Event) {
        match event {
            Event::LeverPulled { id, lever, team, author } => {
                let ours = |one: &Handed| {
                    one.lever == *lever && one.team == *team && one.author == *author
                };
                if let Some(at) = self.handed.iter().position(ours) {
                    self.pulled.insert(*id, self.handed.remove(at).reply);
                }
            }
            Event::LeverDone { id, ok, said } => {
                if let Some(reply) = self.pulled.remove(id) {
                    drop(reply.send(Reply { ok: *ok, said: said.clone() }));
                }
            }
            // What was handed over too late is refused, and nobody is left waiting.
            Event::Ended { .. } => self.handed.clear(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::exercise::blast::Ceiling;
    use crate::exercise::event::{Envelope, Outcome};
    use crate::exercise::header::Header;
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
            plan: inspect(text, "x.yaml").0.unwrap(),
        }
    }

    fn request(lever: &str, team: Option<&str>) -> Request {
        Request { lever: lever.into(), team: team.map(str::to_owned), author: "ada".into() }
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
            tokio::spawn(async move { desk.pull(request).await })
        };
        let mut seq = 0;
        let mut happens = |event: Event| {
            seq += 1;
            let envelope = Envelope { seq, stamp: Stamp::default(), event };
            feed_in.send(FeedItem::Event(Arc::new(envelope))).unwrap();
        };

        let early = desk.pull(request("promote", None)).await;
        assert_eq!(early.said, "there is no target to repair at the moment");

        let pod = Pod { name: "web-app-1".into(), ..Pod::default() };
        happens(Event::TargetReady { base_url: "x".into(), what: "x".into() });
        happens(Event::TargetSeen(Topology { pods: vec![pod], services: Vec::new() }));
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
            let reply = desk.pull(request(lever, team)).await;
            assert_eq!((reply.ok, reply.said.as_str()), (false, why));
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

        // One that comes too late is not left waiting.
        let late = asking("promote", None);
        orders.recv().await.unwrap();
        happens(Event::Ended { outcome: Outcome::Completed, why: String::new() });
        assert_eq!(late.await.unwrap().said, "the exercise is over");
        drop(feed_in);
        while feed.tail.recv().await.is_some() {}
        assert_eq!(desk.pull(request("promote", None)).await.said, "the exercise is over");
    }
}
