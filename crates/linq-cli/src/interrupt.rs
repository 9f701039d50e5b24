use std::future;

use tokio::signal;

/// Listens for Ctrl-C from now on. What it gives ends when that was pressed.
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
        .map_err(|error| format!("Ctrl-C cannot be listened for: {error}"))
    }
}
