//! The plan of an exercise or a real incident as it really went, to be run again: phases as long as they were, faults when they
//! came and for as long as they stayed, and in remarks what did not go as planned and what a person has to write. Not the
//! writing of the file.

mod faults;
mod load;
mod phases;
mod told;
mod went;

use crate::exercise::event::Envelope;
use crate::exercise::people::Holding;
use crate::exercise::state::State;
use crate::gameday::people::Person;
use crate::gameday::plan::{GameDay, Phase, Target};
use crate::gameday::write::{PhaseRemarks, Remark, Remarks};
use phases::Ran;
use went::Went;

/// A plan with what is said beside it. What did not run is in it too, marked as left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Again {
    pub plan: GameDay,
    pub remarks: Remarks,
}

/// What can be run again of an exercise: `state` is what its `events` come to; `warnings` are of its recording.
pub fn again(state: &State, events: &[Envelope], warnings: &[String]) -> Again {
    let went = Went::new(state, events);
    let mut plan = state.plan().clone();
    if let Target::Url { url } = &mut plan.target {
        *url = without_user(url);
    }
    let joined = state.people.persons.iter().filter(|one| {
        let name = &one.name;
        !state.plan().people.persons.iter().any(|known| known.name == *name)
    });
    plan.people.persons.extend(joined.map(|person| with_role(person, &state.people.holdings)));
    let ran = phases::ran(&went);
    let mut remarks = Remarks {
        phases: vec![PhaseRemarks::default(); plan.phases.len()],
        deck: told::drawn(&went, &plan.people.deck),
        head: Vec::new(),
    };
    if !ran.is_empty() {
        for (index, phase) in plan.phases.iter_mut().enumerate() {
            let here = ran.iter().find(|one| one.index == index);
            if let Some(remark) = remarks.phases.get_mut(index) {
                *remark = lay(&went, index, phase, here);
            }
        }
        faults::inject(&went, &ran, &mut plan.phases, &mut remarks.phases);
        told::incidents(&went, &ran, &mut remarks);
    }
    remarks.head = told::head(&went, &plan, &remarks, !ran.is_empty(), warnings);
    if went.speed > 1.0 {
        plan = plan.rehearsed(1.0 / went.speed);
    }
    Again { plan, remarks }
}

/// A phase without its faults: as long as it was, and what is said of it.
fn lay(went: &Went<'_>, index: usize, phase: &mut Phase, ran: Option<&Ran>) -> PhaseRemarks {
    let Some(ran) = ran else {
        let none = phases::why_not(went, index);
        return PhaseRemarks {
            itself: Remark { notes: vec![none], out: true },
            ..Default::default()
        };
    };
    let mut notes = phases::notes(went, phase, ran);
    phase.duration = ran.length;
    notes.extend(load::take(went, phase, ran));
    phase.injections.clear();
    let cards = phase.cards.iter().map(|card| {
        let late = card.offset >= ran.length;
        let note = late.then(|| "left out: its phase was over before".to_owned());
        Remark { notes: note.into_iter().collect(), out: late }
    });
    let cards = cards.collect();
    PhaseRemarks { itself: Remark { notes, out: false }, injections: Vec::new(), cards }
}

/// Somebody who came later, with the role taken first.
fn with_role(person: &Person, holdings: &[Holding]) -> Person {
    let role = holdings.iter().find(|one| one.person == person.name).map(|one| one.role);
    Person { role, ..person.clone() }
}

fn without_user(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}
