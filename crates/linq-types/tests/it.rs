//! Recorded and made-up payloads, through the public API alone.

#[cfg(test)]
mod it {
    mod conversions;
    mod data;
    mod formats;
    mod forward_compat;
    mod hostile;
    mod lists;
    mod message_view;
    mod one_pass;
    mod v3_payloads;
}
