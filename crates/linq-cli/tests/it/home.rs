//! A home folder with a profile file.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use linq_sandbox::Sandbox;
use serde_json::Value;
use tempfile::TempDir;

use super::running;

pub(super) struct Home {
    folder: TempDir,
    environment: Vec<(String, String)>,
}

impl Home {
    /// A home folder without a profile file.
    pub(super) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    pub(super) fn with_file(content: &(impl ToString + ?Sized)) -> Self {
        let home = Self::new();
        fs::create_dir(home.path().parent().unwrap()).unwrap();
        fs::write(home.path(), content.to_string()).unwrap();
        home
    }

    /// Sets a variable of the commands.
    pub(super) fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Lets the commands call a sandbox.
    pub(super) fn calls(self, sandbox: &Sandbox) -> Self {
        self.env("LINQ_API_URL", sandbox.base_url())
    }

    pub(super) fn path(&self) -> PathBuf {
        self.folder.path().join(".linq/config.json")
    }

    pub(super) fn file(&self) -> Value {
        serde_json::from_slice(&fs::read(self.path()).unwrap()).unwrap()
    }

    pub(super) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = running::linq(arguments);
        command.env("HOME", self.folder.path()).envs(self.environment.iter().cloned());
        command
    }

    /// Runs a command and returns its exit code, standard output and standard error.
    pub(super) fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        said(self.command(arguments).output().unwrap())
    }

    pub(super) fn succeeds(&self, arguments: &[&str]) -> String {
        let (code, stdout, stderr) = self.run(arguments);
        assert_eq!((code, &*stderr), (0, ""), "{arguments:?}: {stdout}");
        stdout
    }
}

pub(super) fn said(output: Output) -> (i32, String, String) {
    let [stdout, stderr] = [output.stdout, output.stderr].map(|text| String::from_utf8(text).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}
