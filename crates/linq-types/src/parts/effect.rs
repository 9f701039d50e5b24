use serde::{Deserialize, Serialize};

/// A screen or bubble effect of a message. Shown to iMessage recipients only.
#[doc(alias = "MessageEffect")]
#[doc(alias = "MessageEffectParam")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars-1", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Effect {
    /// The [name](EffectName). Always present in requests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<EffectName>,
    /// The [kind](EffectKind): the API's `type`. Always present in requests.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EffectKind>,
}

macro_rules! effects {
    ($($constant:ident: $name:ident, $kind:ident;)+) => {
        impl Effect {
            /// All effects that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$constant),+];

            $(
                #[doc = concat!("The effect [`", stringify!($name), "`](EffectName::", stringify!($name), ").")]
                pub const $constant: Self =
                    Self { name: Some(EffectName::$name), kind: Some(EffectKind::$kind) };
            )+
        }
    };
}

effects! {
    BALLOONS: Balloons, Screen;
    CELEBRATION: Celebration, Screen;
    CONFETTI: Confetti, Screen;
    ECHO: Echo, Screen;
    FIREWORKS: Fireworks, Screen;
    HAPPY_BIRTHDAY: HappyBirthday, Screen;
    HEARTS: Hearts, Screen;
    LASERS: Lasers, Screen;
    LOVE: Love, Screen;
    SPARKLES: Sparkles, Screen;
    SPOTLIGHT: Spotlight, Screen;
    GENTLE: Gentle, Bubble;
    INVISIBLE: Invisible, Bubble;
    LOUD: Loud, Bubble;
    SLAM: Slam, Bubble;
}

open_enum! {
    /// The kind of an effect: where it plays.
    pub enum EffectKind {
        /// The effect fills the screen.
        Screen = "screen",
        /// The effect plays in the message bubble.
        Bubble = "bubble",
    }
}

open_enum! {
    /// The name of an effect.
    pub enum EffectName {
        /// Balloons rise over the screen.
        Balloons = "balloons",
        /// Sparks shower over the screen.
        Celebration = "celebration",
        /// Confetti falls over the screen.
        Confetti = "confetti",
        /// Copies of the message fill the screen.
        Echo = "echo",
        /// Fireworks fill the screen.
        Fireworks = "fireworks",
        /// Balloons rise with a birthday greeting.
        HappyBirthday = "happy_birthday",
        /// Hearts rise over the screen.
        Hearts = "hearts",
        /// Laser beams fill the screen.
        Lasers = "lasers",
        /// One large heart fills the screen.
        Love = "love",
        /// Sparkles fill the screen.
        Sparkles = "sparkles",
        /// A spotlight points at the message.
        Spotlight = "spotlight",
        /// The bubble appears small and quiet.
        Gentle = "gentle",
        /// The message is hidden until the recipient swipes over it.
        Invisible = "invisible",
        /// The bubble appears large and loud.
        Loud = "loud",
        /// The bubble slams onto the screen.
        Slam = "slam",
    }
}
