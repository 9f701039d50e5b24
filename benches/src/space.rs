//! Peak memory: the most that a process of its own had resident, beyond what it had before.

use std::{env, fs, io, process::Command};

use anyhow::{Context, Result, ensure};
use clap::ValueEnum;
use linq_core::{Client, resources::attachments::File};
use linq_reqwest::ReqwestBackend;
use tokio::runtime::Builder;

use crate::{
    report::{Report, figure},
    sdk,
    server::{PAGE, PAGES},
    way::{Get, Way},
};

/// 100 MB as the service counts them: the most that it takes.
const UPLOAD: u64 = 100 * 1024 * 1024;

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Job {
    /// One file of 100 MB, from nothing but a reader.
    Upload,
    /// All 100,000 items of a list.
    List,
}

impl Job {
    /// The most that the peak may grow, in MB.
    fn limit(self) -> f64 {
        match self {
            Self::Upload => 8.0,
            Self::List => 1.0,
        }
    }
}

pub(crate) fn measure(base_url: &str, report: &mut Report) -> Result<()> {
    for way in [Way::Reqwest] {
        for job in [Job::Upload, Job::List] {
            let name = format!("{job:?}/{}", way.name()).to_lowercase();
            let output = Command::new(env::current_exe()?)
                .args(["peak", base_url, &way.name(), &format!("{job:?}").to_lowercase()])
                .output()?;
            ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let grown: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
            figure(&format!("{name}/peak-growth-kb"), grown);
            report.must(&format!("{name}/peak-growth-mb"), grown / 1000.0, job.limit());
        }
    }
    Ok(())
}

/// Does the job and prints by how many kB the peak has grown meanwhile.
pub(crate) fn peak(base_url: &str, way: Way, job: Job) -> Result<()> {
    let client = match way {
        Way::Reqwest => sdk::client(base_url, ReqwestBackend::new()?)?,
        _ => anyhow::bail!("{} is no way of the client", way.name()),
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let grown = runtime.block_on(asynchronous(&client, job))?;
    println!("{grown}");
    Ok(())
}

async fn asynchronous(client: &Client, job: Job) -> Result<u64> {
    match job {
        Job::Upload => {
            client.get().await?;
            let idle = resident_peak()?;
            client.attachments().upload(file()).await?;
            Ok(resident_peak()? - idle)
        }
        Job::List => {
            let mut items = client.chats().messages("chat").list().items();
            let mut early = 0;
            let mut count = 0;
            while let Some(item) = items.next().await {
                item?;
                count += 1;
                if count == PAGE * 10 {
                    early = resident_peak()?;
                }
            }
            ensure!(count == PAGE * PAGES, "the list has given {count} items");
            Ok(resident_peak()? - early)
        }
    }
}

fn file() -> File {
    File::from_reader("large.png", "image/png", UPLOAD, || Ok(io::Read::take(io::repeat(7), UPLOAD)))
}

/// The most memory that this process has had resident, in kB.
fn resident_peak() -> Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let value = line.and_then(|line| line.trim().strip_suffix(" kB"));
    Ok(value.context("only Linux tells the peak of a process")?.parse()?)
}
