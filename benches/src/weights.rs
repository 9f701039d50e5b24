//! What a program pays for the SDK: crates, seconds of its first check, and size. `benches/weights.toml` has the programs.

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context as _, Result, ensure};
use rustix::time::ClockId;
use serde::Deserialize;

use crate::race::read;

const PACKAGE: &str = "weighed";

#[derive(Deserialize)]
struct Programs {
    program: Vec<Program>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Program {
    name: String,
    library: String,
    dependencies: String,
    main: String,
}

/// Prints a table with a line for each program whose name contains `part`.
pub(crate) fn measure(part: &str) -> Result<()> {
    println!("| program | version | crates | check, s | slowest, s | size, KiB |");
    println!("| --- | --- | --- | --- | --- | --- |");
    let programs: Programs = toml::from_str(include_str!("../weights.toml"))?;
    for program in programs.program.iter().filter(|program| program.name.contains(part)) {
        println!("{}", program.weigh().with_context(|| program.name.clone())?);
    }
    Ok(())
}

impl Program {
    fn weigh(&self) -> Result<String> {
        let package = self.package()?;
        package.cargo(&["fetch", "--quiet"])?;
        let crates = package.crates()?;
        let times = package.check()?;
        let (slowest, seconds) =
            times.iter().max_by(|a, b| a.1.total_cmp(b.1)).context("nothing was checked")?;
        Ok(format!(
            "| {} | {} | {} | {:.1} | `{slowest}`: {seconds:.1} | {} |",
            self.name,
            version(&crates, &self.library).context("the library is not in the tree")?,
            crates.len() - 1,
            times.values().sum::<f64>(),
            package.release_size()? / 1024,
        ))
    }

    /// Writes the program as a package of its own, with the workspace's lock file.
    fn package(&self) -> Result<Package> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the workspace has a folder")?;
        let directory = root.join("target/weights").join(self.name.replace(' ', "-"));
        if directory.exists() {
            fs::remove_dir_all(&directory)?;
        }
        fs::create_dir_all(directory.join("src"))?;
        fs::copy(root.join("Cargo.lock"), directory.join("Cargo.lock"))?;
        fs::write(directory.join("src/main.rs"), &self.main)?;
        let manifest = format!(
            "[package]\nname = \"{PACKAGE}\"\nedition = \"2024\"\n[workspace]\n[profile.release]\nstrip = true\n\
             [dependencies]\n{}\n[patch.crates-io]\nlinq-sdk = {{ path = {:?} }}\n",
            self.dependencies,
            root.join("crates/linq"),
        );
        fs::write(directory.join("Cargo.toml"), manifest)?;
        Ok(Package(directory))
    }
}

struct Package(PathBuf);

impl Package {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).current_dir(&self.0).env("CARGO_TARGET_DIR", self.0.join("target"));
        command
    }

    fn cargo(&self, arguments: &[&str]) -> Result<String> {
        let output = self.command(arguments).output()?;
        ensure!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(String::from_utf8(output.stdout)?)
    }

    /// The names and versions of all crates in the tree, its own included.
    fn crates(&self) -> Result<BTreeSet<(String, String)>> {
        let tree = self.cargo(&["tree", "-e", "normal", "--prefix", "none"])?;
        let crates = tree.lines().filter_map(|line| {
            let mut words = line.split(' ');
            Some((words.next()?.to_owned(), words.next()?.trim_start_matches('v').to_owned()))
        });
        Ok(crates.collect())
    }

    /// How many seconds each crate took to be checked, its build script included. One job at a time: what passes between
    /// the ends of two units is the second one's.
    fn check(&self) -> Result<BTreeMap<String, f64>> {
        let mut times = BTreeMap::new();
        let mut cargo = self
            .command(&["check", "--quiet", "--jobs", "1", "--message-format", "json"])
            .env("CARGO_INCREMENTAL", "0")
            .stdout(Stdio::piped())
            .spawn()?;
        let mut before = read(ClockId::Monotonic);
        for line in BufReader::new(cargo.stdout.take().context("cargo tells what it does")?).lines() {
            let now = read(ClockId::Monotonic);
            if let Message { package_id: Some(id) } = serde_json::from_str(&line?)? {
                *times.entry(name(&id).to_owned()).or_default() += (now - before).as_secs_f64();
                before = now;
            }
        }
        ensure!(cargo.wait()?.success(), "cargo check failed");
        Ok(times)
    }

    fn release_size(&self) -> Result<u64> {
        self.cargo(&["build", "--quiet", "--release"])?;
        Ok(fs::metadata(self.0.join("target/release").join(PACKAGE))?.len())
    }
}

fn version<'a>(crates: &'a BTreeSet<(String, String)>, library: &str) -> Option<&'a str> {
    crates.iter().find(|(name, _)| name == library).map(|(_, version)| version.as_str())
}

/// What cargo reports when it is done with a unit; other messages have no package.
#[derive(Deserialize)]
struct Message {
    package_id: Option<String>,
}

/// The name in an id such as `registry+https://host#http@1.4.0` or `path+file:///linq/crates/linq-core#0.1.0`.
fn name(id: &str) -> &str {
    let (path, package) = id.rsplit_once('#').unwrap_or(("", id));
    match package.split_once('@') {
        Some((name, _)) => name,
        None => path.rsplit('/').next().unwrap_or(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_id_has_the_name_before_the_version_or_in_the_path() {
        for id in ["registry+https://host/index#http@1.4.0", "path+file:///linq/crates/http#0.1.0"] {
            assert_eq!(name(id), "http", "{id}");
        }
    }
}
