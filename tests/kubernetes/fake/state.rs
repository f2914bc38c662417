//! What the server stores: objects by kind, namespace and name, one increasing revision, and the log of changes that watches
//! are served from. It knows no requests.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::admission::Rules;
use super::builtin::{self, CRDS};
use super::crds;
use super::faults::Fault;
use super::kinds::Kind;
use super::time::now;
use super::users::Users;

/// Where an object is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// `pods`, `deployments.apps`.
    pub resource: String,
    /// Empty for what is in none.
    pub namespace: String,
    pub name: String,
}

impl Key {
    pub fn new(resource: &str, namespace: &str, name: &str) -> Self {
        Self {
            resource: resource.to_owned(),
            namespace: namespace.to_owned(),
            name: name.to_owned(),
        }
    }
}

/// Something that happened to an object.
#[derive(Clone, Debug)]
pub struct Change {
    pub revision: u64,
    pub key: Key,
    pub before: Option<Arc<Value>>,
    /// As it is, or as it was when it went.
    pub object: Arc<Value>,
    pub gone: bool,
}

/// Everything behind the server's lock.
pub struct State {
    pub kinds: Vec<Arc<Kind>>,
    objects: BTreeMap<Key, Arc<Value>>,
    revision: u64,
    /// Changes up to here are forgotten.
    pub forgotten: u64,
    pub log: Vec<Change>,
    pub users: Users,
    pub rules: Rules,
    pub faults: Vec<Fault>,
    /// What was asked, in order: for tests that look at the order of things.
    pub asked: Vec<Asked>,
}

/// A request that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub user: String,
    pub verb: String,
    /// `pods`, `pods/eviction`, `podchaos.chaos-mesh.org`.
    pub resource: String,
    pub namespace: String,
    pub name: String,
    pub dry: bool,
    pub code: u16,
}

impl State {
    pub fn new() -> Self {
        let mut state = Self {
            kinds: builtin::kinds().into_iter().map(Arc::new).collect(),
            objects: BTreeMap::new(),
            revision: 100,
            forgotten: 0,
            log: Vec::new(),
            users: Users::default(),
            rules: Rules::default(),
            faults: Vec::new(),
            asked: Vec::new(),
        };
        for name in ["default", "kube-system", "kube-public", "kube-node-lease"] {
            state.put(Key::new("namespaces", "", name), namespace(name));
        }
        let mut admin = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole",
            "metadata": {"name": "cluster-admin"},
            "rules": [
                {"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]},
                {"verbs": ["*"], "nonResourceURLs": ["*"]},
            ],
        });
        stamp(&mut admin, 0);
        state.put(Key::new("clusterroles.rbac.authorization.k8s.io", "", "cluster-admin"), admin);
        for built in crds::definitions() {
            let name = built.definition["metadata"]["name"].as_str().unwrap_or_default();
            state.objects.insert(Key::new(CRDS, "", name), Arc::clone(&built.definition));
            state.kinds.extend(built.kinds.iter().cloned());
        }
        state
    }

    pub fn revision(&self) -> u64 {
        self.revision
    }

    pub fn kind(&self, group: &str, version: &str, plural: &str) -> Option<Arc<Kind>> {
        let found =
            self.kinds.iter().find(|kind| kind.is(group, plural) && kind.version == version);
        found.cloned()
    }

    /// Some version of a kind, by its resource.
    pub fn kind_of(&self, resource: &str) -> Option<Arc<Kind>> {
        self.kinds.iter().find(|kind| kind.resource() == resource).cloned()
    }

    pub fn get(&self, key: &Key) -> Option<&Arc<Value>> {
        self.objects.get(key)
    }

    /// All of a kind, in a namespace or in all.
    pub fn all<'a>(
        &'a self,
        resource: &'a str,
        namespace: Option<&'a str>,
    ) -> impl Iterator<Item = (&'a Key, &'a Arc<Value>)> {
        let from = Key::new(resource, namespace.unwrap_or_default(), "");
        self.objects
            .range(from..)
            .take_while(move |(key, _)| key.resource == resource)
            .filter(move |(key, _)| namespace.is_none_or(|namespace| key.namespace == namespace))
    }

    pub fn everything(&self) -> impl Iterator<Item = (&Key, &Arc<Value>)> {
        self.objects.iter()
    }

    /// Stores an object, with the next revision.
    pub fn put(&mut self, key: Key, mut object: Value) -> Arc<Value> {
        self.revision += 1;
        object["metadata"]["resourceVersion"] = self.revision.to_string().into();
        let object = Arc::new(object);
        let before = self.objects.insert(key.clone(), Arc::clone(&object));
        if key.resource == CRDS {
            self.serve(&object);
        }
        self.note(key, before, &object, false);
        object
    }

    /// Takes an object away; its last state carries the revision of its end.
    pub fn take(&mut self, key: &Key) -> Option<Arc<Value>> {
        let before = self.objects.remove(key)?;
        self.revision += 1;
        let mut last = Value::clone(&before);
        last["metadata"]["resourceVersion"] = self.revision.to_string().into();
        let last = Arc::new(last);
        if key.resource == CRDS {
            let gone = crds::served(&last);
            self.kinds.retain(|kind| !gone.iter().any(|one| one.is(&kind.group, &kind.plural)));
            for kind in gone {
                let resource = kind.resource();
                self.objects.retain(|key, _| key.resource != resource);
            }
        }
        self.note(key.clone(), Some(before), &last, true);
        Some(last)
    }

    fn note(&mut self, key: Key, before: Option<Arc<Value>>, object: &Arc<Value>, gone: bool) {
        let object = Arc::clone(object);
        self.log.push(Change { revision: self.revision, key, before, object, gone });
    }

    fn serve(&mut self, definition: &Value) {
        for kind in crds::served(definition) {
            let known =
                |one: &Arc<Kind>| one.is(&kind.group, &kind.plural) && one.version == kind.version;
            self.kinds.retain(|one| !known(one));
            self.kinds.push(Arc::new(kind));
        }
    }

    /// Forgets every change so far: watches from before get 410.
    pub fn compact(&mut self) {
        self.revision += 1;
        self.forgotten = self.revision;
        self.log.clear();
    }
}

/// A namespace that is there from the start.
fn namespace(name: &str) -> Value {
    let mut object = json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": {"name": name, "labels": {"kubernetes.io/metadata.name": name}},
        "spec": {"finalizers": ["kubernetes"]}, "status": {"phase": "Active"},
    });
    stamp(&mut object, 0);
    object
}

/// What the server writes into new metadata. Generation 0: none.
pub fn stamp(object: &mut Value, generation: u64) {
    let meta = &mut object["metadata"];
    meta["uid"] = uid().into();
    meta["creationTimestamp"] = now().into();
    if generation > 0 {
        meta["generation"] = generation.into();
    }
}

/// A new uid, version 4 in form.
fn uid() -> String {
    let [a, b] = [(); 2].map(|()| random());
    format!(
        "{:08x}-{:04x}-4{:03x}-a{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

/// What `generateName` gets behind it.
pub fn suffix() -> String {
    const LETTERS: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";
    let mut left = random();
    let mut text = String::new();
    for _ in 0..5 {
        let at = usize::try_from(left % LETTERS.len() as u64).unwrap_or_default();
        text.push(char::from(LETTERS[at]));
        left /= LETTERS.len() as u64;
    }
    text
}

fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher};
    std::collections::hash_map::RandomState::new().build_hasher().finish()
}
