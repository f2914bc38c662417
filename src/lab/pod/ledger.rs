//! What customers asked for and what they were told is done, order by order, in files that outlive the pod: what the data
//! is compared with afterwards. Not part of the shop, and no database.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::Mutex;

use super::query::Purchase;
use crate::lab::lock::lock;

/// Two lists of orders, one line each. A line survives the death of the process that wrote it.
pub(super) struct Ledger {
    asked: Mutex<File>,
    acknowledged: Mutex<File>,
}

impl Ledger {
    /// Opens the lists of a pod in the lab's folder, or goes on with those of its last life.
    pub(super) fn open(folder: &Path, pod: &str) -> io::Result<Self> {
        let open = |list: &str| {
            let path = folder.join(format!("{list}-{pod}.jsonl"));
            OpenOptions::new().create(true).append(true).open(path).map(Mutex::new)
        };
        Ok(Self { asked: open("asked")?, acknowledged: open("acknowledged")? })
    }

    /// Somebody wants this; whether it is done nobody knows yet.
    pub(super) fn asked(&self, purchase: &Purchase) -> io::Result<()> {
        append(&self.asked, purchase)
    }

    /// The customer will be told that this is done.
    pub(super) fn acknowledged(&self, purchase: &Purchase) -> io::Result<()> {
        append(&self.acknowledged, purchase)
    }
}

fn append(list: &Mutex<File>, purchase: &Purchase) -> io::Result<()> {
    let mut line = serde_json::to_vec(purchase)?;
    line.push(b'\n');
    // One write for the whole line: a line is there or it is not.
    lock(list).write_all(&line)
}
