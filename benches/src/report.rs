use std::process::ExitCode;

/// Prints figures, and remembers whether each kept its bound.
#[derive(Default)]
pub(crate) struct Report {
    broken: bool,
}

impl Report {
    /// A figure that must be at most `limit`.
    pub(crate) fn must(&mut self, name: &str, value: f64, limit: f64) {
        let kept = value <= limit;
        self.broken |= !kept;
        println!("MUST {name} {value:.4} <= {limit} {}", if kept { "kept" } else { "BROKEN" });
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.broken { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}

/// A ratio of two figures of one run.
pub(crate) fn ratio(name: &str, value: f64) {
    println!("RATIO {name} {value:.4}");
}

/// A figure by itself.
pub(crate) fn figure(name: &str, value: impl std::fmt::Display) {
    println!("FIGURE {name} {value}");
}
