//! Who may come in: bearer tokens and whose they are.

use std::collections::BTreeMap;

use serde_json::{Value, json};

/// Somebody who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    pub name: String,
    pub groups: Vec<String>,
}

/// Tokens and whose they are.
#[derive(Debug, Default)]
pub struct Users(BTreeMap<String, User>);

impl User {
    /// A user; service accounts get their groups by their name.
    pub fn new(name: &str, groups: &[&str]) -> Self {
        let mut groups: Vec<String> = groups.iter().map(|group| (*group).to_owned()).collect();
        if let Some(account) = name.strip_prefix("system:serviceaccount:") {
            let namespace = account.split(':').next().unwrap_or_default();
            groups.push("system:serviceaccounts".to_owned());
            groups.push(format!("system:serviceaccounts:{namespace}"));
        }
        groups.push("system:authenticated".to_owned());
        Self { name: name.to_owned(), groups }
    }

    /// As a review tells of it.
    pub fn told(&self) -> Value {
        json!({"username": self.name, "groups": self.groups})
    }
}

impl Users {
    pub fn add(&mut self, token: &str, user: User) {
        self.0.insert(token.to_owned(), user);
    }

    pub fn remove(&mut self, token: &str) {
        self.0.remove(token);
    }

    /// Whose token an `Authorization` header carries.
    pub fn of(&self, header: Option<&str>) -> Option<User> {
        self.0.get(header?.strip_prefix("Bearer ")?.trim()).cloned()
    }

    pub fn of_token(&self, token: &str) -> Option<User> {
        self.0.get(token).cloned()
    }
}
