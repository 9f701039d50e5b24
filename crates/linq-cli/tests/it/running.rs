//! The binary.

use std::{
    env,
    io::{self, BufRead as _, BufReader, PipeReader, Read as _, Write as _},
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
    thread,
    time::Duration,
};

/// A folder that does not exist, so that nothing can be read or written there.
const NO_HOME: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/no-home");

/// A command that nothing is said to, without the settings of the environment, and without a home folder.
pub(super) fn linq(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linq"));
    command.args(arguments).env("HOME", NO_HOME).env_remove("NO_COLOR");
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("LINQ_")) {
            command.env_remove(name);
        }
    }
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
    stdout: BufReader<PipeReader>,
    stderr: Option<BufReader<ChildStderr>>,
}

impl Running {
    pub(super) fn start(arguments: &[&str]) -> Self {
        Self::spawn(&mut linq(arguments))
    }

    pub(super) fn spawn(command: &mut Command) -> Self {
        let (stdout, writer) = io::pipe().unwrap();
        let mut child = command.stdout(writer).spawn().unwrap();
        // Otherwise the command holds another copy of the writer.
        command.stdout(Stdio::null());
        let stderr = child.stderr.take().map(BufReader::new);
        Self { child, stdout: BufReader::new(stdout), stderr }
    }

    pub(super) fn line(&mut self) -> String {
        let mut line = String::new();
        self.stdout.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Ends it and gives the rest of what it said on standard error.
    pub(super) fn stderr(&mut self) -> String {
        let _ = self.child.kill();
        self.rest_of_stderr()
    }

    /// Gives the rest of what it says on standard error until it ends.
    pub(super) fn rest_of_stderr(&mut self) -> String {
        let mut said = String::new();
        self.stderr.as_mut().unwrap().read_to_string(&mut said).unwrap();
        said
    }

    /// Gives the next line on standard error.
    pub(super) fn stderr_line(&mut self) -> String {
        let mut line = String::new();
        self.stderr.as_mut().unwrap().read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Closes the pipe of its standard error.
    pub(super) fn close_stderr(&mut self) {
        self.stderr = None;
    }

    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    #[cfg(unix)]
    pub(super) fn interrupt(self) -> ExitStatus {
        kill("-INT", self.id());
        self.wait()
    }

    /// Waits until it ends.
    pub(super) fn wait(mut self) -> ExitStatus {
        for _ in 0..2_000 {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            pause();
        }
        panic!("it did not end");
    }

    /// Closes the pipe of its standard output.
    pub(super) fn close_stdout(&mut self) {
        let (closed, _) = io::pipe().unwrap();
        self.stdout = BufReader::new(closed);
    }
}

#[cfg(unix)]
pub(super) fn kill(signal: &str, process: u32) {
    let kill = Command::new("kill").args([signal, &process.to_string()]).status().unwrap();
    assert!(kill.success());
}

#[expect(clippy::disallowed_methods, reason = "it blocks only the test")]
pub(super) fn pause() {
    thread::sleep(Duration::from_millis(10));
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
