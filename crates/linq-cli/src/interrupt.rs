use std::future;

use tokio::signal;

/// Starts listening for Ctrl-C, and returns a future that completes when it is pressed.
pub(crate) async fn listen() -> impl Future<Output = Result<(), String>> {
    let mut pressed = Box::pin(signal::ctrl_c());
    let already = tokio::select! {
        biased;
        result = &mut pressed => Some(result),
        () = future::ready(()) => None,
    };
    async move {
        match already {
            Some(result) => result,
            None => pressed.await,
        }
        .map_err(|error| format!("cannot listen for Ctrl-C: {error}"))
    }
}
