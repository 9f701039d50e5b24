open_enum! {
    /// A messaging service. Messages of one chat can use different services.
    pub enum Service {
        /// Apple's iMessage.
        IMessage = "iMessage",
        /// SMS, or MMS for messages with media. It reports neither delivery nor reading.
        Sms = "SMS",
        /// Rich Communication Services.
        Rcs = "RCS",
    }
}

open_enum! {
    /// The messaging service that was requested for a message, in webhooks.
    pub enum PreferredService {
        /// iMessage only, without fallback.
        IMessage = "iMessage",
        /// SMS, which may be upgraded to RCS.
        Sms = "SMS",
        /// RCS, which may fall back to SMS.
        Rcs = "RCS",
        /// No preference: iMessage, then RCS, then SMS.
        Auto = "auto",
    }
}
