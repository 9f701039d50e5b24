use clap::{Args, CommandFactory as _};
use clap_complete::{Shell, generate};

use crate::{command_line::CommandLine, exit_code, failure::Failure, report::Report};

/// Print the completion script for a shell.
///
/// For bash, add to ~/.bashrc: source <(linq completions bash)
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The shell. By default that of the environment variable SHELL.
    shell: Option<Shell>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Report, Failure> {
    let shell = arguments.shell.or_else(Shell::from_env).ok_or_else(|| {
        let failure = Failure::new("unknown shell: name it, as in `linq completions bash`");
        failure.with_exit_code(exit_code::USAGE)
    })?;
    let mut script = Vec::new();
    generate(shell, &mut CommandLine::command(), "linq", &mut script);
    Ok(Report::new(String::from_utf8_lossy(&script).into_owned()))
}
