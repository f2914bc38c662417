//! The parts of the page that a report makes: its template, style and script. Not the filling in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// The template; it is one that users may begin with.
pub const TEMPLATE: &str = concat!(
    include_str!("html/head.html"),
    include_str!("html/exercise.html"),
    include_str!("html/watch.html"),
    include_str!("html/end.html"),
);
/// Its style.
pub const STYLE: &str = include_str!("html/style.css");
/// Its script, which the page works without.
pub const SCRIPT: &str = include_str!("html/script.js");

/// What a policy names the script by.
pub fn script_hash() -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(SCRIPT.as_bytes())))
}
