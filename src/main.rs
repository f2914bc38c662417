//! The `gameday` program.

fn main() -> std::process::ExitCode {
    gameday::cli::main()
}
