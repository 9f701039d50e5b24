//! The sandbox's page in a browser, with a bot that answers there.

#[cfg(test)]
mod it {
    mod accessibility;
    mod bot;
    mod browser;
    mod bubbles;
    mod conversation;
    mod driver;
    mod hostile;
    mod load;
    mod machine;
    mod page;
    mod pictures;
    mod playing;
    mod scene;
    mod session;
    mod view;
}
