//! The silences over alerts that an exercise offers: which Alertmanager would make them, and whether somebody has agreed
//! already. Not the silencing, which is the exercise's.

use std::sync::Arc;

use super::access::{ALERTMANAGER, Said};
use super::profile::profile;
use crate::cli::args::Run;
use crate::cli::output::complain;
use crate::config::Folders;
use crate::exercise::command::Command;
use crate::exercise::log::FACILITATOR;
use crate::gameday::plan::GameDay;
use crate::gameday::silence::{Silence, check, parse};
use crate::gameday::text::plain;
use crate::metrics::alertmanager::Alertmanager;
use crate::port::alerts::Silencer;

/// Asking whether there is a silence with this key shows that the server answers.
const NOBODYS: &str = "nobody's";

/// What an exercise may silence.
pub(super) struct Silencing {
    /// Who silences.
    pub(super) silencer: Arc<dyn Silencer>,
    /// Those that the command line agrees to, by their places in the plan.
    agreed: Vec<usize>,
}

/// Puts the silences that were typed behind those of the plan.
///
/// # Errors
/// What is wrong with them, and how they are written.
pub(super) fn typed(plan: &mut GameDay, args: &Run) -> Result<(), String> {
    for text in &args.silence {
        let wrong = |(what, mend)| format!("--silence '{}': {what}: {mend}", plain(text));
        let matchers = parse(text).map_err(wrong)?;
        check(&matchers).map_err(wrong)?;
        if !plan.silences.iter().any(|one| one.matchers == matchers) {
            plan.silences.push(Silence { matchers, why: None });
        }
    }
    Ok(())
}

impl Silencing {
    /// The server that is meant, and what is agreed to; `None`: nothing is offered, or nobody says where. Says what will
    /// not be silenced.
    ///
    /// # Errors
    /// When something is to be silenced, and nobody says where, or that server does not answer.
    pub(super) async fn ready(
        plan: &GameDay,
        args: &Run,
        folders: &Folders,
    ) -> Result<Option<Self>, String> {
        if plan.silences.is_empty() {
            if args.allow_silence {
                return Err(format!(
                    "--allow-silence: {} offers no silence; give one: --silence 'service=\"shop\"'",
                    plan.name
                ));
            }
            return Ok(None);
        }
        let agreed = agreed(plan, args);
        let Some(silencer) = server(args, folders)? else {
            let why = format!(
                "nobody says which Alertmanager: give --alertmanager, --profile or the variable {ALERTMANAGER}"
            );
            if !agreed.is_empty() {
                return Err(format!("alerts cannot be silenced: {why}"));
            }
            complain(&format!("no alert is silenced: {why}"));
            return Ok(None);
        };
        if let Err(error) = silencer.standing(NOBODYS).await {
            if !agreed.is_empty() {
                return Err(format!("alerts cannot be silenced: {error}"));
            }
            complain(&plain(&format!("alerts cannot be silenced as things are: {error}")));
        }
        if args.headless && agreed.len() < plan.silences.len() {
            complain("not silenced: what the game day offers; nobody agrees: give --allow-silence");
        }
        Ok(Some(Self { silencer, agreed }))
    }

    /// What the command line agrees to, as it is asked of the exercise.
    pub(super) fn consent(&self) -> Option<Command> {
        let which = self.agreed.clone();
        (!which.is_empty()).then(|| Command::SilenceAlerts { which, by: FACILITATOR.to_owned() })
    }
}

/// Whoever types a silence, or allows those of the file, agrees to it.
fn agreed(plan: &GameDay, args: &Run) -> Vec<usize> {
    let typed: Vec<_> = args.silence.iter().filter_map(|text| parse(text).ok()).collect();
    let agrees = |one: &Silence| args.allow_silence || typed.contains(&one.matchers);
    let all = plan.silences.iter().enumerate();
    all.filter(|(_, one)| agrees(one)).map(|(place, _)| place).collect()
}

fn server(args: &Run, folders: &Folders) -> Result<Option<Arc<dyn Silencer>>, String> {
    let named = args.profile.as_deref();
    let typed = args.alertmanager.as_deref();
    let of_profile = match (typed, named) {
        (Some(_), None) => None,
        _ => profile(named, folders)?.and_then(|one| one.alertmanager),
    };
    let said = Said { typed, shown: &args.shown, named: named.is_some(), of_profile };
    let Some(access) = said.way(ALERTMANAGER)? else { return Ok(None) };
    Ok(Some(Arc::new(Alertmanager::new(&access).map_err(|why| why.0)?)))
}
