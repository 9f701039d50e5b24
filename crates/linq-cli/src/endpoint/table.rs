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
        operation::ByOperation,
        participants::Participant,
        payment_requests::{NewPaymentRequest, PaymentRequestStatus},
        payments::{ConnectPaymentProvider, NewPayment, VerifyPaymentHandle},
        phone_numbers::UpdatePhoneNumber,
        polls::{AddPollOptions, NewPoll, NewPollVote},
        reactions::{Reaction, UpdateStickerPlacement},
        webhook_subscriptions::{NewWebhookSubscription, UpdateWebhookSubscription},
    },
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Endpoint,
    parameters::{KeyHeader, Nothing, Parameters, SetGiven as _},
    schema,
};

/// Expands to the first tokens unless they are empty, else to the others.
macro_rules! either {
    ([] $($other:tt)+) => { $($other)+ };
    ([$($first:tt)+] $($other:tt)+) => { $($first)+ };
}

/// Declares [`ENDPOINTS`]: a row for each operation, with its parameters, their types, and the call.
///
/// The query is either a list of parameters (`query`) or one type (`params`). A closure after the call applies optional
/// parameters to it.
macro_rules! endpoints {
    ($client:ident; $(
        $operation:ident:
            $(path($($value:ident: $value_type:ty),+))?
            $(query($($(#[$filter_doc:meta])* $filter:ident: $filter_type:ty),+))?
            $(params($params:ident: $params_type:ty))?
            $(headers($headers:ident: $headers_type:ty))?
            $(body($body:ident: $body_type:ty))?
            => $call:expr $(, |$made:ident| $adapted:expr)?;
    )+) => {
        #[expect(deprecated, reason = "deprecated endpoints can be called too")]
        pub(super) static ENDPOINTS: ByOperation<Endpoint> = ByOperation { $($operation: {
            #[derive(Debug, Serialize, Deserialize, JsonSchema)]
            #[schemars(inline)]
            struct Path { $($($value: $value_type,)+)? }

            either! {
                [$(type Query = $params_type;)?]
                #[derive(Debug, Serialize, Deserialize, JsonSchema)]
                #[schemars(inline)]
                struct Query { $($($(#[$filter_doc])* $filter: $filter_type,)+)? }
            }

            type Typed = Parameters<
                Path,
                Query,
                either!([$($headers_type)?] Nothing),
                either!([$($body_type)?] Nothing),
            >;

            Endpoint {
                rust_method: stringify!($call),
                schema: schema::of::<Typed>,
                read: |given| Ok(Box::new(given.typed::<Typed>()?)),
                call: |$client, given| {
                    let Parameters {
                        path_params: Path { $($($value),+)? },
                        query: either!([$($params)?] Query { $($($filter),+)? }),
                        headers: either!([$($headers)?] Nothing {}),
                        body: either!([$($body)?] Nothing {}),
                    } = given.typed::<Typed>()?;
                    let call = $call;
                    $(let call = { let $made = call; $adapted };)?
                    Ok(Box::new(call))
                },
            }
        }),+ };
    };
}

endpoints! {
    client;

    AttachmentsCreate: body(attachment: NewAttachment) => client.attachments().create(attachment);
    AttachmentsRetrieve: path(attachment_id: AttachmentId) => client.attachments().retrieve(attachment_id);

    AttachmentsDelete: path(attachment_id: AttachmentId) => client.attachments().delete(attachment_id);

    AvailableNumberRetrieve: params(params: AvailableNumberRetrieveParams) =>
        client.available_number().retrieve(params);

    BlockedHandlesBlock: body(handle: NewBlockedHandle) => client.blocked_handles().block(handle);
    BlockedHandlesList: => client.blocked_handles().list();
    BlockedHandlesUnblock: body(handle: UnblockHandle) => client.blocked_handles().unblock(handle);

    CapabilityCheckRcs: body(check: HandleCheck) => client.capability().check_rcs(check);
    CapabilityCheckImessage: body(check: HandleCheck) => client.capability().check_imessage(check);

    ChatsBackgroundRemove: path(chat_id: ChatId) => client.chats().background(chat_id).remove();
    ChatsBackgroundSet: path(chat_id: ChatId) body(background: Background) =>
        client.chats().background(chat_id).set(background);
    ChatsCreate: body(chat: NewChat) => client.chats().create(chat);
    ChatsLeave: path(chat_id: ChatId) => client.chats().leave(chat_id);
    ChatsList:
        query(
            /// The line whose chats are listed; absent means all.
            from: Option<Handle>,
            /// The person whose chats are listed; absent means all.
            to: Option<Handle>,
            /// The cursor of the page, from `next_cursor` of the previous one; absent means the first page.
            cursor: Option<String>,
            /// The maximum number of items of the page, 1 to 100.
            limit: Option<u32>
        ) =>
        client.chats().list(),
        |list| list.set(from, |list, from| list.from_line(from)).set(to, |list, to| list.to_person(to))
            .set(cursor, List::cursor).set(limit, List::limit).page();
    ChatsLocationRequest: path(chat_id: ChatId) => client.chats().location(chat_id).request();
    ChatsLocationRetrieve: path(chat_id: ChatId) => client.chats().location(chat_id).retrieve();
    ChatsLocationStop: path(chat_id: ChatId) body(person: Participant) =>
        client.chats().location(chat_id).stop(person.handle);
    ChatsMarkAsRead: path(chat_id: ChatId) => client.chats().mark_as_read(chat_id);
    ChatsMessagesList: path(chat_id: ChatId) query(
            /// The cursor of the page, from `next_cursor` of the previous one; absent means the first page.
            cursor: Option<String>,
            /// The maximum number of items of the page, 1 to 100.
            limit: Option<u32>
        ) =>
        client.chats().messages(chat_id).list(),
        |list| list.set(cursor, List::cursor).set(limit, List::limit).page();
    ChatsMessagesSend: path(chat_id: ChatId) body(message: NewChatMessage) =>
        client.chats().messages(chat_id).send(message);
    ChatsParticipantsAdd: path(chat_id: ChatId) body(person: Participant) =>
        client.chats().participants(chat_id).add(person.handle);
    ChatsParticipantsRemove: path(chat_id: ChatId) body(person: Participant) =>
        client.chats().participants(chat_id).remove(person.handle);
    ChatsPollsCreate: path(chat_id: ChatId) body(poll: NewPoll) => client.chats().polls(chat_id).create(poll);
    ChatsRetrieve: path(chat_id: ChatId) => client.chats().retrieve(chat_id);
    ChatsSendVoicememo: path(chat_id: ChatId) body(voice_memo: NewVoiceMemo) =>
        client.chats().send_voicememo(chat_id, voice_memo);
    ChatsShareContactCard: path(chat_id: ChatId) => client.chats().share_contact_card(chat_id);
    ChatsTypingStart: path(chat_id: ChatId) => client.chats().typing(chat_id).start();
    ChatsTypingStop: path(chat_id: ChatId) => client.chats().typing(chat_id).stop();
    ChatsUpdate: path(chat_id: ChatId) body(update: UpdateChat) => client.chats().update(chat_id, update);

    ContactCardCreate: body(card: NewContactCard) => client.contact_card().create(card);
    ContactCardRetrieve: params(params: ContactCardRetrieveParams) => client.contact_card().retrieve(params);
    ContactCardUpdate: query(phone_number: Handle) body(changes: UpdateContactCard) =>
        client.contact_card().update(phone_number, changes);

    ExperiencesList: => client.experiences().list();
    ExperiencesRetrieve: path(experience: String) => client.experiences().retrieve(experience);

    MessagesAddReaction: path(message_id: MessageId) body(reaction: Reaction) =>
        client.messages().add_reaction(message_id, reaction);
    MessagesCreate: headers(headers: KeyHeader) body(message: NewMessage) =>
        client.messages().create(message), |call| call.set(headers.key, Call::idempotency_key);
    MessagesDelete: path(message_id: MessageId) => client.messages().delete(message_id);
    MessagesListThread:
        path(message_id: MessageId)
        query(
            order: Option<ThreadOrder>,
            /// The cursor of the page, from `next_cursor` of the previous one; absent means the first page.
            cursor: Option<String>,
            /// The maximum number of items of the page, 1 to 100.
            limit: Option<u32>
        ) =>
        client.messages().list_thread(message_id),
        |list| list.set(order, |list, order| list.order(order))
            .set(cursor, List::cursor).set(limit, List::limit).page();
    MessagesPollAddOptions: path(message_id: MessageId) body(added: AddPollOptions) =>
        client.messages().poll(message_id).add_options(added.options);
    MessagesPollRetrieve: path(message_id: MessageId) => client.messages().poll(message_id).retrieve();
    MessagesPollVote: path(message_id: MessageId) body(vote: NewPollVote) =>
        client.messages().poll(message_id).vote(vote);
    MessagesRetrieve: path(message_id: MessageId) => client.messages().retrieve(message_id);
    MessagesUpdate: path(message_id: MessageId) body(update: UpdateMessage) =>
        client.messages().update(message_id, update);
    MessagesUpdateAppCard: path(message_id: MessageId) body(update: UpdateAppCard) =>
        client.messages().update_app_card(message_id, update);
    MessagesUpdateStickerPlacement:
        path(message_id: MessageId, reaction_id: ReactionId) body(update: UpdateStickerPlacement) =>
        client.messages().update_sticker_placement(message_id, reaction_id, update.placement);

    PaymentHandlesConnect: path(handle: Handle) => client.payments().handle(handle).connect();
    PaymentHandlesConnection: path(handle: Handle) => client.payments().handle(handle).connection();
    PaymentHandlesRevoke: path(handle: Handle) => client.payments().handle(handle).revoke();
    PaymentHandlesVerify: path(handle: Handle) body(verify: VerifyPaymentHandle) =>
        client.payments().handle(handle).verify(verify);
    PaymentProvidersConnect: path(provider: String) body(connect: ConnectPaymentProvider) =>
        client.payments().provider(provider).connect(connect);
    PaymentProvidersRetrieve: path(provider: String) => client.payments().provider(provider).retrieve();

    PaymentRequestsCancel: path(payment_request_id: PaymentRequestId) =>
        client.payment_requests().cancel(payment_request_id);
    PaymentRequestsCreate: headers(headers: KeyHeader) body(request: NewPaymentRequest) =>
        client.payment_requests().create(request), |call| call.set(headers.key, Call::idempotency_key);
    PaymentRequestsList:
        query(
            /// The status of the requests; absent means any.
            status: Option<PaymentRequestStatus>,
            /// The number of requests to skip.
            offset: Option<u64>,
            /// The maximum number of items of the page, 1 to 100.
            limit: Option<u32>
        ) =>
        client.payment_requests().list(),
        |list| list.set(status, |list, status| list.status(status))
            .set(offset, |list, offset| list.offset(offset)).set(limit, List::limit).page();
    PaymentRequestsRetrieve: path(payment_request_id: PaymentRequestId) =>
        client.payment_requests().retrieve(payment_request_id);

    PaymentsCancel: path(payment_id: PaymentId) => client.payments().cancel(payment_id);
    PaymentsCreate: body(payment: NewPayment) => client.payments().create(payment);
    PaymentsCredentials: path(payment_id: PaymentId) => client.payments().credentials(payment_id);
    PaymentsRetrieve: path(payment_id: PaymentId) => client.payments().retrieve(payment_id);

    PhoneNumbersRetrieveReputationAudit: path(phone_number: Handle, audit_id: ReputationAuditId) =>
        client.phone_numbers().retrieve_reputation_audit(phone_number, audit_id);
    PhoneNumbersList: => client.phone_numbers().list();
    PhoneNumbersStartReputationAudit: path(phone_number: Handle) =>
        client.phone_numbers().start_reputation_audit(phone_number);
    PhoneNumbersUpdate: path(phone_number_id: PhoneNumberId) body(changes: UpdatePhoneNumber) =>
        client.phone_numbers().update(phone_number_id, changes);
    PhonenumbersList: => client.phonenumbers().list();

    WebhookEventsList: => client.webhook_events().list();

    WebhookSubscriptionsCreate: body(subscription: NewWebhookSubscription) =>
        client.webhook_subscriptions().create(subscription);
    WebhookSubscriptionsDelete: path(subscription_id: WebhookSubscriptionId) =>
        client.webhook_subscriptions().delete(subscription_id);
    WebhookSubscriptionsList: => client.webhook_subscriptions().list();
    WebhookSubscriptionsRetrieve: path(subscription_id: WebhookSubscriptionId) =>
        client.webhook_subscriptions().retrieve(subscription_id);
    WebhookSubscriptionsUpdate:
        path(subscription_id: WebhookSubscriptionId) body(changes: UpdateWebhookSubscription) =>
        client.webhook_subscriptions().update(subscription_id, changes);
}
