use std::{fs, process::Command, thread};

use anyhow::{Context as _, Result, ensure};
use linq_types::Timestamp;
use rustix::time::ClockId;

use crate::race::read;

/// Returns the date, the processor, the system and the compiler, for a sentence that begins with "Measured".
///
/// # Errors
///
/// Returns an error on other systems than Linux, or without `rustc`.
pub fn description() -> Result<String> {
    let now = Timestamp::from_unix(read(ClockId::Realtime).as_secs().try_into()?, 0)?.to_string();
    let (date, _) = now.split_once('T').context("a timestamp has a date")?;
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|_| "unknown processor".to_owned());
    let system = field("/etc/os-release", "PRETTY_NAME").unwrap_or_else(|_| "Linux".to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease")?;
    let kernel: Vec<_> = kernel.trim().split(['.', '-']).take(2).collect();
    let (cores, rust) = (thread::available_parallelism()?, version("rustc")?);
    Ok(format!("on {date}, {processor}, {cores} cores, {system}, Linux {}, Rust {rust}", kernel.join(".")))
}

/// Returns the number of processes that ran or waited for the processor or the disk, on average over the last minute.
pub(crate) fn load_average() -> Result<String> {
    let load = fs::read_to_string("/proc/loadavg")?;
    Ok(load.split(' ').next().unwrap_or_default().to_owned())
}

/// Returns the first version number that the program prints for `--version`.
///
/// # Errors
///
/// Returns an error if the program cannot be run or prints none.
pub fn version(program: &str) -> Result<String> {
    let output = Command::new(program).arg("--version").output().with_context(|| program.to_owned())?;
    ensure!(output.status.success(), "{program} --version failed");
    let said = String::from_utf8(output.stdout)?;
    let mut words = said.split_whitespace().map(|word| word.trim_start_matches('v'));
    let version = words.find(|word| word.starts_with(|first: char| first.is_ascii_digit()));
    Ok(version.with_context(|| format!("{program} has no version"))?.to_owned())
}

/// Returns the value of a field in lines such as `name : value` and `NAME="value"`.
fn field(file: &str, name: &str) -> Result<String> {
    let text = fs::read_to_string(file)?;
    let value = text.lines().find_map(|line| line.strip_prefix(name)).context("no such field")?;
    Ok(value.trim_start_matches([' ', '\t', ':', '=']).trim_matches('"').to_owned())
}
