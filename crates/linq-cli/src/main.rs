//! The command line of the Linq SDK.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    linq_cli::run(std::env::args_os()).await
}
