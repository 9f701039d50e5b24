//! The inbox through its public API, on the store in memory.

#[cfg(test)]
mod it {
    mod bot;
    mod conformance;
    mod crashes;
    mod delivery;
    mod handled_later;
    mod receiver;
    mod worker;
}
