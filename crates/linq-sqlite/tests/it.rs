//! The store on real databases, in temporary folders.

#[cfg(test)]
mod it {
    mod conformance;
    mod files;
    mod processes;
}
