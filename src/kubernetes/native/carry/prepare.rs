//! Looks at what is to be changed, takes down what stands there, and lets the server try both ways without doing anything.
//!
//! The way back cannot be tried on an object that is not changed yet: its first test would fail, rightly. So one patch goes there
//! and back again in a dry run, which tries every operation of both and lets all that guards the server look at the result; and the
//! server is asked whether this program may patch the object at all. For a RoleBinding the dry run of the way there also
//! proves the way back: the server looks in both alike whether this program may give what the role allows.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::{ConfigMap, Node, Secret};
use k8s_openapi::api::rbac::v1::RoleBinding;
use serde_json::Value;

use super::super::action::{Act, Action};
use super::super::ask::{Run, Server, pod_of};
use super::super::change::{Allowed, Back, Change, Deed, PodRef};
use super::super::draft::{self, Mark};
use super::super::edit::{Way, patch, there_and_back};
use super::super::resource::{Object, Resource};
use super::{bindings, secret};
use crate::exercise::said::{Said, said};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::kubernetes::connect::Connection;
use crate::kubernetes::name;
use crate::kubernetes::review::user;
use crate::kubernetes::scene::Scene;
use crate::kubernetes::step::Step;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// A change, and the object as it was when it was drafted; `None`: it is about pods.
type Drafted = (Change, Option<Value>);

/// Makes the changes of `actions`, with everything it takes to undo them; tried by the server, and not done.
///
/// # Errors
/// Why it cannot be done or could not be undone, for people.
pub async fn prepare(
    connection: &Connection,
    scene: &Scene,
    actions: &[Action],
    step: &Step,
) -> Result<Vec<Change>, TargetError> {
    let server = Server::new(&connection.client);
    let desk = Desk { server: &server, namespace: &scene.namespace, step, mark: Mark::of(step) };
    let (mut all, mut back) = (Vec::<Change>::new(), Vec::new());
    for (number, action) in actions.iter().enumerate() {
        let mut drafted = desk.draft(action, number).await?;
        back.extend(action.back.iter().cloned());
        if let Some((last, _)) = drafted.last_mut() {
            last.warnings.extend(action.warnings.iter().cloned());
        }
        for (change, object) in &mut drafted {
            let more = rehearse(&server, change, object.as_ref()).await?;
            change.warnings.extend(more);
        }
        all.extend(drafted.into_iter().map(|(mut change, _)| {
            back.append(&mut change.back);
            change
        }));
    }
    // What must come back can come back only when the last of them is undone, and that is the first.
    if let Some(first) = all.first_mut() {
        first.back = back;
    }
    match all.is_empty() && !actions.is_empty() {
        true => Err(TargetError("it is like that already: nothing would change".to_owned())),
        false => Ok(all),
    }
}

struct Desk<'a> {
    server: &'a Server<'a>,
    namespace: &'a str,
    step: &'a Step,
    mark: Mark,
}

