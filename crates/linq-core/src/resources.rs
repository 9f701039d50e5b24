//! The resources of the API, one file for each first segment of a URL.
//!
//! A handle, such as [`chats::Chats`], is a value: it borrows the client, is `Clone` (`Copy` if it holds no id), and its
//! methods take `&self`. A handle that is kept can make any number of calls.

/// Defines a handle: it borrows the client and holds what names the resource in the path.
macro_rules! resource {
    ($(#[$doc:meta])* $name:ident) => {
        resource! { @type $(#[$doc])* $name {} }

        impl<C> Clone for $name<'_, C> {
            fn clone(&self) -> Self {
                *self
            }
        }

        impl<C> Copy for $name<'_, C> {}
    };
    ($(#[$doc:meta])* $name:ident { $field:ident: $type:ty }) => {
        resource! { @type $(#[$doc])* $name { $field: $type } }

        impl<C> Clone for $name<'_, C> {
            fn clone(&self) -> Self {
                Self { client: self.client, $field: self.$field.clone() }
            }
        }
    };
    (@type $(#[$doc:meta])* $name:ident { $($field:ident: $type:ty)? }) => {
        $(#[$doc])*
        #[must_use = "a handle does nothing until one of its calls is made"]
        pub struct $name<'c, C> {
            pub(crate) client: &'c C,
            $(pub(crate) $field: $type,)?
        }

        impl<C> std::fmt::Debug for $name<'_, C> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($name))$(.field(stringify!($field), &self.$field))?.finish_non_exhaustive()
            }
        }

        #[expect(unused_imports, reason = "the docs of the methods link to them")]
        use $crate::{ErrorKind, types::error::ErrorCode};
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
    attachments::Attachments, "Returns a handle on attachments, files that are uploaded before they are sent: `/v3/attachments`.";
    available_number::AvailableNumber, "Returns a handle on the line to send from next: `/v3/available_number`.";
    blocked_handles::BlockedHandles, "Returns a handle on the block list: `/v3/blocked_handles`.";
    capability::Capability, "Returns a handle on checks for iMessage and RCS: `/v3/capability`.";
    chats::Chats, "Returns a handle on chats and the messages in them: `/v3/chats`.";
    contact_card::ContactCards, "Returns a handle on contact cards, the name and picture of a line: `/v3/contact_card`.";
    experiences::Experiences, "Returns a handle on experiences: `/v3/experiences`.";
    messages::Messages, "Returns a handle on messages by their ids: `/v3/messages`.";
    payment_requests::PaymentRequests, "Returns a handle on payment requests: `/v3/payment_requests`.";
    payments::Payments, "Returns a handle on payments that agents make for people: `/v3/payments`.";
    phone_numbers::PhoneNumbers, "Returns a handle on your lines: `/v3/phone_numbers`.";
    phonenumbers::Phonenumbers, "Returns a handle on the deprecated list of your lines: `/v3/phonenumbers`.";
    webhook_events::WebhookEvents, "Returns a handle on the types of events: `/v3/webhook-events`.";
    webhook_subscriptions::WebhookSubscriptions, "Returns a handle on webhook subscriptions: `/v3/webhook-subscriptions`.";
}
