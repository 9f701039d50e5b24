//! What the SDK costs: see `benches/README.md`.

use std::process::ExitCode;

fn main() -> anyhow::Result<ExitCode> {
    linq_benches::run()
}
