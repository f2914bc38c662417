//! Events on their way to the disk. Nothing leaves here as having happened before it is durable.

use std::sync::Arc;

use crate::exercise::effect::Effect;
use crate::exercise::event::Envelope;
use crate::port::recording::{Recording, RecordingError};

/// An event with what follows from it.
pub(super) struct Entry {
    /// The event.
    pub(super) envelope: Arc<Envelope>,
    /// To be done once it is durable.
    pub(super) effect: Option<Effect>,
}

/// What became of an attempt to write.
pub(super) enum Written {
    /// Everything is durable now: publish and act, in this order.
    Durable(Vec<Entry>),
    /// Nothing could be written; it is kept. What may be done all the same: taking away.
    Trouble { error: String, safe: Vec<Effect> },
}

/// The recording and what waits for it.
pub(super) struct Journal {
    recording: Option<Box<dyn Recording>>,
    pending: Vec<Entry>,
}

impl Journal {
    pub(super) fn new(recording: Box<dyn Recording>) -> Self {
        Self { recording: Some(recording), pending: Vec::new() }
    }

    /// Queues an event.
    pub(super) fn push(&mut self, entry: Entry) {
        self.pending.push(entry);
    }

    /// Whether something waits to be written.
    pub(super) fn is_waiting(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Writes everything that waits.
    pub(super) async fn flush(&mut self) -> Written {
        let envelopes: Vec<Envelope> =
            self.pending.iter().map(|entry| (*entry.envelope).clone()).collect();
        let Some(mut recording) = self.recording.take() else {
            return self.trouble("the recording is gone".into());
        };
        // The disk may take its time; other tasks must not wait for it.
        let written = tokio::task::spawn_blocking(move || {
            let result = recording.append(&envelopes);
            (recording, result)
        })
        .await;
        match written {
            Ok((recording, result)) => {
                self.recording = Some(recording);
                match result {
                    Ok(()) => Written::Durable(std::mem::take(&mut self.pending)),
                    Err(error @ (RecordingError::Full | RecordingError::Broken(_))) => {
                        self.trouble(error.to_string())
                    }
                }
            }
            Err(error) => self.trouble(format!("the writer died: {error}")),
        }
    }

    fn trouble(&mut self, error: String) -> Written {
        let mut safe = Vec::new();
        for index in 0..self.pending.len() {
            let (earlier, rest) = self.pending.split_at_mut(index);
            let Some(entry) = rest.first_mut() else { break };
            let Some(effect) = entry.effect.take_if(|effect| effect.only_undoes()) else {
                continue;
            };
            // What it undoes must not be done after it, once there is room again.
            for one in earlier {
                one.effect.take_if(|waiting| effect.undoes(waiting));
            }
            safe.push(effect);
        }
        Written::Trouble { error, safe }
    }
}
