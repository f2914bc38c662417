//! Asks a pod something over HTTP, as its callers would, and sees whether the answer is damaged. Changes nothing.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::line::Line;
use crate::exercise::said::{Said, said};
use crate::gameday::fault::HttpAction;
use crate::port::target::TargetError;

/// A damage that hits fewer answers is believed without having been seen.
const RARE: f64 = 0.2;

/// So many questions are asked at most.
const QUESTIONS: u32 = 30;

/// An answer may take so long.
const PATIENCE: Duration = Duration::from_secs(3);

/// An answer of which nothing more is read.
const LONGEST: u64 = 64 * 1024;

/// Asks until an answer is damaged as it should be; the evidence.
pub(super) async fn damaged(
    line: &Line,
    address: Option<SocketAddr>,
    action: HttpAction,
    share: f64,
) -> Result<Said, TargetError> {
    let pod = line.pod;
    let address = address.ok_or_else(|| TargetError(format!("{pod} takes no traffic")))?;
    for question in 1..=QUESTIONS {
        if let HttpAction::Delay { latency } = action {
            let soon = Duration::from(latency).mul_f64(0.9);
            if tokio::time::timeout(soon, ask(address)).await.is_err() {
                return Ok(said!(
                    "lab-no-answer-yet",
                    "{pod} has no answer after {soon} ms (question {question})",
                    pod = pod,
                    soon = soon.as_millis(),
                    question = question
                ));
            }
            continue;
        }
        let answer = tokio::time::timeout(PATIENCE, ask(address)).await.unwrap_or_default();
        let seen = match action {
            HttpAction::Abort => answer.is_empty().then(|| {
                said!(
                    "lab-closes",
                    "{pod} closes the connection (question {question})",
                    pod = pod,
                    question = question
                )
            }),
            HttpAction::Delay { .. } => None,
            HttpAction::Status { code } => {
                let line = format!("HTTP/1.1 {code}");
                answer.starts_with(line.as_bytes()).then(|| {
                    said!(
                        "lab-answers-status",
                        "{pod} answers {code} (question {question})",
                        pod = pod,
                        code = code,
                        question = question
                    )
                })
            }
            HttpAction::Body => answer.contains(&0xff).then(|| {
                said!(
                    "lab-answers-garbage",
                    "{pod} answers with bytes that nobody can read (question {question})",
                    pod = pod,
                    question = question
                )
            }),
        };
        if let Some(seen) = seen {
            return Ok(seen);
        }
    }
    if share < RARE {
        return Ok(said!(
            "lab-none-hit",
            "{pod} has it; none of {count} answers was hit",
            pod = pod,
            count = QUESTIONS
        ));
    }
    Err(TargetError(format!("{pod} gave {QUESTIONS} answers, none of them damaged")))
}

/// What comes back, head and body; empty without an answer. What is asked for need not exist: any answer is an answer.
async fn ask(address: SocketAddr) -> Vec<u8> {
    let mut answer = Vec::new();
    if let Ok(mut stream) = TcpStream::connect(address).await {
        let question = b"GET /product/0 HTTP/1.1\r\nhost: lab\r\nconnection: close\r\n\r\n";
        if stream.write_all(question).await.is_ok() {
            // What came before a broken end counts.
            let _ = stream.take(LONGEST).read_to_end(&mut answer).await;
        }
    }
    answer
}
