use linq_types::{Handle, PollOptionId};

use crate::clock::Moment;

#[derive(Debug, Clone)]
pub(crate) struct Poll {
    pub(crate) options: Vec<PollOption>,
}

#[derive(Debug, Clone)]
pub(crate) struct PollOption {
    pub(crate) id: PollOptionId,
    pub(crate) text: String,
    pub(crate) creator: Handle,
    pub(crate) voters: Vec<(Handle, Moment)>,
}

impl Poll {
    /// Returns the number of people who voted; a person who voted for several options counts once.
    pub(crate) fn total_voters(&self) -> usize {
        let mut voters: Vec<_> =
            self.options.iter().flat_map(|option| &option.voters).map(|(who, _)| who).collect();
        voters.sort_unstable();
        voters.dedup();
        voters.len()
    }

    /// Returns a one-line summary for the transcript.
    pub(crate) fn summary(&self) -> String {
        let options: Vec<_> = self.options.iter().map(|option| option.text.as_str()).collect();
        format!("[poll: {}]", options.join(" / "))
    }
}
