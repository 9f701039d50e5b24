//! A process of chromedriver with its browsers.

use std::{
    env, fs,
    io::{self, BufRead as _, BufReader, Write as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use tempfile::TempDir;

const START_TIMEOUT: Duration = Duration::from_secs(60);

/// Ends its shell, and with it everything that it started, when its input ends: also if this process is killed.
const GUARD: &str = r#""$@" & read -r _; kill -KILL 0"#;

/// A chromedriver on a free port, whose files are in a temporary folder. Dropping it kills it and its browsers.
#[derive(Debug)]
pub(super) struct Driver {
    guard: Child,
    folder: TempDir,
    pub(super) chromium: PathBuf,
    pub(super) url: String,
}

impl Driver {
    /// Starts a driver. Where there is no browser, it says so and returns `None`.
    pub(super) fn start() -> Option<Self> {
        let Some(chromium) = installed(&["chromium", "chromium-browser", "google-chrome"]) else {
            skip("Chromium is not installed (Debian: chromium)");
            return None;
        };
        let Some(chromedriver) = installed(&["chromedriver"]) else {
            skip("chromedriver is not installed (Debian: chromium-driver)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("linq").tempdir().unwrap();
        let mut guard = Command::new("sh")
            .args(["-c", GUARD, "sh"])
            .arg(chromedriver)
            .args(["--port=0", "--log-level=SEVERE"])
            // What the browser keeps outside of its profile.
            .env("HOME", folder.path())
            .env("TMPDIR", folder.path())
            .env("TZ", "UTC")
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(guard.stdout.take().unwrap());
        let (sender, lines) = channel();
        thread::spawn(move || {
            // The receiver needs the first lines only; the others are read so that the driver can go on.
            stdout.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
        });
        let port = loop {
            let line = lines.recv_timeout(START_TIMEOUT).expect("chromedriver does not start");
            if let Some((_, port)) = line.split_once("started successfully on port ") {
                break port.trim_end_matches('.').to_owned();
            }
        };
        Some(Self { guard, folder, chromium, url: format!("http://127.0.0.1:{port}") })
    }

    /// A folder for the profile of a browser.
    pub(super) fn profile(&self) -> String {
        self.folder.path().join("profile").display().to_string()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        drop(self.guard.stdin.take());
        drop(self.guard.wait());
        remove(self.folder.path());
    }
}

/// Removes a folder in which processes that are being killed may still write.
#[expect(clippy::disallowed_methods, reason = "nothing tells when the last process has ended")]
fn remove(folder: &Path) {
    for _ in 0..50 {
        if fs::remove_dir_all(folder).is_ok() {
            break;
        }
        thread::sleep(Duration::from_millis(20));
    }
}

/// Says that the test is skipped. This bypasses the test harness, which shows the output of tests that fail only.
pub(super) fn skip(reason: &str) {
    let test = thread::current().name().unwrap_or_default().to_owned();
    io::stderr().write_all(format!("SKIPPED {test}: {reason}\n").as_bytes()).unwrap();
}

/// The first of these programs that is on the path.
fn installed(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<_> = env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|file| file.is_file())
}
