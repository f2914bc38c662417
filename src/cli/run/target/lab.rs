//! The lab as the target of an exercise.

use std::sync::Arc;

use super::bench::{Bench, Beside};
use crate::config::Folders;
use crate::engine::{Bounds, Bringing, World};
use crate::exercise::header::Header;
use crate::exercise::said::said;
use crate::gameday::plan::Traffic;
use crate::lab::{self, Lab, LabOptions};
use crate::load::flood::Flood;
use crate::load::generator::Generator;
use crate::port::clock::Clock;

impl Bench {
    /// A future that starts the lab.
    pub(super) fn bring_lab(
        &self,
        header: &Header,
        folders: &Folders,
        clock: Arc<dyn Clock>,
        beside: Beside,
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
            drop(place.folder.set(lab.folder().to_owned()));
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
                news: None,
                monitoring: beside.monitoring,
                silencer: beside.silencer,
                data: Some(lab.clone()),
                levers: Some(lab.clone()),
                certificate_authority: secure.then(|| lab.certificate_authority().to_owned()),
                bounds: Bounds::HERE,
                load: Arc::new(Generator::new(clock)),
                base_url: if secure { lab.secure_url() } else { lab.base_url().to_owned() },
                what,
                allowed_hosts: vec!["127.0.0.1".into()],
                traffic,
            })
        }))
    }
}
