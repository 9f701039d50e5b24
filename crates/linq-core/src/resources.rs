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
    chats::Chats, "Chats and the messages in them: `/v3/chats`.";
    messages::Messages, "Messages by their ids: `/v3/messages`.";
    phone_numbers::PhoneNumbers, "Your lines: `/v3/phone_numbers`.";
    webhook_subscriptions::WebhookSubscriptions, "Where events are delivered to: `/v3/webhook-subscriptions`.";
}
