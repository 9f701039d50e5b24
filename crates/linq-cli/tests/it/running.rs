//! The binary.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::{Child, ChildStdout, Command, ExitStatus, Output, Stdio},
};

/// A command that nothing is said to, without the environment's secrets.
pub(super) fn linq(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linq"));
    command.args(arguments).env_remove("LINQ_WEBHOOK_SECRET").env_remove("NO_COLOR");
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command that this is said to.
pub(super) fn with_input(command: &mut Command, input: &[u8]) -> Output {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // A command that fails before it reads leaves a closed pipe.
    let _ = child.stdin.take().unwrap().write_all(input);
    child.wait_with_output().unwrap()
}

/// A command that ends with the test.
pub(super) struct Running {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Running {
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::spawn(&mut linq(arguments))
    }

    pub(super) fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        Self { child, stdout }
    }

    pub(super) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Ends it and gives what it said on standard error.
    pub(super) fn stderr(&mut self) -> String {
        let mut stderr = self.child.stderr.take().unwrap();
        let _ = self.child.kill();
        let mut said = String::new();
        stderr.read_to_string(&mut said).unwrap();
        said
    }

    #[cfg(unix)]
    pub(super) fn interrupt(mut self) -> ExitStatus {
        let kill = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        self.child.wait().unwrap()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
