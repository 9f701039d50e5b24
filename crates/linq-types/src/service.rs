open_enum! {
    /// The service that carries a message. It can differ from message to message in one chat.
    pub enum Service {
        /// Apple's iMessage.
        IMessage = "iMessage",
        /// Text message, with pictures as MMS. Reports neither delivery nor reading.
        Sms = "SMS",
        /// Rich Communication Services.
        Rcs = "RCS",
    }
}

open_enum! {
    /// The service that was asked for when a message was sent, as webhooks report it.
    pub enum PreferredService {
        /// Only iMessage: there is no fallback.
        IMessage = "iMessage",
        /// Text message; may be upgraded to RCS.
        Sms = "SMS",
        /// RCS; may fall back to text message.
        Rcs = "RCS",
        /// No wish: iMessage, then RCS, then text message.
        Auto = "auto",
    }
}
