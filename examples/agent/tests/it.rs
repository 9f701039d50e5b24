//! The tests of the agent.
#![cfg(test)]

mod it {
    mod bot;
    mod kills;
    mod manifest;
    #[cfg(feature = "openai")]
    mod openai;
    mod presence;
}
