//! Which recordings are of watches. Not what happens with them.

use std::path::Path;

use crate::recording::input::Input;
use crate::recording::read::{Reader, Trust};

/// Whether it is the recording of a watch; what cannot be read is none.
pub(super) fn is_watch(path: &Path) -> bool {
    let reader = Input::open(path).and_then(|input| Reader::new(input, Trust::Anyway));
    reader.is_ok_and(|reader| reader.header().watch.is_some())
}
