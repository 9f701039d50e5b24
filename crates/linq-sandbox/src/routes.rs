//! One handler for each operation. The files are named after the URLs.

mod attachments;
mod available_number;
mod blocked_handles;
mod capability;
mod chats;
mod contact_card;
mod experiences;
mod messages;
mod payment_requests;
mod payments;
mod phone_numbers;
mod phonenumbers;
pub(crate) mod v2;
mod webhook_events;
mod webhook_subscriptions;

use linq_types::operation::ByOperation;

use crate::{call::Call, endpoints, error::ApiError, response::Answer, shared::Shared};

type Handler = fn(&Shared, &Call<'_>) -> Answer;

static HANDLERS: ByOperation<Handler> = ByOperation {
    AttachmentsCreate: attachments::create,
    AttachmentsDelete: attachments::delete,
    AttachmentsRetrieve: attachments::retrieve,
    AvailableNumberRetrieve: available_number::retrieve,
    BlockedHandlesBlock: blocked_handles::block,
    BlockedHandlesList: blocked_handles::list,
    BlockedHandlesUnblock: blocked_handles::unblock,
    CapabilityCheckImessage: capability::check_imessage,
    CapabilityCheckRcs: capability::check_rcs,
    ChatsBackgroundRemove: chats::background::remove,
    ChatsBackgroundSet: chats::background::set,
    ChatsCreate: chats::create,
    ChatsLeave: chats::leave,
    ChatsList: chats::list,
    ChatsLocationRequest: chats::location::request,
    ChatsLocationRetrieve: chats::location::retrieve,
    ChatsLocationStop: chats::location::stop,
    ChatsMarkAsRead: chats::mark_as_read,
    ChatsMessagesList: chats::messages::list,
    ChatsMessagesSend: chats::messages::send,
    ChatsParticipantsAdd: chats::participants::add,
    ChatsParticipantsRemove: chats::participants::remove,
    ChatsPollsCreate: chats::polls::create,
    ChatsRetrieve: chats::retrieve,
    ChatsSendVoicememo: chats::voicememo::send,
    ChatsShareContactCard: chats::share_contact_card,
    ChatsTypingStart: chats::start_typing,
    ChatsTypingStop: chats::stop_typing,
    ChatsUpdate: chats::update,
    ContactCardCreate: contact_card::create,
    ContactCardRetrieve: contact_card::retrieve,
    ContactCardUpdate: contact_card::update,
    ExperiencesList: experiences::list,
    ExperiencesRetrieve: experiences::retrieve,
    MessagesAddReaction: messages::react,
    MessagesCreate: messages::create,
    MessagesDelete: messages::delete,
    MessagesListThread: messages::list_thread,
    MessagesPollAddOptions: messages::poll::add_options,
    MessagesPollRetrieve: messages::poll::retrieve,
    MessagesPollVote: messages::poll::vote,
    MessagesRetrieve: messages::retrieve,
    MessagesUpdate: messages::edit,
    MessagesUpdateAppCard: messages::update_app_card,
    MessagesUpdateStickerPlacement: messages::place_sticker,
    PaymentHandlesConnect: payments::handles::connect,
    PaymentHandlesConnection: payments::handles::connection,
    PaymentHandlesRevoke: payments::handles::revoke,
    PaymentHandlesVerify: payments::handles::verify,
    PaymentProvidersConnect: payments::providers::connect,
    PaymentProvidersRetrieve: payments::providers::retrieve,
    PaymentRequestsCancel: payment_requests::cancel,
    PaymentRequestsCreate: payment_requests::create,
    PaymentRequestsList: payment_requests::list,
    PaymentRequestsRetrieve: payment_requests::retrieve,
    PaymentsCancel: payments::cancel,
    PaymentsCreate: payments::create,
    PaymentsCredentials: payments::credentials,
    PaymentsRetrieve: payments::retrieve,
    PhoneNumbersList: phone_numbers::list,
    PhoneNumbersRetrieveReputationAudit: phone_numbers::reputation_audit::retrieve,
    PhoneNumbersStartReputationAudit: phone_numbers::reputation_audit::start,
    PhoneNumbersUpdate: phone_numbers::update,
    PhonenumbersList: phonenumbers::list,
    WebhookEventsList: webhook_events::list,
    WebhookSubscriptionsCreate: webhook_subscriptions::create,
    WebhookSubscriptionsDelete: webhook_subscriptions::delete,
    WebhookSubscriptionsList: webhook_subscriptions::list,
    WebhookSubscriptionsRetrieve: webhook_subscriptions::retrieve,
    WebhookSubscriptionsUpdate: webhook_subscriptions::update,
};

pub(crate) fn answer(shared: &Shared, call: &Call<'_>) -> Answer {
    if let Some(operation) = call.v2_operation {
        return v2::answer(shared, call, operation);
    }
    let Some(operation) = call.operation else {
        let hint = format!("the paths of the API begin with {}/v3/", endpoints::BASE);
        return Err(ApiError::no_endpoint(call.method, call.path, &hint));
    };
    if operation.route().starts_with("/v3/chats/{chatId}") {
        shared.read(|store| store.check_settled(shared.clock.now(), call.id()))?;
    }
    HANDLERS.get(operation)(shared, call)
}
