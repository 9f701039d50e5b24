//! Peak memory: the most that a process of its own had resident, beyond what it had before.

use std::{env, fs, io, process::Command};

use anyhow::{Context, Result, bail, ensure};
use clap::ValueEnum;
use linq_core::{Client, blocking, resources::attachments::UploadFile};
use linq_hyper::HyperBackend;
use linq_reqwest::ReqwestBackend;
use linq_ureq::UreqBackend;
use tokio::runtime::Builder;

use crate::{
    name,
    report::{Report, figure},
    sdk,
    server::{PAGE, PAGES},
    way::{BlockingGet, Get, Way},
};

/// 100 MB as the service counts them: the most that it takes.
const UPLOAD: u64 = 100 * 1024 * 1024;
/// A list that is read up to here needs as much memory as one that is read to its end.
const EARLY: usize = PAGE * 10;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Job {
    /// One file of 100 MB from a reader; the growth is that over an idle client with an open connection.
    Upload,
    /// All 100,000 items of a list; the growth is that after the first 1,000 items.
    List,
}

impl Job {
    fn name(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::List => "list",
        }
    }

    /// The most that the peak may grow, in MB.
    fn limit(self) -> f64 {
        match self {
            Self::Upload => 8.0,
            Self::List => 1.0,
        }
    }
}

pub(crate) fn measure(base_url: &str, report: &mut Report) -> Result<()> {
    for way in [Way::Reqwest, Way::Hyper, Way::Ureq] {
        for job in [Job::Upload, Job::List] {
            let output = Command::new(env::current_exe()?)
                .args(["peak", base_url, &name(way), job.name()])
                .output()?;
            ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let grown: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
            let name = format!("{}/{}/peak-growth", job.name(), name(way));
            figure(&format!("{name}-kb"), grown);
            report.must(&format!("{name}-mb"), grown / 1000.0, job.limit());
        }
    }
    Ok(())
}

/// Does the job and prints by how many kB the peak has grown meanwhile.
pub(crate) fn peak(base_url: &str, way: Way, job: Job) -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let grown = match way {
        Way::Reqwest => runtime.block_on(asynchronous(&sdk::client(base_url, ReqwestBackend::new()?)?, job)),
        Way::Hyper => runtime.block_on(asynchronous(&sdk::client(base_url, HyperBackend::http())?, job)),
        Way::Ureq => blocking(&sdk::blocking_client(base_url, UreqBackend::new())?, job),
        _ => bail!("{} is no way of the client", name(way)),
    }?;
    println!("{grown}");
    Ok(())
}

async fn asynchronous(client: &Client, job: Job) -> Result<u64> {
    match job {
        Job::Upload => {
            client.get().await?;
            let idle = resident_peak()?;
            client.attachments().upload(file()).await?;
            Ok(resident_peak()?.saturating_sub(idle))
        }
        Job::List => {
            let mut growth = ListGrowth::default();
            let mut items = client.chats().messages("chat").list().items();
            while let Some(item) = items.next().await {
                item?;
                growth.item()?;
            }
            growth.end()
        }
    }
}

fn blocking(client: &blocking::Client, job: Job) -> Result<u64> {
    match job {
        Job::Upload => {
            client.get()?;
            let idle = resident_peak()?;
            client.attachments().upload(file()).call()?;
            Ok(resident_peak()?.saturating_sub(idle))
        }
        Job::List => {
            let mut growth = ListGrowth::default();
            for item in client.chats().messages("chat").list().items() {
                item?;
                growth.item()?;
            }
            growth.end()
        }
    }
}

#[derive(Default)]
struct ListGrowth {
    count: usize,
    early: u64,
}

impl ListGrowth {
    fn item(&mut self) -> Result<()> {
        self.count += 1;
        if self.count == EARLY {
            self.early = resident_peak()?;
        }
        Ok(())
    }

    fn end(self) -> Result<u64> {
        ensure!(self.count == PAGE * PAGES, "the list has given {} items", self.count);
        Ok(resident_peak()?.saturating_sub(self.early))
    }
}

fn file() -> UploadFile {
    UploadFile::from_reader("large.png", "image/png", UPLOAD, || Ok(io::Read::take(io::repeat(7), UPLOAD)))
}

/// The most memory that this process has had resident, in kB. The kernel counts roughly: it can be less than before.
fn resident_peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let value = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(value.context("only Linux tells the peak of a process")?.parse()?)
}
