use linq::{
    Call, List,
    types::{
        AttachmentId, ChatId, Handle, MessageId, ReactionId, WebhookSubscriptionId,
        attachments::NewAttachment,
        backgrounds::Background,
        chats::{NewChat, NewVoiceMemo, UpdateChat},
        messages::{CreateMessage, SendMessage, ThreadOrder, UpdateAppCard, UpdateMessage},
        participants::Participant,
        polls::{AddPollOptions, CreatePoll, PollVote},
        reactions::{Reaction, UpdateStickerPlacement},
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

    "chats.background.remove" path(chat_id: ChatId) => client.chats().background(chat_id).remove();
    "chats.background.set" path(chat_id: ChatId) body(background: Background) =>
        client.chats().background(chat_id).set(background);
    "chats.create" body(chat: NewChat) => client.chats().create(chat);
    "chats.leave_chat" path(chat_id: ChatId) => client.chats().leave(chat_id);
    "chats.list_chats"
        query(from: Option<Handle>, to: Option<Handle>, cursor: Option<String>, limit: Option<u32>) =>
        client.chats().list().set(from, |list, from| list.from(from)).set(to, |list, to| list.to(to))
            .set(cursor, List::cursor).set(limit, List::limit).page();
    "chats.location.request" path(chat_id: ChatId) => client.chats().location(chat_id).request();
    "chats.location.retrieve" path(chat_id: ChatId) => client.chats().location(chat_id).retrieve();
    "chats.location.stop" path(chat_id: ChatId) body(person: Participant) =>
        client.chats().location(chat_id).stop(person.handle);
    "chats.mark_as_read" path(chat_id: ChatId) => client.chats().mark_as_read(chat_id);
    "chats.messages.list" path(chat_id: ChatId) query(cursor: Option<String>, limit: Option<u32>) =>
        client.chats().messages(chat_id).list().set(cursor, List::cursor).set(limit, List::limit).page();
    "chats.messages.send" path(chat_id: ChatId) body(message: SendMessage) =>
        client.chats().messages(chat_id).send(message);
    "chats.participants.add" path(chat_id: ChatId) body(person: Participant) =>
        client.chats().participants(chat_id).add(person.handle);
    "chats.participants.remove" path(chat_id: ChatId) body(person: Participant) =>
        client.chats().participants(chat_id).remove(person.handle);
    "chats.polls.create" path(chat_id: ChatId) body(poll: CreatePoll) => client.chats().polls(chat_id).create(poll);
    "chats.retrieve" path(chat_id: ChatId) => client.chats().retrieve(chat_id);
    "chats.send_voicememo" path(chat_id: ChatId) body(voice_memo: NewVoiceMemo) =>
        client.chats().send_voicememo(chat_id, voice_memo);
    "chats.share_contact_card" path(chat_id: ChatId) => client.chats().share_contact_card(chat_id);
    "chats.typing.start" path(chat_id: ChatId) => client.chats().typing(chat_id).start();
    "chats.typing.stop" path(chat_id: ChatId) => client.chats().typing(chat_id).stop();
    "chats.update" path(chat_id: ChatId) body(update: UpdateChat) => client.chats().update(chat_id, update);

    "messages.add_reaction" path(message_id: MessageId) body(reaction: Reaction) =>
        client.messages().add_reaction(message_id, reaction);
    "messages.create" headers(headers: KeyHeader) body(message: CreateMessage) =>
        client.messages().create(message).set(headers.key, Call::idempotency_key);
    "messages.delete" path(message_id: MessageId) => client.messages().delete(message_id);
    "messages.list_messages_thread"
        path(message_id: MessageId)
        query(order: Option<ThreadOrder>, cursor: Option<String>, limit: Option<u32>) =>
        client.messages().list_thread(message_id).set(order, |list, order| list.order(order))
            .set(cursor, List::cursor).set(limit, List::limit).page();
    "messages.poll.add_options" path(message_id: MessageId) body(added: AddPollOptions) =>
        client.messages().poll(message_id).add_options(added.options);
    "messages.poll.retrieve" path(message_id: MessageId) => client.messages().poll(message_id).retrieve();
    "messages.poll.vote" path(message_id: MessageId) body(vote: PollVote) =>
        client.messages().poll(message_id).vote(vote);
    "messages.retrieve" path(message_id: MessageId) => client.messages().retrieve(message_id);
    "messages.update" path(message_id: MessageId) body(update: UpdateMessage) =>
        client.messages().update(message_id, update);
    "messages.update_app_card" path(message_id: MessageId) body(update: UpdateAppCard) =>
        client.messages().update_app_card(message_id, update);
    "messages.update_sticker_placement"
        path(message_id: MessageId, reaction_id: ReactionId) body(body: UpdateStickerPlacement) =>
        client.messages().update_sticker_placement(message_id, reaction_id, body.placement);

    "phone_numbers.list" => client.phone_numbers().list();

    "webhook_subscriptions.create" body(subscription: NewWebhookSubscription) =>
        client.webhook_subscriptions().create(subscription);
    "webhook_subscriptions.delete" path(subscription_id: WebhookSubscriptionId) =>
        client.webhook_subscriptions().delete(subscription_id);
    "webhook_subscriptions.list" => client.webhook_subscriptions().list();
}
