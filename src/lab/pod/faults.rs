//! The faults that are in this pod, and what follows from them for each link. Decides nothing about bytes: see `wire`.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use oorandom::Rand64;

use crate::gameday::fault::{HttpAction, NetworkAction};
use crate::gameday::span::Span;
use crate::lab::channel::Effect;
use crate::lab::lock::lock;
use crate::lab::pod::burn::Burn;
use crate::lab::pod::configuration::Configuration;
use crate::port::clock::Clock;

/// So long TCP waits before it sends a lost segment again; doubles each time.
const RETRANSMIT: Duration = Duration::from_millis(200);

/// So often a segment is lost at most before it passes.
const LOST_AT_MOST: u32 = 6;

/// What happens in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Way {
    /// Nothing passes.
    pub cut: bool,
    /// Everything is so late.
    pub delay: Delay,
    /// The share of segments that is lost.
    pub loss: f64,
    /// No more than so many bytes a second pass.
    pub rate: Option<u64>,
}

/// A delay with its spread.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Delay {
    latency: Duration,
    jitter: Duration,
}

impl Delay {
    fn add(&mut self, latency: Span, jitter: Span) {
        self.latency += Duration::from(latency);
        self.jitter += Duration::from(jitter);
    }

    /// One delay out of the spread.
    pub(super) fn sample(&self, dice: &Dice) -> Duration {
        if self.jitter.is_zero() {
            return self.latency;
        }
        let shift = self.jitter.as_secs_f64() * (2.0 * dice.roll() - 1.0);
        Duration::from_secs_f64((self.latency.as_secs_f64() + shift).max(0.0))
    }
}

/// What happens on the connections with one peer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Rule {
    /// What this pod sends.
    pub outbound: Way,
    /// What it receives.
    pub inbound: Way,
    /// Requests to the peer wait so long before they are sent.
    pub request: Delay,
}

/// The connections with one peer.
#[derive(Debug)]
pub(super) struct Link {
    active: AtomicBool,
    rule: Mutex<Rule>,
    lost: AtomicU64,
    /// Until when what was sent keeps a limited link busy: outbound, inbound.
    busy: [Mutex<Duration>; 2],
    dice: Arc<Dice>,
}

/// Which way bytes go on a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// From this pod.
    Out,
    /// To this pod.
    In,
}

/// Chance, from the seed of the lab.
#[derive(Debug)]
pub(super) struct Dice(Mutex<Rand64>);

impl Dice {
    /// Dice that always fall the same way for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        Self(Mutex::new(Rand64::new(u128::from(seed))))
    }

    /// From 0 to 1, without 1.
    pub(super) fn roll(&self) -> f64 {
        lock(&self.0).rand_float()
    }
}

impl Link {
    fn new(dice: Arc<Dice>) -> Self {
        let (active, rule, lost, busy) = Default::default();
        Self { active, rule, lost, busy, dice }
    }

    /// Whether anything happens at all; cheap.
    pub(super) fn active(&self) -> bool {
        self.active.load(Ordering::Relaxed)
    }

    /// What happens now.
    pub(super) fn rule(&self) -> Rule {
        *lock(&self.rule)
    }

    /// How late one segment of so many bytes is that is sent at `now`. On a limited link it waits until those before it
    /// have passed, on whichever connection, and takes its time itself.
    pub(super) fn lateness(&self, side: Side, way: &Way, bytes: usize, now: Duration) -> Duration {
        let mut late = way.delay.sample(&self.dice);
        if let Some(rate) = way.rate.filter(|_| bytes > 0) {
            let mut busy = lock(&self.busy[side as usize]);
            *busy = (*busy).max(now) + Duration::from_secs_f64(bytes as f64 / rate.max(1) as f64);
            late += busy.saturating_sub(now);
        }
        let mut wait = RETRANSMIT;
        for _ in 0..LOST_AT_MOST {
            if way.loss <= 0.0 || self.dice.roll() >= way.loss {
                break;
            }
            self.lost.fetch_add(1, Ordering::Relaxed);
            late += wait;
            wait *= 2;
        }
        late
    }

    /// Waits as long as a request to the peer has to wait before it is sent.
    pub(super) async fn before_request(&self) {
        if self.active() {
            let late = self.rule().request.sample(&self.dice);
            if !late.is_zero() {
                tokio::time::sleep(late).await;
            }
        }
    }
}

/// What undoes an effect when it is dropped; nothing for effects that are looked up where they are felt.
type Guard = Option<Box<dyn Send>>;

/// Effects on what this pod asks and answers.
#[derive(Default)]
struct Talk {
    /// What happens to answers, and to which share of them.
    answers: Vec<(HttpAction, f64)>,
    /// Apps whose names do not resolve.
    names: Vec<String>,
}

/// Every fault in this pod.
pub(super) struct Faults {
    effects: Mutex<BTreeMap<String, (Effect, Guard)>>,
    /// Whether there is any; cheap.
    any: AtomicBool,
    talk: Mutex<Talk>,
    configuration: Arc<Configuration>,
    links: Mutex<HashMap<String, Arc<Link>>>,
    statements: Mutex<Delay>,
    dice: Arc<Dice>,
    clock: Arc<dyn Clock>,
}

impl Faults {
    /// None yet.
    pub(super) fn new(seed: u64, clock: Arc<dyn Clock>, configuration: Arc<Configuration>) -> Self {
        let dice = Arc::new(Dice::new(seed));
        let (effects, any, talk, links, statements) = Default::default();
        Self { effects, any, talk, configuration, links, statements, dice, clock }
    }