impl Desk<'_> {
    async fn draft(&self, action: &Action, number: usize) -> Result<Vec<Drafted>, TargetError> {
        let mark = &self.mark;
        match &action.act {
            Act::Cordon { node, brief } => {
                let of = Object::whole::<Node>(node);
                let object = self.get(&of).await?;
                let change = draft::cordon(of, &object, *brief, mark).map_err(TargetError)?;
                Ok(change.into_iter().map(|change| (change, Some(object.clone()))).collect())
            }
            Act::Evict { pods, grace } => {
                Ok(vec![(draft::evict(pods.clone(), *grace, mark), None)])
            }
            Act::Delete { pods } => Ok(vec![(draft::delete(pods.clone(), mark), None)]),
            Act::Scale { of, replicas } => {
                self.one(of, |object| draft::scale(of.clone(), object, *replicas, mark)).await
            }
            Act::Environment { of, set } => {
                self.one(of, |object| draft::environment(of.clone(), object, set, mark)).await
            }
            Act::Image { of, image, container } => {
                let container = container.as_deref();
                self.one(of, |object| draft::image(of.clone(), object, image, container, mark))
                    .await
            }
            Act::Restart { of, at } => {
                self.one(of, |object| draft::restart(of.clone(), object, *at, mark)).await
            }
            Act::Settings { maps, set } => self.settings(maps, set).await,
            Act::Certificate { secrets, expired } => {
                self.certificate(secrets, *expired, number).await
            }
            Act::Unbind { account, permissions } => self.unbind(account, permissions).await,
        }
    }

    async fn get(&self, of: &Object) -> Result<Value, TargetError> {
        let gone = || TargetError(format!("there is no {of}"));
        self.server.get(of).await?.ok_or_else(gone)
    }

    async fn one(
        &self,
        of: &Object,
        draft: impl FnOnce(&Value) -> Result<Change, String>,
    ) -> Result<Vec<Drafted>, TargetError> {
        let object = self.get(of).await?;
        let change = draft(&object).map_err(TargetError)?;
        Ok(vec![(change, Some(object))])
    }

    async fn settings(
        &self,
        maps: &BTreeMap<String, bool>,
        set: &BTreeMap<String, String>,
    ) -> Result<Vec<Drafted>, TargetError> {
        let mut found = BTreeMap::new();
        for name in maps.keys() {
            // One that may be missing is no choice.
            let of = Object::within::<ConfigMap>(self.namespace, name);
            if let Some(object) = self.server.get(&of).await? {
                found.insert(name.clone(), object);
            }
        }
        let chosen = draft::choose(&found, set).map_err(TargetError)?;
        let mut all = Vec::new();
        for (name, set) in chosen {
            let Some(object) = found.remove(&name) else { continue };
            let live = maps.get(&name).copied().unwrap_or_default();
            let of = Object::within::<ConfigMap>(self.namespace, &name);
            let change = draft::settings(of, &object, &set, live, &self.mark);
            all.push((change.map_err(TargetError)?, Some(object)));
        }
        Ok(all)
    }

    async fn certificate(
        &self,
        secrets: &[String],
        expired: i64,
        number: usize,
    ) -> Result<Vec<Drafted>, TargetError> {
        let mut found = Vec::new();
        for name in secrets {
            let of = Object::within::<Secret>(self.namespace, name);
            if let Some(object) = self.server.get(&of).await? {
                found.push((of, object));
            }
        }
        let step = self.step;
        let kept = name::object(
            &step.run,
            &format!("kept-{}", step.name),
            &format!("{}/{number}", step.key),
        );
        let change = draft::swap(&found, kept, expired, &self.mark).map_err(TargetError)?;
        let object = found.into_iter().find(|(of, _)| *of == change.object());
        Ok(vec![(change, object.map(|(_, object)| object))])
    }

    async fn unbind(
        &self,
        account: &str,
        permissions: &[String],
    ) -> Result<Vec<Drafted>, TargetError> {
        let shown = printable(account, 80);
        let myself = bindings::myself(self.server).await?;
        if myself.as_deref() == Some(&user(self.namespace, account)) {
            let why = format!("{shown} is the account of this program: it could not undo it");
            return Err(TargetError(why));
        }
        let all = self.server.list(&Resource::within::<RoleBinding>(), self.namespace).await?;
        let held = draft::holders(&all, self.namespace, account, permissions);
        let mut drafted: Vec<Drafted> = Vec::new();
        let mut asks = Vec::new();
        for binding in held.map_err(TargetError)? {
            let change = draft::unbind(self.namespace, binding, account, &self.mark);
            drafted.push((change.map_err(TargetError)?, Some(binding.clone())));
            // Whoever may not read a role cannot tell what it allows.
            let role = self.server.get(&draft::role(self.namespace, binding)).await;
            asks.extend(role.ok().flatten().iter().flat_map(draft::asks));
        }
        let mut allowed = Vec::new();
        for ask in asks {
            if bindings::may(self.server, self.namespace, account, &ask).await? == Some(true)
                && !allowed.contains(&ask)
            {
                allowed.push(ask);
            }
        }
        if let Some((last, _)) = drafted.last_mut() {
            if allowed.is_empty() {
                last.warnings.push(said!(
                    "native-not-reviewed",
                    "what {account} may do was not asked: roles or reviews are closed to this program",
                    account = shown
                ));
            } else {
                let allowed = Allowed {
                    namespace: self.namespace.to_owned(),
                    account: account.to_owned(),
                    asks: allowed,
                };
                last.effect.push(super::super::change::Effect::Denied(allowed.clone()));
                last.back.push(Back::Allowed(allowed));
            }
        }
        Ok(drafted)
    }
}

