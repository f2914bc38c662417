//! Looks at one pod for people: what it wrote, what it answers. Everything from outside is neutralised; changes nothing.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::client::conn::http1;
use hyper::{Request, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

use super::crew::{Crew, SlotState};
use crate::exercise::said::{Said, said};
use crate::gameday::text::{plain, plain_lines};
use crate::port::target::TargetError;

/// An answer that takes longer is none.
const LIMIT: Duration = Duration::from_secs(3);

/// So many bytes of an answer are shown.
const LONGEST: usize = 4_096;

/// The last lines the pod wrote.
///
/// # Errors
/// When there is no such pod.
pub(super) fn log(crew: &Crew, pod: &str, lines: u32) -> Result<Said, TargetError> {
    let words = state_of(crew, pod)?.last_words;
    let lines = usize::try_from(lines).unwrap_or(usize::MAX);
    let before = words.len().saturating_sub(lines);
    let last: Vec<String> = words.iter().skip(before).map(|line| plain(line)).collect();
    if last.is_empty() {
        return Ok(said!("lab-wrote-nothing", "{pod} wrote nothing", pod = pod));
    }
    Ok(last.join("\n").into())
}

/// Status and body of the pod's answer to a GET request.
///
/// # Errors
/// When there is no such pod, it does not run, or it does not answer in time.
pub(super) async fn curl(crew: &Crew, pod: &str, path: &str) -> Result<Said, TargetError> {
    let uri: Uri = path
        .parse()
        .ok()
        .filter(|uri: &Uri| uri.host().is_none() && path.starts_with('/'))
        .ok_or_else(|| TargetError(format!("{} is no path; one begins with /", plain(path))))?;
    let state = state_of(crew, pod)?;
    let address = state.metrics.filter(|_| state.line.is_some());
    let address = address.ok_or_else(|| TargetError(format!("{pod} does not run")))?;
    let work = async {
        let stream = TcpStream::connect(address).await.map_err(|error| error.to_string())?;
        let (mut sender, connection) =
            http1::handshake(TokioIo::new(stream)).await.map_err(|error| error.to_string())?;
        let talk = async move {
            let request = Request::get(uri)
                .header("host", pod)
                .header("connection", "close")
                .body(Empty::<Bytes>::new());
            let request = request.map_err(|error| error.to_string())?;
            let response = sender.send_request(request).await.map_err(|error| error.to_string())?;
            let status = response.status();
            let mut body = response.into_body();
            let mut text = Vec::new();
            while let Some(frame) = body.frame().await {
                let frame = frame.map_err(|error| error.to_string())?;
                text.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
                if text.len() > LONGEST {
                    break;
                }
            }
            drop(sender);
            Ok::<_, String>((status, text))
        };
        // When it has ended, everything it read is there to be taken.
        let (answer, _) = tokio::join!(talk, connection);
        answer
    };
    let answer = tokio::time::timeout(LIMIT, work).await;
    let (status, text) = match answer {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(TargetError(format!("{pod}: {error}"))),
        Err(_) => {
            let limit = LIMIT.as_secs();
            return Err(TargetError(format!("{pod} does not answer within {limit} s")));
        }
    };
    let cut = text.len() > LONGEST;
    let shown = String::from_utf8_lossy(&text[..text.len().min(LONGEST)]).into_owned();
    let more = if cut { "\n…" } else { "" };
    Ok(format!("{status}\n{}{more}", plain_lines(&shown)).into())
}

fn state_of(crew: &Crew, pod: &str) -> Result<SlotState, TargetError> {
    let slot = crew.slot(pod).map(|slot| slot.state()).filter(|state| !state.absent);
    slot.ok_or_else(|| TargetError(format!("the lab has no pod {}", plain(pod))))
}