    /// The link to `peer`, the same for all connections with it.
    pub(super) fn link(&self, peer: &str) -> Arc<Link> {
        let mut links = lock(&self.links);
        if let Some(link) = links.get(peer) {
            return Arc::clone(link);
        }
        let link = Arc::new(Link::new(Arc::clone(&self.dice)));
        links.insert(peer.to_owned(), Arc::clone(&link));
        drop(links);
        self.settle();
        link
    }

    /// Begins a fault, or replaces the one with the same key.
    ///
    /// # Errors
    /// When it cannot begin, with the reason; nothing of it is left then.
    pub(super) fn impose(&self, key: String, effect: Effect) -> Result<(), String> {
        self.lift(&key);
        let guard: Guard = match &effect {
            Effect::Burn { cores, load, limit } => {
                Some(Box::new(Burn::start(*cores, *load, (*limit).into(), &self.clock)))
            }
            Effect::Configuration { set } => Some(Box::new(self.configuration.change(&key, set)?)),
            _ => None,
        };
        lock(&self.effects).insert(key, (effect, guard));
        self.settle();
        Ok(())
    }

    /// What happens to the next answer.
    pub(super) fn answer_damage(&self) -> Option<HttpAction> {
        if !self.any.load(Ordering::Relaxed) {
            return None;
        }
        let talk = lock(&self.talk);
        talk.answers.iter().find(|(_, share)| self.dice.roll() < *share).map(|(action, _)| *action)
    }

    /// Whether the name of an app does not resolve.
    pub(super) fn blocks(&self, app: &str) -> bool {
        self.any.load(Ordering::Relaxed) && names(&lock(&self.talk).names, app)
    }

    /// Ends a fault.
    pub(super) fn lift(&self, key: &str) {
        let lifted = lock(&self.effects).remove(key);
        self.settle();
        drop(lifted);
    }

    /// The keys of the faults that are there, and how many segments were lost so far.
    pub(super) fn inspect(&self) -> (Vec<String>, u64) {
        let lost = lock(&self.links).values().map(|link| link.lost.load(Ordering::Relaxed)).sum();
        (lock(&self.effects).keys().cloned().collect(), lost)
    }

    /// The faults that are there.
    pub(super) fn standing(&self) -> Vec<(String, Effect)> {
        let effects = lock(&self.effects);
        effects.iter().map(|(key, (effect, _))| (key.clone(), effect.clone())).collect()
    }

    /// How late the next statement is.
    pub(super) fn statement_delay(&self) -> Duration {
        let delay = *lock(&self.statements);
        delay.sample(&self.dice)
    }

    /// Works out what all faults together do to every link.
    fn settle(&self) {
        let effects = lock(&self.effects);
        let mut statements = Delay::default();
        for (peer, link) in lock(&self.links).iter() {
            let rule = rule_for(peer, effects.values().map(|(effect, _)| effect));
            *lock(&link.rule) = rule;
            link.active.store(rule != Rule::default(), Ordering::Relaxed);
        }
        let mut talk = Talk::default();
        for (effect, _) in effects.values() {
            match effect {
                Effect::Statements { latency, jitter } => statements.add(*latency, *jitter),
                Effect::Http { action, share } => talk.answers.push((*action, *share)),
                Effect::Names { apps } => talk.names.extend(apps.iter().cloned()),
                _ => {}
            }
        }
        *lock(&self.statements) = statements;
        *lock(&self.talk) = talk;
        self.any.store(!effects.is_empty(), Ordering::Relaxed);
    }
}

fn rule_for<'a>(peer: &str, effects: impl Iterator<Item = &'a Effect>) -> Rule {
    let mut rule = Rule::default();
    for effect in effects {
        match effect {
            Effect::Network { peers, outbound, inbound, action } if names(peers, peer) => {
                for way in [
                    (*outbound).then_some(&mut rule.outbound),
                    (*inbound).then_some(&mut rule.inbound),
                ]
                .into_iter()
                .flatten()
                {
                    match *action {
                        NetworkAction::Partition => way.cut = true,
                        NetworkAction::Delay { latency, jitter } => way.delay.add(latency, jitter),
                        NetworkAction::Bandwidth { bytes_per_second: rate } => {
                            way.rate = Some(way.rate.map_or(rate, |other| other.min(rate)));
                        }
                        NetworkAction::Loss { share } => {
                            way.loss = 1.0 - (1.0 - way.loss) * (1.0 - share.clamp(0.0, 1.0));
                        }
                    }
                }
            }
            Effect::Requests { peers, latency, jitter } if names(peers, peer) => {
                rule.request.add(*latency, *jitter);
            }
            _ => {}
        }
    }
    rule
}

fn names(peers: &[String], peer: &str) -> bool {
    peers.iter().any(|one| one == peer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_link_is_shared_by_all_that_is_sent_over_it_and_by_each_side_for_itself() {
        let at = Duration::from_millis;
        let link = Link::new(Arc::new(Dice::new(1)));
        let way = Way { rate: Some(1_000), ..Way::default() };
        let late = |side, bytes, now| link.lateness(side, &way, bytes, at(now)).as_millis();
        assert_eq!(late(Side::Out, 500, 0), 500);
        assert_eq!(late(Side::Out, 250, 100), 650, "behind the first");
        assert_eq!(late(Side::In, 100, 100), 100, "the other way is free");
        assert_eq!(late(Side::Out, 100, 2_000), 100, "an idle time saves nothing up");
        assert_eq!(link.lateness(Side::Out, &Way::default(), 100, at(2_000)), Duration::ZERO);
    }
}
