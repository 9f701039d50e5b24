use serde::{Deserialize, Serialize};

/// What fills the screen or the bubble when a message arrives. Shown to iMessage recipients only.
#[doc(alias = "MessageEffect")]
#[doc(alias = "MessageEffectParam")]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Effect {
    /// Which one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<EffectName>,
    /// Whether it fills the screen or the bubble.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<EffectKind>,
}

macro_rules! effects {
    ($($constant:ident: $name:ident, $kind:ident;)+) => {
        impl Effect {
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
    /// Where an effect plays.
    pub enum EffectKind {
        /// On the whole screen.
        Screen = "screen",
        /// In the message's bubble.
        Bubble = "bubble",
    }
}

open_enum! {
    /// The effects that Linq's SDKs name.
    pub enum EffectName {
        /// Balloons rise.
        Balloons = "balloons",
        /// A shower of sparks.
        Celebration = "celebration",
        /// Confetti falls.
        Confetti = "confetti",
        /// The message fills the screen many times.
        Echo = "echo",
        /// Fireworks.
        Fireworks = "fireworks",
        /// Balloons with a greeting.
        HappyBirthday = "happy_birthday",
        /// Hearts.
        Hearts = "hearts",
        /// Laser beams.
        Lasers = "lasers",
        /// One big heart.
        Love = "love",
        /// Sparkles.
        Sparkles = "sparkles",
        /// A spotlight on the message.
        Spotlight = "spotlight",
        /// Whispered.
        Gentle = "gentle",
        /// Hidden until it is wiped.
        Invisible = "invisible",
        /// Shouted.
        Loud = "loud",
        /// Slammed down.
        Slam = "slam",
    }
}
