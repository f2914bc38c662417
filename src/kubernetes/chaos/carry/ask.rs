//! Asks the API server, again where that helps: it may be busy, restarting, or have dropped the line.

use std::time::Duration;

use kube::Client;
use kube::api::{Api, DynamicObject};
use tokio::time::{sleep, timeout};

use super::super::kinds;
use super::super::placed::Placed;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// Between two tries.
const PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// However late it is, so long an answer is waited for.
const LEAST: Duration = Duration::from_secs(2);
/// One try takes no longer.
const TRY: Duration = Duration::from_secs(6);

/// Why asking came to nothing.
#[derive(Debug)]
pub(super) struct Asked {
    /// In words.
    pub(super) said: TargetError,
    /// What it means.
    pub(super) why: Why,
}

/// What a failure means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// There is no such object, or no such kind.
    Gone,
    /// Something else is there than was thought.
    Conflict,
    /// A webhook does not answer: Chaos Mesh is down.
    Mute,
    /// It may not be done.
    Forbidden,
    /// It may be asked again.
    Later,
    /// It will not be done.
    Refused,
}

/// What a failure means.
pub(super) fn why(error: &kube::Error) -> Why {
    let Some(code) = code(error) else {
        let lasting = matches!(error, kube::Error::SerdeError(_) | kube::Error::BuildRequest(_));
        return if lasting { Why::Refused } else { Why::Later };
    };
    match code {
        404 => Why::Gone,
        409 => Why::Conflict,
        403 => Why::Forbidden,
        500 if error.to_string().contains("failed calling webhook") => Why::Mute,
        // A token may have expired just now, a list may be too old: it is fetched anew.
        401 | 408 | 410 | 429 | 500..=599 => Why::Later,
        _ => Why::Refused,
    }
}

/// How long the server wants to be left alone.
fn wished(error: &kube::Error) -> Option<Duration> {
    let kube::Error::Api(status) = error else { return None };
    let seconds = status.details.as_ref()?.retry_after_seconds;
    (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)).min(LONGEST_PAUSE))
}

/// Asks until there is an answer that stands, within so long.
pub(super) async fn patiently<T, F>(
    doing: &str,
    within: Duration,
    mut ask: impl FnMut() -> F,
) -> Result<T, Asked>
where
    F: Future<Output = Result<T, kube::Error>>,
{
    let mut last = None;
    let tries = async {
        let mut pause = PAUSE;
        loop {
            match timeout(TRY, ask()).await {
                Ok(Ok(answer)) => return Ok(answer),
                Ok(Err(error)) => {
                    let (said, why) = (trouble(doing, &error), why(&error));
                    if why != Why::Later {
                        return Err(Asked { said, why });
                    }
                    last = Some(said);
                    sleep(wished(&error).unwrap_or(pause)).await;
                }
                Err(_) => last = Some(TargetError(format!("{doing}: the server does not answer"))),
            }
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    };
    if let Ok(outcome) = timeout(within, tries).await {
        return outcome;
    }
    let said = last.unwrap_or_else(|| TargetError(format!("{doing}: the server does not answer")));
    Err(Asked { said, why: Why::Later })
}

/// What is left of a time, for one more question: the server may be restarting, and comes back.
pub(super) fn left(within: Duration, waited: Duration) -> Duration {
    within.saturating_sub(waited).max(LEAST)
}

/// Where an object is.
pub(super) fn api(client: &Client, placed: &Placed) -> Api<DynamicObject> {
    of_kind(client, &placed.kind, &placed.plural, &placed.namespace)
}

/// Where the objects of a kind are.
pub(super) fn of_kind(
    client: &Client,
    kind: &str,
    plural: &str,
    namespace: &str,
) -> Api<DynamicObject> {
    Api::namespaced_with(client.clone(), namespace, &kinds::resource(kind, plural))
}

/// An object; `None`: there is none.
pub(super) async fn look(
    api: &Api<DynamicObject>,
    placed: &Placed,
    within: Duration,
) -> Result<Option<serde_json::Value>, Asked> {
    let doing = format!("look at {}", placed.called());
    let found = patiently(&doing, within, || api.get_opt(&placed.name)).await?;
    Ok(found.map(|object| serde_json::to_value(object).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16, message: &str) -> kube::Error {
        let status = kube::core::Status::failure(message, "").with_code(code);
        kube::Error::Api(status.boxed())
    }

    #[test]
    fn what_a_failure_means() {
        for (code, expected) in [
            (404, Why::Gone),
            (409, Why::Conflict),
            (403, Why::Forbidden),
            (401, Why::Later),
            (410, Why::Later),
            (429, Why::Later),
            (500, Why::Later),
            (503, Why::Later),
            (422, Why::Refused),
            (400, Why::Refused),
        ] {
            assert_eq!(why(&status(code, "no")), expected, "{code}");
        }
        let webhook = "Internal error occurred: failed calling webhook \"mpodchaos.kb.io\": connection refused";
        assert_eq!(why(&status(500, webhook)), Why::Mute);
    }

    #[tokio::test(start_paused = true)]
    async fn it_asks_again_while_that_may_help() {
        let mut count = 0;
        let answer = patiently("try", Duration::from_secs(5), || {
            count += 1;
            let count = count;
            async move { if count < 4 { Err(status(503, "busy")) } else { Ok(count) } }
        });
        assert_eq!(answer.await.unwrap(), 4);
        let never = patiently::<(), _>("try", Duration::from_secs(5), || async {
            Err(status(429, "too many"))
        });
        let asked = never.await.unwrap_err();
        assert_eq!(asked.why, Why::Later);
        assert!(asked.said.0.contains("too many"), "{}", asked.said);
        let hangs = patiently::<(), _>("try", Duration::from_secs(20), std::future::pending);
        assert!(hangs.await.unwrap_err().said.0.contains("does not answer"));
        let refused = patiently::<(), _>("try", Duration::from_secs(5), || async {
            Err(status(422, "no such field"))
        });
        assert_eq!(refused.await.unwrap_err().why, Why::Refused);
    }
}
