//! Progress bars on standard error, for people on terminals.

use std::io::{IsTerminal as _, stderr};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::Output;

/// Returns a bar that counts bytes. It is hidden with `--json`, and if standard error is not a terminal.
pub(crate) fn bytes_bar(total: u64, output: Output) -> ProgressBar {
    bar(total, output, "{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
}

/// Returns a bar that counts messages, with a text beside it. It is hidden like that of bytes.
pub(crate) fn message_bar(total: u64, output: Output) -> ProgressBar {
    bar(total, output, "{bar:30} {pos}/{len} messages {elapsed} {wide_msg}")
}

/// Returns a counter of messages, of which the total is unknown. It is hidden like the bar of bytes.
pub(crate) fn message_counter(output: Output) -> ProgressBar {
    bar(0, output, "{spinner} {pos} messages {elapsed}")
}

fn bar(total: u64, output: Output, template: &str) -> ProgressBar {
    let target = match output.json || !stderr().is_terminal() {
        true => ProgressDrawTarget::hidden(),
        false => ProgressDrawTarget::stderr(),
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(total), target).with_style(style)
}
