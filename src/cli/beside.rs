//! Files beside a recording that a person asks for at the screen. Not what is written into them.

use std::path::Path;
use std::sync::Arc;

use super::report::{beside, replace};
use crate::gameday::text::plain;
use crate::tui::shell::WriteDown;

/// Writes files beside the recording at `path`.
pub(super) fn writer(path: &Path) -> Arc<WriteDown> {
    let recording = path.to_owned();
    Arc::new(move |ending, text| {
        let file = beside(&recording, ending);
        let shown = plain(&file.display().to_string());
        match replace(&file, text) {
            Ok(()) => Ok(shown),
            Err(error) => Err(format!("{shown}: {error}")),
        }
    })
}
