//! Brings up what is exercised, and clears it away.

use std::sync::{Arc, OnceLock};

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::cli::door::{Door, Keeper};
use crate::config::Folders;
use crate::engine::{Bringing, World};
use crate::exercise::command::Command;
use crate::exercise::header::Header;
use crate::exercise::log::EntryKind;
use crate::exercise::said::said;
use crate::gameday::plan::Traffic;
use crate::gameday::span::Span;
use crate::lab::{self, Lab, LabOptions};
use crate::load::flood::Flood;
use crate::load::generator::Generator;
use crate::port::alerts::Silencer;
use crate::port::clock::Clock;
use crate::port::feed::Orders;
use crate::port::instruments::Instruments;
use crate::tui::typing::FACILITATOR;

/// A source of metrics that is asked, where one is.
type Eyes = Option<Arc<dyn Instruments>>;

/// Holds the lab for as long as the exercise needs it.
#[derive(Clone, Default)]
pub(super) struct Bench {
    lab: Arc<OnceLock<Arc<Lab>>>,
    up: Arc<watch::Sender<bool>>,
}

/// A task that ends with this.
pub(super) struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Bench {
    /// A future that starts the lab; `monitoring` is asked about it, and `silencer` may silence its alerts.
    ///
    /// # Errors
    /// When this program cannot find itself: every pod is a process of it.
    pub(super) fn bring(
        &self,
        header: &Header,
        folders: &Folders,
        clock: Arc<dyn Clock>,
        (monitoring, silencer): (Eyes, Option<Arc<dyn Silencer>>),
    ) -> Result<Bringing, String> {
        let exe = std::env::current_exe()
            .map_err(|error| format!("cannot find this program: {error}"))?;
        let options = LabOptions {
            exe,
            data_dir: folders.labs(),
            lab_id: header.exercise.clone(),
            seed: header.seed,
            defences: header.plan.defences.clone(),
            clock: Arc::clone(&clock),
        };
        let defences = header.plan.defences.clone();
        let place = self.clone();
        let mut traffic: Traffic = header.plan.traffic.clone();
        Ok(Box::pin(async move {
            let lab = Arc::new(Lab::start(options).await.map_err(|error| error.to_string())?);
            drop(place.lab.set(Arc::clone(&lab)));
            place.up.send_replace(true);
            if traffic.routes.is_empty() {
                traffic.routes = lab::traffic();
            }
            let pods = lab.pods().len();
            let what = said!(
                "target-lab",
                "the lab, {pods} pods, {defences}",
                pods = pods,
                defences = defences.to_string()
            );
            let secure = traffic.tls;
            Ok(World {
                observer: lab.clone(),
                injector: Arc::new(Flood::new(
                    lab.clone(),
                    lab.base_url().to_owned(),
                    Arc::clone(&clock),
                )),
                instruments: Some(lab.clone()),
                monitoring,
                silencer,
                data: Some(lab.clone()),
                levers: Some(lab.clone()),
                certificate_authority: secure.then(|| lab.certificate_authority().to_owned()),
                load: Arc::new(Generator::new(clock)),
                base_url: if secure { lab.secure_url() } else { lab.base_url().to_owned() },
                what,
                allowed_hosts: vec!["127.0.0.1".into()],
                traffic,
            })
        }))
    }

    /// Opens the lab's door for levers from other terminals as soon as there is a lab; `keeper` does what is asked
    /// for. The door is closed when the answer is dropped.
    pub(super) fn open_door(
        &self,
        keeper: Arc<dyn Keeper>,
        orders: Arc<dyn Orders>,
    ) -> AbortOnDrop {
        let bench = self.clone();
        AbortOnDrop(tokio::spawn(async move {
            let mut up = bench.up.subscribe();
            if up.wait_for(|up| *up).await.is_err() {
                return;
            }
            let Some(lab) = bench.lab.get() else { return };
            match Door::open(lab.folder(), keeper) {
                Ok(_door) => std::future::pending().await,
                Err(error) => orders.send(Command::Log {
                    team: FACILITATOR.into(),
                    author: "gameday".into(),
                    text: format!("levers cannot be pulled from other terminals: {error}"),
                    kind: EntryKind::Note,
                    incident: None,
                    ago: Span::ZERO,
                    evidence: Vec::new(),
                }),
            }
        }))
    }

    /// Ends the lab and every process of it.
    pub(super) async fn clear(&self) {
        if let Some(lab) = self.lab.get() {
            lab.stop().await;
        }
    }
}
