//! Brings up what is exercised, and clears it away.

use std::sync::{Arc, OnceLock};

use crate::config::Folders;
use crate::engine::{Bringing, World};
use crate::exercise::header::Header;
use crate::gameday::plan::Traffic;
use crate::lab::{self, Lab, LabOptions};
use crate::load::generator::Generator;
use crate::port::clock::Clock;

/// Holds the lab for as long as the exercise needs it.
#[derive(Clone, Default)]
pub(super) struct Bench(Arc<OnceLock<Arc<Lab>>>);

impl Bench {
    /// A future that starts the lab.
    ///
    /// # Errors
    /// When this program cannot find itself: every pod is a process of it.
    pub(super) fn bring(
        &self,
        header: &Header,
        folders: &Folders,
        clock: Arc<dyn Clock>,
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
        let place = Arc::clone(&self.0);
        let mut traffic: Traffic = header.plan.traffic.clone();
        Ok(Box::pin(async move {
            let lab = Arc::new(Lab::start(options).await.map_err(|error| error.to_string())?);
            drop(place.set(Arc::clone(&lab)));
            if traffic.routes.is_empty() {
                traffic.routes = lab::traffic();
            }
            let pods = lab.pods().len();
            let secure = traffic.tls;
            Ok(World {
                observer: lab.clone(),
                injector: lab.clone(),
                instruments: Some(lab.clone()),
                levers: Some(lab.clone()),
                certificate_authority: secure.then(|| lab.certificate_authority().to_owned()),
                load: Arc::new(Generator::new(clock)),
                base_url: if secure { lab.secure_url() } else { lab.base_url().to_owned() },
                what: format!("the lab, {pods} pods"),
                allowed_hosts: vec!["127.0.0.1".into()],
                traffic,
            })
        }))
    }

    /// Ends the lab and every process of it.
    pub(super) async fn clear(&self) {
        if let Some(lab) = self.0.get() {
            lab.stop().await;
        }
    }
}
