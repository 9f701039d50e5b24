use std::time::Duration;

use clap::ValueEnum;
use linq::{
    Client,
    types::{
        MessageId, Service,
        messages::{DeliveryStatus, Message},
    },
};
use tokio::time::{sleep, timeout};

use crate::{failure::Failure, shutdown::ShutdownSignal, terminal::print_on_stderr};

/// How long to wait between two looks at the message, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(250), Duration::from_secs(4));

/// The status of a message that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum WaitFor {
    Sent,
    Delivered,
    Read,
}

/// Waits until the message has this status, or a later one, and says so on standard error.
pub(super) async fn wait(
    client: &Client,
    message: &MessageId,
    status: WaitFor,
    limit: Duration,
) -> Result<(), Failure> {
    let signal = ShutdownSignal::listen()?;
    let reached = tokio::select! {
        reached = timeout(limit, reach(client, message, status)) => reached,
        () = signal.received() => return Err(unfinished("Interrupted", message, "interrupted")),
    };
    let sentence = match reached {
        Ok(reached) => reached?,
        Err(_) => {
            let name =
                status.to_possible_value().map(|value| value.get_name().to_owned()).unwrap_or_default();
            return Err(unfinished(
                "NotDelivered",
                message,
                &format!("not {name} within {}s", limit.as_secs_f64()),
            ));
        }
    };
    print_on_stderr(&format!("{sentence}\n"))
}

/// Looks at the message until it has the status, which is returned as a sentence.
async fn reach(client: &Client, message: &MessageId, status: WaitFor) -> Result<String, Failure> {
    let (mut pause, longest) = PAUSES;
    loop {
        match client.messages().retrieve(message).max_attempts(1).await {
            Ok(message) => match progress(&message) {
                Err(failure) => return Err(failure),
                Ok(Some(reached)) if reached >= status => return Ok(format!("{reached:?}").to_lowercase()),
                Ok(Some(_)) if message.service == Some(Service::Sms) => {
                    return Ok("sent; SMS reports neither delivery nor reading".to_owned());
                }
                Ok(_) => {}
            },
            Err(error) if error.is_transient() => pause = error.retry_after().unwrap_or(pause),
            Err(error) => {
                return Err(Failure::from(error)
                    .with_note(&format!("the message {message} was accepted; do not send it again")));
            }
        }
        sleep(pause).await;
        pause = (pause * 2).min(longest);
    }
}

/// Returns how far the message came.
fn progress(message: &Message) -> Result<Option<WaitFor>, Failure> {
    match &message.delivery_status {
        Some(DeliveryStatus::Sent) => Ok(Some(WaitFor::Sent)),
        Some(DeliveryStatus::Delivered) => Ok(Some(WaitFor::Delivered)),
        Some(DeliveryStatus::Read) => Ok(Some(WaitFor::Read)),
        Some(DeliveryStatus::Failed) => Err(Failure::new(format!(
            "the message {} failed; the API tells its code only in the webhook `message.failed`",
            message.id
        ))
        .with_kind("FailedMessage")),
        _ => Ok(None),
    }
}

fn unfinished(kind: &str, message: &MessageId, what: &str) -> Failure {
    Failure::new(format!(
        "{what}; the message {message} was accepted and may still be delivered: do not send it again"
    ))
    .with_kind(kind)
    .with_details([("message_id", message.as_str().into())])
}
