//! The resources of the API, one file for each first segment of a URL.

/// A handle on a resource: it holds the client, and what names the resource in the path.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident $({ $($field:ident: $type:ty),+ })?) => {
        $(#[$doc])*
        #[must_use = "a resource does nothing until one of its calls is awaited"]
        pub struct $name<'c, C> {
            pub(crate) client: &'c C,
            $($(pub(crate) $field: $type,)+)?
        }

        impl<C> std::fmt::Debug for $name<'_, C> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$($(.field(stringify!($field), &self.$field))+)?.finish_non_exhaustive()
            }
        }
    };
}

/// Gives both clients a method for each resource.
macro_rules! resources {
    ($($module:ident::$name:ident, $doc:literal;)+) => {
        $(
            pub mod $module;
        )+

        impl $crate::Client {
            $(
                #[doc = $doc]
                pub fn $module(&self) -> $module::$name<'_, Self> {
                    $module::$name { client: self }
                }
            )+
        }

        #[cfg(feature = "blocking")]
        impl $crate::blocking::Client {
            $(
                #[doc = $doc]
                pub fn $module(&self) -> $module::$name<'_, Self> {
                    $module::$name { client: self }
                }
            )+
        }
    };
}

resources! {
    attachments::Attachments, "Files that are uploaded ahead of sending: `/v3/attachments`.";
    available_number::AvailableNumber, "The line to write from next: `/v3/available_number`.";
    blocked_handles::BlockedHandles, "People whose messages are dropped: `/v3/blocked_handles`.";
    capability::Capability, "Whether somebody can be reached by a service: `/v3/capability`.";
    chats::Chats, "Chats and the messages in them: `/v3/chats`.";
    contact_card::ContactCards, "The name and picture that people see of a line: `/v3/contact_card`.";
    experiences::Experiences, "What experiences can do: `/v3/experiences`.";
    messages::Messages, "Messages by their ids: `/v3/messages`.";
    payment_requests::PaymentRequests, "Asking people for money: `/v3/payment_requests`.";
    payments::Payments, "Payments that agents make for people: `/v3/payments`.";
    phone_numbers::PhoneNumbers, "Your lines: `/v3/phone_numbers`.";
    phonenumbers::Phonenumbers, "Your lines as the API listed them at first: `/v3/phonenumbers`.";
    webhook_events::WebhookEvents, "The events that can be subscribed to: `/v3/webhook-events`.";
    webhook_subscriptions::WebhookSubscriptions, "Where events are delivered to: `/v3/webhook-subscriptions`.";
}
