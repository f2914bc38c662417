//! `gameday lab`: the lab by itself, for looking at, for scraping and for trying its levers.

use std::process::ExitCode;
use std::sync::Arc;

use color_eyre::eyre::Result;

use super::door::{Door, Keeper, Lines};
use super::output::{complain, print};
use super::signals::Signals;
use super::words::{Audience, Reply, Request, Wish};
use crate::config::Folders;
use crate::exercise::lever::names::Names;
use crate::exercise::lever::parse::parse;
use crate::gameday::defence::Defences;
use crate::lab::{Lab, LabOptions, addresses};
use crate::port::clock::Clock;
use crate::port::levers::Levers;
use crate::port::target::{Answer, TargetObserver};
use crate::tui::lever::in_english;

/// Runs the lab until a signal comes.
pub(super) async fn lab(
    folders: &Folders,
    clock: Arc<dyn Clock>,
    defences: Defences,
) -> Result<ExitCode> {
    let options = LabOptions {
        exe: std::env::current_exe()?,
        data_dir: folders.labs(),
        lab_id: format!("lab-{}", std::process::id()),
        seed: 1,
        defences,
        clock,
    };
    let mut signals = Signals::listen()?;
    let lab = tokio::select! {
        lab = Lab::start(options) => Arc::new(lab?),
        name = signals.next() => {
            complain(&format!("{name}: the lab did not start"));
            return Ok(ExitCode::SUCCESS);
        }
    };
    // The door is closed before the lab's folder goes.
    let door = Door::open(lab.folder(), Arc::new(Alone(Arc::clone(&lab))));
    if let Err(error) = &door {
        complain(&format!("levers cannot be pulled from other terminals: {error}"));
    }
    let told = print(&format!("{}Ctrl-C ends it", addresses(&lab)));
    complain(&format!("{}: ending the lab", signals.next().await));
    drop(door);
    lab.stop().await;
    told?;
    Ok(ExitCode::SUCCESS)
}

/// A lab without an exercise: whoever asks acts at once.
struct Alone(Arc<Lab>);

impl Keeper for Alone {
    fn serve(&self, request: Request) -> Answer<'_, Reply> {
        Box::pin(async move {
            let names = Names::of(&self.0.watch().borrow());
            let lever = match &request.wish {
                Wish::Lever(lever) => parse(lever, &names).map_err(|why| in_english(&why).into()),
                Wish::Write(_) | Wish::Join(_) => {
                    Err("no exercise runs on this lab, so there is no log".into())
                }
            };
            let pulled = match lever {
                Err(why) => Err(why),
                Ok(lever) => self.0.pull(&lever).await.map_err(|error| error.0.into()),
            };
            pulled.into()
        })
    }

    fn show(&self, _: Audience) -> Option<Lines> {
        None
    }
}
