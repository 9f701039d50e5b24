use linq::{
    Call, List,
    types::{
        AttachmentId, ChatId, MessageId, WebhookSubscriptionId,
        attachments::NewAttachment,
        chats::NewChat,
        messages::{CreateMessage, SendMessage},
        reactions::Reacting,
        webhook_subscriptions::NewWebhookSubscription,
    },
};
use serde::{Deserialize, Serialize};

use super::{
    Endpoint, answer,
    parameters::{KeyHeader, Nothing, Parameters, SetGiven as _},
};

/// The first if there is one, or else the other.
macro_rules! either {
    ([] $($other:tt)+) => { $($other)+ };
    ([$first:tt] $($other:tt)+) => { $first };
}

/// One endpoint an entry: its id, its parameters with their types, and the client's method with them.
macro_rules! endpoints {
    ($client:ident; $(
        $id:literal
            $(path($($value:ident: $value_type:ty),+))?
            $(query($($filter:ident: $filter_type:ty),+))?
            $(headers($headers:ident: $headers_type:ty))?
            $(body($body:ident: $body_type:ty))?
            => $call:expr;
    )+) => {
        pub(super) static ENDPOINTS: &[Endpoint] = &[$({
            #[derive(Debug, Serialize, Deserialize)]
            struct Path { $($($value: $value_type,)+)? }

            #[derive(Debug, Serialize, Deserialize)]
            struct Query { $($($filter: $filter_type,)+)? }

            type Typed =
                Parameters<Path, Query, either!([$($headers_type)?] Nothing), either!([$($body_type)?] Nothing)>;

            Endpoint {
                id: $id,
                read: |given| Ok(Box::new(given.typed::<Typed>()?)),
                call: |$client, given| {
                    let Parameters {
                        path_params: Path { $($($value),+)? },
                        query: Query { $($($filter),+)? },
                        headers: either!([$($headers)?] Nothing {}),
                        body: either!([$($body)?] Nothing {}),
                    } = given.typed::<Typed>()?;
                    Ok(answer($call))
                },
            }
        }),+];
    };
}

endpoints! {
    client;

    "attachments.create" body(attachment: NewAttachment) => client.attachments().create(attachment);
    "attachments.retrieve" path(attachment_id: AttachmentId) => client.attachments().retrieve(attachment_id);

    "chats.create" body(chat: NewChat) => client.chats().create(chat);
    "chats.messages.list" path(chat_id: ChatId) query(cursor: Option<String>, limit: Option<u32>) =>
        client.chats().messages(chat_id).list().set(cursor, List::cursor).set(limit, List::limit).page();
    "chats.messages.send" path(chat_id: ChatId) body(message: SendMessage) =>
        client.chats().messages(chat_id).send(message);

    "messages.add_reaction" path(message_id: MessageId) body(reaction: Reacting) =>
        client.messages().add_reaction(message_id, reaction);
    "messages.create" headers(headers: KeyHeader) body(message: CreateMessage) =>
        client.messages().create(message).set(headers.key, Call::idempotency_key);
    "messages.retrieve" path(message_id: MessageId) => client.messages().retrieve(message_id);

    "phone_numbers.list" => client.phone_numbers().list();

    "webhook_subscriptions.create" body(subscription: NewWebhookSubscription) =>
        client.webhook_subscriptions().create(subscription);
    "webhook_subscriptions.delete" path(subscription_id: WebhookSubscriptionId) =>
        client.webhook_subscriptions().delete(subscription_id);
    "webhook_subscriptions.list" => client.webhook_subscriptions().list();
}
