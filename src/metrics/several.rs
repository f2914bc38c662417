//! Several sources as one: who is asked is written before the question. Not the asking.
//!
//! `probe https://shop/ duration` is asked as a customer would, `command ["wc", "-l", "queue"]` of a program; everything else of
//! the server of metrics. `kubernetes deployment/web-app` is asked of a cluster.

use std::sync::Arc;

use crate::exercise::found::Found;
use crate::port::source::{Ask, Source};
use crate::port::target::Answer;
use crate::port::trouble::{SourceError, Trouble};

/// What stands before the address that is asked as a customer would.
pub const PROBE: &str = "probe ";
/// What stands before the words of a command.
pub const COMMAND: &str = "command ";

/// What stands before a workload whose pods are counted.
pub const KUBERNETES: &str = "kubernetes ";

/// Several sources.
pub struct Several {
    /// The server of metrics, where there is one.
    pub server: Option<Arc<dyn Source>>,
    /// Who asks as a customer would.
    pub probe: Arc<dyn Source>,
    /// Who runs commands; `None`: nobody may.
    pub commands: Option<Arc<dyn Source>>,
    /// Who counts pods of a cluster.
    pub cluster: Arc<dyn Source>,
}

impl Several {
    /// Who is asked, and what.
    fn who<'a>(&'a self, query: &'a str) -> Result<(&'a dyn Source, &'a str), &'static str> {
        if let Some(rest) = query.strip_prefix(PROBE) {
            return Ok((&*self.probe, rest.trim()));
        }
        if let Some(rest) = query.strip_prefix(COMMAND) {
            let why = "a file may not run commands here: allow it with --allow-commands";
            return self.commands.as_deref().map(|one| (one, rest.trim())).ok_or(why);
        }
        if let Some(rest) = query.strip_prefix(KUBERNETES) {
            return Ok((&*self.cluster, rest.trim()));
        }
        let why = "no server of metrics is named: give --prometheus, or PROMETHEUS_URL";
        self.server.as_deref().map(|one| (one, query)).ok_or(why)
    }
}

impl Source for Several {
    fn place(&self) -> &str {
        self.server.as_ref().map_or_else(|| self.probe.place(), |server| server.place())
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(async move {
            match self.who(&ask.query) {
                Ok((source, query)) => {
                    let ask = Ask { query: query.to_owned(), over: ask.over };
                    source.ask(&ask).await
                }
                Err(why) => {
                    let trouble = Trouble::Query { query: ask.query.clone(), why: why.to_owned() };
                    Err(SourceError { server: self.place().to_owned(), trouble })
                }
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Named(&'static str);

    impl Source for Named {
        fn place(&self) -> &str {
            self.0
        }

        fn ask<'a>(&'a self, _: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
            Box::pin(async { Ok(Found::default()) })
        }
    }

    #[test]
    fn who_is_asked_stands_before_the_question() {
        let all = |server, commands: bool| Several {
            server: if server { Some(Arc::new(Named("server"))) } else { None },
            probe: Arc::new(Named("probe")),
            commands: commands.then(|| Arc::new(Named("command")) as Arc<dyn Source>),
            cluster: Arc::new(Named("cluster")),
        };
        let several = all(true, true);
        for (query, who, asked) in [
            ("up", "server", "up"),
            ("probe_success", "server", "probe_success"),
            ("probe http://a/ duration", "probe", "http://a/ duration"),
            ("command [\"true\"]", "command", "[\"true\"]"),
            ("kubernetes deployment/a", "cluster", "deployment/a"),
            ("kubernetes_build_info", "server", "kubernetes_build_info"),
        ] {
            let (source, rest) = several.who(query).unwrap();
            assert_eq!((source.place(), rest), (who, asked));
        }
        assert!(all(true, false).who("command [\"true\"]").is_err());
        assert!(all(false, true).who("up").is_err());
        assert_eq!(all(false, true).place(), "probe");
    }
}
