//! Whether this machine can run what needs no cluster: the lab, or load against an address.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::config::Folders;
use crate::kubernetes::doctor::finding::Finding;

/// The pods of a lab, their connections and those of the load have so many files open.
const FILES: u64 = 4_096;
/// A server that is there answers within this.
const PATIENCE: Duration = Duration::from_secs(5);

/// What every exercise needs of this machine.
pub(super) fn machine(folders: &Folders) -> Vec<Finding> {
    vec![writes(&folders.recordings()), files()]
}

/// What the lab needs beyond that.
pub(super) fn lab(folders: &Folders) -> Vec<Finding> {
    let mut findings = vec![
        Finding::ok("lab", "it is part of this program: no cluster and no network is needed"),
        program(),
        loopback(),
        writes(&folders.labs()),
    ];
    findings.push(match Path::new("/proc/self/stat").exists() {
        true => Finding::ok("processes", "they can be seen by /proc"),
        false => Finding::warning(
            "processes",
            "there is no /proc here: faults of time and processor are refused",
            "run it on Linux for all faults",
        ),
    });
    findings
}

/// Whether anything listens at an address.
pub(super) async fn reaches(url: &str) -> Finding {
    let Ok(uri) = url.parse::<http::Uri>() else {
        return Finding::error("target", format!("{url} is no address"), "write http://HOST:PORT");
    };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("https") { 443 } else { 80 });
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let mend = "start it, or mend the address";
    match timeout(PATIENCE, TcpStream::connect((host.as_str(), port))).await {
        Ok(Ok(_)) => Finding::ok("target", format!("{host}:{port} takes connections")),
        Ok(Err(error)) => Finding::error("target", format!("{host}:{port}: {error}"), mend),
        Err(_) => {
            let what = format!("{host}:{port} does not answer within {} s", PATIENCE.as_secs());
            Finding::error("target", what, mend)
        }
    }
}

fn program() -> Finding {
    match std::env::current_exe() {
        Ok(_) => Finding::ok("program", "it finds itself: every pod of the lab is a process of it"),
        Err(error) => {
            let what = format!("it cannot find itself: {error}");
            Finding::error("program", what, "start it by its full path")
        }
    }
}

fn loopback() -> Finding {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, 0)) {
        Ok(_) => Finding::ok("network", "pods can listen at 127.0.0.1"),
        Err(error) => {
            let what = format!("nothing can listen at 127.0.0.1: {error}");
            Finding::error("network", what, "look at the sandbox or firewall of this machine")
        }
    }
}

/// Whether a folder can be written to.
fn writes(folder: &Path) -> Finding {
    let shown = folder.display().to_string();
    let written =
        std::fs::create_dir_all(folder).and_then(|()| tempfile::tempfile_in(folder).map(drop));
    match written {
        Ok(()) => Finding::ok("disk", format!("{shown} can be written to")),
        Err(error) => {
            let mend = "make it writable, or set GAMEDAY_DATA to another folder";
            Finding::error("disk", format!("{shown}: {error}"), mend)
        }
    }
}

#[cfg(unix)]
fn files() -> Finding {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    match limit.current {
        Some(most) if most < FILES => Finding::warning(
            "files",
            format!("at most {most} open files: much load needs more"),
            format!("ulimit -n {FILES}"),
        ),
        Some(most) => Finding::ok("files", format!("up to {most} open files")),
        None => Finding::ok("files", "any number of open files"),
    }
}

#[cfg(not(unix))]
fn files() -> Finding {
    Finding::warning("files", "nobody looked how many files may be open", "expect limits")
}
