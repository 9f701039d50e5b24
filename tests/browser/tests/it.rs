//! The sandbox's page in a browser, with a bot that answers there.

#[cfg(test)]
mod it {
    mod bot;
    mod browser;
    mod driver;
    mod page;
    mod session;
}
