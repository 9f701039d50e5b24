//! A PostgreSQL server in a temporary folder.

use std::{
    env, fs,
    io::{self, Write as _},
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use tempfile::TempDir;

/// A server that ends with this value.
#[derive(Debug)]
pub(super) struct Server {
    folder: TempDir,
    binaries: PathBuf,
    owner: Option<(u32, u32)>,
}

impl Server {
    /// Starts a server. Where PostgreSQL is not installed, it says so and returns `None`.
    pub(super) fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            skip("PostgreSQL is not installed (Debian: postgresql)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("linq").tempdir().unwrap();
        let server = Self { folder, binaries, owner: owner() };
        if let Some((user, group)) = server.owner {
            chown(server.folder.path(), Some(user), Some(group)).unwrap();
        }
        let data = server.data();
        server.run("initdb", &["-D", &data, "-U", "postgres", "-A", "trust", "--no-sync"]);
        server.start_again();
        Some(server)
    }

    pub(super) fn start_again(&self) {
        let (data, sockets) = (self.data(), self.folder.path().display());
        let options = format!("-k {sockets} -h '' -c max_connections=100");
        let log = format!("{sockets}/log");
        let arguments = ["-D", &data, "-w", "-t", "30", "-l", &log, "-o", &options, "start"];
        // After a kill, the children of the killed server have to notice it first.
        let started = (0..50).any(|_| {
            let started =
                self.command("pg_ctl", &arguments).stderr(Stdio::null()).status().unwrap().success();
            if !started {
                thread::sleep(Duration::from_millis(200));
            }
            started
        });
        assert!(started, "{}", self.log());
    }

    /// What the server logged.
    pub(super) fn log(&self) -> String {
        fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    /// Stops the server as a crash does.
    pub(super) fn stop_at_once(&self) {
        self.run("pg_ctl", &["-D", &self.data(), "-m", "immediate", "-w", "-t", "30", "stop"]);
    }

    /// Kills the postmaster.
    pub(super) fn kill(&self) {
        let file = self.folder.path().join("data/postmaster.pid");
        let pid = fs::read_to_string(&file).unwrap().lines().next().unwrap().to_owned();
        assert!(Command::new("kill").args(["-9", &pid]).status().unwrap().success());
    }

    /// How clients connect, as a connection string.
    pub(super) fn address(&self) -> String {
        format!("host={} user=postgres dbname=postgres", self.folder.path().display())
    }

    fn data(&self) -> String {
        self.folder.path().join("data").display().to_string()
    }

    fn run(&self, program: &str, arguments: &[&str]) {
        assert!(self.command(program, arguments).status().unwrap().success(), "{program} {arguments:?}");
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(self.binaries.join(program));
        command.args(arguments).current_dir(self.folder.path()).stdout(Stdio::null());
        // The server refuses to run as root.
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.stop_at_once();
        }
    }
}

/// Says that the test is skipped. This bypasses the test harness, which shows the output of tests that fail only.
pub(super) fn skip(reason: &str) {
    let test = thread::current().name().unwrap_or_default().to_owned();
    io::stderr().write_all(format!("SKIPPED {test}: {reason}\n").as_bytes()).unwrap();
}

/// The folder of the server's programs, which Debian does not put on the path.
fn binaries() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let path = env::var_os("PATH").unwrap_or_default();
    debian.chain(env::split_paths(&path)).find(|folder| folder.join("initdb").is_file())
}

/// The user and group `postgres`, if this process is root.
fn owner() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    if fs::metadata("/proc/self").ok()?.uid() != 0 {
        return None;
    }
    let users = fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    let line = users.lines().find(|line| line.starts_with("postgres:"))?;
    let mut fields = line.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
