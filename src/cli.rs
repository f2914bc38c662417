//! The door: arguments in, exit code out; the one place that names every part.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use crate::port::clock::Clock;

struct RealClock(std::time::Instant);

impl Clock for RealClock {
    fn monotonic(&self) -> Duration {
        self.0.elapsed()
    }

    fn wall_millis(&self) -> i64 {
        #[expect(clippy::disallowed_methods, reason = "this is a clock")]
        chrono::Utc::now().timestamp_millis()
    }
}

/// Runs the program.
pub fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "this is a clock")]
    let clock = Arc::new(RealClock(std::time::Instant::now()));
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["pod", spec] => match crate::lab::pod::serve(spec, clock) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                tell(&error.to_string());
                ExitCode::FAILURE
            }
        },
        ["lab", rest @ ..] => lab(clock, rest),
        _ => ExitCode::from(2),
    }
}

fn lab(clock: Arc<dyn Clock>, rest: &[&str]) -> ExitCode {
    let Ok(runtime) = tokio::runtime::Runtime::new() else { return ExitCode::FAILURE };
    let ended = runtime.block_on(async {
        let exe = std::env::current_exe()?;
        let data_dir =
            rest.first().map_or_else(|| std::env::temp_dir().join("gameday"), Into::into);
        let lab_id = format!("alone-{}", std::process::id());
        let options = crate::lab::LabOptions { exe, data_dir, lab_id, seed: 1, clock };
        let shutdown = async {
            let _ = tokio::signal::ctrl_c().await;
        };
        let print = |text: &str| {
            use std::io::Write;
            let mut out = std::io::stdout().lock();
            let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        };
        crate::lab::run_alone(options, print, shutdown).await
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tell(&error.to_string());
            ExitCode::FAILURE
        }
    }
}

fn tell(text: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{text}");
}