/// Lets the server try it both ways; says what people should know.
async fn rehearse(
    server: &Server<'_>,
    change: &Change,
    object: Option<&Value>,
) -> Result<Vec<Said>, TargetError> {
    match (&change.deed, object) {
        (Deed::Evict { pods, grace }, _) => evictable(server, pods, *grace).await,
        (Deed::Delete { pods }, _) => {
            for pod in pods {
                let of = pod_of(pod);
                let tried = server.delete(&of, &pod.uid, Some(0), Run::Dry).await;
                tried.map_err(|error| trouble(&format!("delete {of}"), &error))?;
            }
            Ok(Vec::new())
        }
        (Deed::SecretSwap { kept, .. }, Some(object)) => {
            let inner = secret::rehearse(server, change, object).await?;
            let place = change.namespace.as_deref().unwrap_or_default();
            bindings::must(server, &Object::within::<Secret>(place, kept), "delete").await?;
            both_ways(server, &inner, object).await
        }
        (Deed::Patch { .. } | Deed::Restart { .. }, Some(object)) => {
            both_ways(server, change, object).await
        }
        (_, None) => Err(TargetError(format!("{} was not looked at", change.object()))),
    }
}

async fn both_ways(
    server: &Server<'_>,
    change: &Change,
    object: &Value,
) -> Result<Vec<Said>, TargetError> {
    let of = change.object();
    let wrong = |why: String| TargetError(format!("{of}: {why}"));
    let there = patch(object, change.edits(), Way::There).map_err(wrong)?;
    let tried = dry(server, &of, there).await?;
    if let Some(edit) = change.edits().iter().find(|edit| !edit.is_done(&tried, Way::There)) {
        return Err(TargetError(format!(
            "{of}: the cluster makes something else of {}: nothing is done",
            printable(&edit.path(), 120)
        )));
    }
    let round = there_and_back(object, change.edits()).map_err(wrong)?;
    let tried = dry(server, &of, round).await?;
    if let Some(edit) = change.edits().iter().find(|edit| !edit.is_done(&tried, Way::Back)) {
        return Err(TargetError(format!(
            "{of}: {} would not come back as it was: nothing is done",
            printable(&edit.path(), 120)
        )));
    }
    bindings::must(server, &of, "patch").await?;
    Ok(Vec::new())
}

async fn dry(
    server: &Server<'_>,
    of: &Object,
    patch: json_patch::Patch,
) -> Result<Value, TargetError> {
    let mut pace = super::super::ask::Pace::default();
    loop {
        match server.patch(of, patch.clone(), Run::Dry).await {
            Ok(object) => return Ok(object),
            Err(error) if pace.again(&error).await => {}
            Err(error) => return Err(trouble(&format!("patch {of} (dry run)"), &error)),
        }
    }
}

/// Whether pods may be asked to leave; a budget that says no at present is told.
async fn evictable(
    server: &Server<'_>,
    pods: &[PodRef],
    grace: Span,
) -> Result<Vec<Said>, TargetError> {
    let mut kept = Vec::new();
    for pod in pods {
        let of = pod_of(pod);
        match server.evict(pod, 0, Run::Dry).await {
            Ok(()) => {}
            Err(error) if code(&error) == Some(429) => kept.push(printable(&pod.name, 80)),
            Err(error) => return Err(trouble(&format!("evict {of}"), &error)),
        }
    }
    if kept.is_empty() {
        return Ok(Vec::new());
    }
    Ok(vec![said!(
        "native-budget",
        "a disruption budget keeps {pods} at present: they are asked again for {grace}, and never deleted instead",
        pods = kept.join(", "),
        grace = grace
    )])
}
