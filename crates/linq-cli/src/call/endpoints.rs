use linq::{
    Call, List,
    types::{
        AttachmentId, ChatId, Handle, MessageId, PaymentId, PaymentRequestId, PhoneNumberId, ReactionId,
        ReputationAuditId, WebhookSubscriptionId,
        attachments::NewAttachment,
        available_number::AvailableNumberRetrieveParams,
        backgrounds::Background,
        blocked_handles::{NewBlockedHandle, UnblockHandle},
        capability::HandleCheck,
        chats::{NewChat, NewVoiceMemo, UpdateChat},
        contact_card::{ContactCardRetrieveParams, NewContactCard, UpdateContactCard},
        messages::{NewChatMessage, NewMessage, ThreadOrder, UpdateAppCard, UpdateMessage},
        participants::Participant,
        payment_requests::{NewPaymentRequest, PaymentRequestListParams},
        payments::{ConnectPaymentProvider, NewPayment, VerifyPaymentHandle},
        phone_numbers::UpdatePhoneNumber,
        polls::{AddPollOptions, NewPoll, NewPollVote},
        reactions::{Reaction, UpdateStickerPlacement},
        webhook_subscriptions::{NewWebhookSubscription, UpdateWebhookSubscription},
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
    ([$($first:tt)+] $($other:tt)+) => { $($first)+ };
}

/// One endpoint an entry: its id, its parameters with their types, and the client's method with them. The query is
/// either the parameters one by one (`query`) or a type that has them all (`params`).
macro_rules! endpoints {
    ($client:ident; $(
        $id:literal
            $(path($($value:ident: $value_type:ty),+))?
            $(query($($filter:ident: $filter_type:ty),+))?
            $(params($params:ident: $params_type:ty))?
            $(headers($headers:ident: $headers_type:ty))?
            $(body($body:ident: $body_type:ty))?
            => $call:expr;
    )+) => {
        pub(super) static ENDPOINTS: &[Endpoint] = &[$({
            #[derive(Debug, Serialize, Deserialize)]
            struct Path { $($($value: $value_type,)+)? }

            either! {
                [$(type Query = $params_type;)?]
                #[derive(Debug, Serialize, Deserialize)]
                struct Query { $($($filter: $filter_type,)+)? }
            }

            type Typed = Parameters<
                Path,
                Query,
                either!([$($headers_type)?] Nothing),
                either!([$($body_type)?] Nothing),
            >;

            Endpoint {
                id: $id,
                read: |given| Ok(Box::new(given.typed::<Typed>()?)),
                call: |$client, given| {
                    let Parameters {
                        path_params: Path { $($($value),+)? },
                        query: either!([$($params)?] Query { $($($filter),+)? }),
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

    "attachments.delete" path(attachment_id: AttachmentId) => client.attachments().delete(attachment_id);

    "available_number.retrieve" params(params: AvailableNumberRetrieveParams) =>
        client.available_number().retrieve(params);

    "blocked_handles.block" body(handle: NewBlockedHandle) => client.blocked_handles().block(handle);
    "blocked_handles.list" => client.blocked_handles().list();
    "blocked_handles.unblock" body(handle: UnblockHandle) => client.blocked_handles().unblock(handle);

    "capability.check_RCS" body(check: HandleCheck) => client.capability().check_rcs(check);
    "capability.check_i_message" body(check: HandleCheck) => client.capability().check_imessage(check);

    "chats.background.remove" path(chat_id: ChatId) => client.chats().background(chat_id).remove();
    "chats.background.set" path(chat_id: ChatId) body(background: Background) =>
        client.chats().background(chat_id).set(background);
    "chats.create" body(chat: NewChat) => client.chats().create(chat);
    "chats.leave_chat" path(chat_id: ChatId) => client.chats().leave(chat_id);
    "chats.list_chats"
        query(from: Option<Handle>, to: Option<Handle>, cursor: Option<String>, limit: Option<u32>) =>
        client.chats().list().set(from, |list, from| list.from_line(from)).set(to, |list, to| list.to_person(to))
            .set(cursor, List::cursor).set(limit, List::limit).page();
    "chats.location.request" path(chat_id: ChatId) => client.chats().location(chat_id).request();
    "chats.location.retrieve" path(chat_id: ChatId) => client.chats().location(chat_id).retrieve();
    "chats.location.stop" path(chat_id: ChatId) body(person: Participant) =>
        client.chats().location(chat_id).stop(person.handle);
    "chats.mark_as_read" path(chat_id: ChatId) => client.chats().mark_as_read(chat_id);
    "chats.messages.list" path(chat_id: ChatId) query(cursor: Option<String>, limit: Option<u32>) =>
        client.chats().messages(chat_id).list().set(cursor, List::cursor).set(limit, List::limit).page();
    "chats.messages.send" path(chat_id: ChatId) body(message: NewChatMessage) =>
        client.chats().messages(chat_id).send(message);
    "chats.participants.add" path(chat_id: ChatId) body(person: Participant) =>
        client.chats().participants(chat_id).add(person.handle);
    "chats.participants.remove" path(chat_id: ChatId) body(person: Participant) =>
        client.chats().participants(chat_id).remove(person.handle);
    "chats.polls.create" path(chat_id: ChatId) body(poll: NewPoll) => client.chats().polls(chat_id).create(poll);
    "chats.retrieve" path(chat_id: ChatId) => client.chats().retrieve(chat_id);
    "chats.send_voicememo" path(chat_id: ChatId) body(voice_memo: NewVoiceMemo) =>
        client.chats().send_voicememo(chat_id, voice_memo);
    "chats.share_contact_card" path(chat_id: ChatId) => client.chats().share_contact_card(chat_id);
    "chats.typing.start" path(chat_id: ChatId) => client.chats().typing(chat_id).start();
    "chats.typing.stop" path(chat_id: ChatId) => client.chats().typing(chat_id).stop();
    "chats.update" path(chat_id: ChatId) body(update: UpdateChat) => client.chats().update(chat_id, update);

    "contact_card.create" body(card: NewContactCard) => client.contact_card().create(card);
    "contact_card.retrieve" params(params: ContactCardRetrieveParams) => client.contact_card().retrieve(params);
    "contact_card.update" query(phone_number: Handle) body(changes: UpdateContactCard) =>
        client.contact_card().update(phone_number, changes);

    "experiences.list" => client.experiences().list();
    "experiences.retrieve" path(experience: String) => client.experiences().retrieve(experience);

    "messages.add_reaction" path(message_id: MessageId) body(reaction: Reaction) =>
        client.messages().add_reaction(message_id, reaction);
    "messages.create" headers(headers: KeyHeader) body(message: NewMessage) =>
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
    "messages.poll.vote" path(message_id: MessageId) body(vote: NewPollVote) =>
        client.messages().poll(message_id).vote(vote);
    "messages.retrieve" path(message_id: MessageId) => client.messages().retrieve(message_id);
    "messages.update" path(message_id: MessageId) body(update: UpdateMessage) =>
        client.messages().update(message_id, update);
    "messages.update_app_card" path(message_id: MessageId) body(update: UpdateAppCard) =>
        client.messages().update_app_card(message_id, update);
    "messages.update_sticker_placement"
        path(message_id: MessageId, reaction_id: ReactionId) body(body: UpdateStickerPlacement) =>
        client.messages().update_sticker_placement(message_id, reaction_id, body.placement);

    "payment_handles.connect" path(handle: Handle) => client.payments().handle(handle).connect();
    "payment_handles.connection" path(handle: Handle) => client.payments().handle(handle).connection();
    "payment_handles.revoke" path(handle: Handle) => client.payments().handle(handle).revoke();
    "payment_handles.verify" path(handle: Handle) body(verify: VerifyPaymentHandle) =>
        client.payments().handle(handle).verify(verify);
    "payment_providers.connect" path(provider: String) body(connect: ConnectPaymentProvider) =>
        client.payments().provider(provider).connect(connect);
    "payment_providers.retrieve" path(provider: String) => client.payments().provider(provider).retrieve();

    "payment_requests.cancel" path(payment_request_id: PaymentRequestId) =>
        client.payment_requests().cancel(payment_request_id);
    "payment_requests.create" headers(headers: KeyHeader) body(request: NewPaymentRequest) =>
        client.payment_requests().create(request).set(headers.key, Call::idempotency_key);
    "payment_requests.list" params(params: PaymentRequestListParams) => client.payment_requests().list(params);
    "payment_requests.retrieve" path(payment_request_id: PaymentRequestId) =>
        client.payment_requests().retrieve(payment_request_id);

    "payments.cancel" path(payment_id: PaymentId) => client.payments().cancel(payment_id);
    "payments.create" body(payment: NewPayment) => client.payments().create(payment);
    "payments.credentials" path(payment_id: PaymentId) => client.payments().credentials(payment_id);
    "payments.retrieve" path(payment_id: PaymentId) => client.payments().retrieve(payment_id);

    "phone_numbers.get_reputation_audit" path(phone_number: Handle, audit_id: ReputationAuditId) =>
        client.phone_numbers().retrieve_reputation_audit(phone_number, audit_id);
    "phone_numbers.list" => client.phone_numbers().list();
    "phone_numbers.start_reputation_audit" path(phone_number: Handle) =>
        client.phone_numbers().start_reputation_audit(phone_number);
    "phone_numbers.update" path(phone_number_id: PhoneNumberId) body(changes: UpdatePhoneNumber) =>
        client.phone_numbers().update(phone_number_id, changes);
    "phonenumbers.list" => {
        #[expect(deprecated, reason = "the API has it still")]
        client.phonenumbers().list()
    };

    "webhook_events.list" => client.webhook_events().list();

    "webhook_subscriptions.create" body(subscription: NewWebhookSubscription) =>
        client.webhook_subscriptions().create(subscription);
    "webhook_subscriptions.delete" path(subscription_id: WebhookSubscriptionId) =>
        client.webhook_subscriptions().delete(subscription_id);
    "webhook_subscriptions.list" => client.webhook_subscriptions().list();
    "webhook_subscriptions.retrieve" path(subscription_id: WebhookSubscriptionId) =>
        client.webhook_subscriptions().retrieve(subscription_id);
    "webhook_subscriptions.update"
        path(subscription_id: WebhookSubscriptionId) body(changes: UpdateWebhookSubscription) =>
        client.webhook_subscriptions().update(subscription_id, changes);
}
