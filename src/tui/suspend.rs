//! Ctrl-Z: what must be over before the terminal goes to the shell, for a stopped program can undo nothing. Not the
//! stopping itself.

use std::time::Duration;

use super::answer::Outcome;
use super::text;
use super::ui::Ui;
use crate::exercise::command::Command;
use crate::exercise::said::said;
use crate::exercise::state::{InjectionStatus, Stage, State};
use crate::lang::Lang;

/// So long undoing is waited for; then the program stops all the same, and says what is left.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// What Ctrl-Z asks for: a halt where phases run, then the shell.
pub fn ask(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    if ui.suspending {
        return Vec::new();
    }
    if state.participants {
        // The exercise runs elsewhere, and goes on.
        return vec![Outcome::Suspend];
    }
    ui.suspending = true;
    let mut outcomes = Vec::with_capacity(2);
    if must_halt(state) {
        let reason = said!("why-suspended", "suspended with Ctrl-Z");
        outcomes.push(Outcome::Send(Box::new(Command::Halt { by: ui.by.clone(), reason })));
    }
    outcomes.push(Outcome::Suspend);
    outcomes
}

fn must_halt(state: &State) -> bool {
    state.stage == Stage::Running && state.halted.is_none() && !state.participants
}

/// Whether the program may be stopped: nothing of it is left in the target, and nothing will be put there.
pub fn ready(state: &State) -> bool {
    !must_halt(state) && left(state) == 0
}

/// How many faults there is still something to undo of, or may soon be.
pub fn left(state: &State) -> usize {
    let armed = |status| status == InjectionStatus::Armed;
    state.injections.iter().filter(|run| run.status.is_live() || armed(run.status)).count()
}

/// What the shell's screen says while the program is stopped; a line each.
pub fn farewell(state: &State, lang: &Lang) -> Vec<String> {
    let say = |key: &str| lang.say(key).into_owned();
    let live: Vec<_> = state.live_injections().collect();
    if live.is_empty() {
        return match state.stage {
            Stage::Running if !state.participants => vec![say("farewell-halted")],
            _ => Vec::new(),
        };
    }
    let mut lines = vec![say("farewell-left")];
    lines.extend(live.into_iter().map(|run| {
        let name = text::clean(state.planned(run.id).map_or("", |planned| planned.name.as_str()));
        let why = run.problem.as_ref().map(|why| text::clean(&lang.said(why)).into_owned());
        let key = if why.is_some() { "farewell-fault" } else { "farewell-slow" };
        let why = why.unwrap_or_default();
        lang.tell(key, &[("fault", (&*name).into()), ("why", (&*why).into())]).into_owned()
    }));
    lines.push(say("farewell-back"));
    lines
}
