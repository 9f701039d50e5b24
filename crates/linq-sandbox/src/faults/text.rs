//! The text format of faults.

use std::{fmt, iter, str::FromStr, time::Duration};

use linq_types::events::EventType;

use super::{Fault, FaultEffect, FaultTarget, InvalidFault, MAX_DURATION, MAX_STEPS, Plan, Target};

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        let (target, plan) = text
            .split_once(':')
            .ok_or_else(|| invalid("missing colon; expected a target, a colon and an effect", text))?;
        let target = target.trim().parse()?;
        let steps: Vec<Step> =
            plan.split(',').map(|step| read_step(step.trim())).collect::<Result<_, _>>()?;
        match steps.as_slice() {
            [Step { effect: Some(effect), chance, times: None }] => {
                Ok(Self::new(target, *effect)?.probability(chance.unwrap_or(1.0)))
            }
            _ => Self::script(target, script(&steps, plan)?),
        }
    }
}

fn script(steps: &[Step], text: &str) -> Result<Vec<Option<FaultEffect>>, InvalidFault> {
    if steps.iter().any(|step| step.chance.is_some()) {
        return Err(invalid("a script cannot have probabilities", text));
    }
    let mut script = Vec::new();
    for step in steps {
        let times = step.times.unwrap_or(1);
        if script.len() + times > MAX_STEPS {
            return Err(InvalidFault(format!("a script has more than {MAX_STEPS} steps")));
        }
        script.extend(iter::repeat_n(step.effect, times));
    }
    Ok(script)
}

/// One effect of a plan: `429 5s x3` or `lost-ack 0.2`.
struct Step {
    /// `None` is `ok`.
    effect: Option<FaultEffect>,
    chance: Option<f64>,
    times: Option<usize>,
}

fn read_step(text: &str) -> Result<Step, InvalidFault> {
    let mut words = text.split_ascii_whitespace();
    let name = words.next().unwrap_or_default();
    let (mut duration, mut chance, mut times) = (None, None, None);
    for word in words {
        if let Some(count) = word.strip_prefix('x').and_then(|count| count.parse().ok())
            && times.is_none()
            && (1..=MAX_STEPS).contains(&count)
        {
            times = Some(count);
        } else if let Some(read) = read_duration(word)
            && duration.is_none()
        {
            duration = Some(read);
        } else if let Ok(read) = word.parse::<f64>()
            && chance.is_none()
            && (0.0..=1.0).contains(&read)
        {
            chance = Some(read);
        } else {
            return Err(invalid(
                "expected a duration, a probability from 0 to 1 or a count such as x3",
                word,
            ));
        }
    }
    let lasting = |default: u64| duration.unwrap_or(Duration::from_secs(default));
    let effect = match name {
        "ok" => None,
        "lost-ack" => Some(FaultEffect::LostAck),
        "cut" => Some(FaultEffect::Cut),
        "timeout" => Some(FaultEffect::Timeout(lasting(60))),
        "stall" => Some(FaultEffect::Stall(lasting(60))),
        "truncated" => Some(FaultEffect::Truncated),
        "429" => Some(FaultEffect::RateLimited(lasting(1))),
        "500" => Some(FaultEffect::ServerError),
        "503" => Some(FaultEffect::Unavailable),
        "html" => Some(FaultEffect::Html),
        "early-webhook" => Some(FaultEffect::EarlyWebhook),
        "delay" => Some(FaultEffect::Delay(lasting(5))),
        "duplicate" => Some(FaultEffect::Duplicate),
        "reorder" => Some(FaultEffect::Reorder(lasting(5))),
        _ => return Err(invalid("unknown effect", name)),
    };
    if duration.is_some() && effect.and_then(FaultEffect::duration).is_none() {
        return Err(invalid("this effect takes no duration", text));
    }
    Ok(Step { effect, chance, times })
}

/// `5s`, `250ms` or `2m`; a day at most.
fn read_duration(text: &str) -> Option<Duration> {
    let unit = text.find(|character: char| !character.is_ascii_digit())?;
    let (count, unit) = text.split_at(unit);
    let count: u64 = count.parse().ok()?;
    let milliseconds = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return None,
    };
    let duration = Duration::from_millis(count.checked_mul(milliseconds)?);
    (duration <= MAX_DURATION).then_some(duration)
}

impl FromStr for FaultTarget {
    type Err = InvalidFault;

    fn from_str(text: &str) -> Result<Self, InvalidFault> {
        match text.split_once(' ') {
            None if text == "*" => Ok(Self::calls()),
            None if text == "webhook" => Ok(Self::webhooks()),
            None if text == "file" => Ok(Self::files()),
            Some(("webhook", event_type)) => match EventType::from(event_type.trim()) {
                EventType::Unknown(_) => Err(invalid("unknown event type", event_type)),
                event_type => Ok(Self::webhook(event_type)),
            },
            _ => Self::call(text),
        }
    }
}

fn invalid(what: &str, text: &str) -> InvalidFault {
    const SHOWN: usize = 100;
    let shown = text.char_indices().nth(SHOWN).map_or(text, |(end, _)| &text[..end]);
    InvalidFault(format!("{what}: `{shown}`"))
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.target)?;
        match &self.plan {
            Plan::Chance(effect, 1.0) => effect.fmt(f),
            Plan::Chance(effect, chance) => write!(f, "{effect} {chance}"),
            Plan::Script(left) => {
                for (at, effect) in left.iter().rev().enumerate() {
                    f.write_str(if at == 0 { "" } else { ", " })?;
                    match effect {
                        Some(effect) => effect.fmt(f)?,
                        None => f.write_str("ok")?,
                    }
                }
                // Without the count it would parse as a fault that never ends.
                f.write_str(if left.len() == 1 { " x1" } else { "" })
            }
        }
    }
}

impl fmt::Display for FaultTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Target::Calls => f.write_str("*"),
            Target::Call(operation) => write!(f, "{} {}", operation.method(), operation.route()),
            Target::Webhooks => f.write_str("webhook"),
            Target::Webhook(event_type) => write!(f, "webhook {event_type}"),
            Target::Files => f.write_str("file"),
        }
    }
}

impl FaultEffect {
    /// The names of all effects.
    pub(crate) const NAMES: [&'static str; 13] = [
        "lost-ack",
        "cut",
        "timeout",
        "stall",
        "truncated",
        "429",
        "500",
        "503",
        "html",
        "early-webhook",
        "delay",
        "duplicate",
        "reorder",
    ];

    fn name(self) -> &'static str {
        match self {
            Self::LostAck => "lost-ack",
            Self::Cut => "cut",
            Self::Timeout(_) => "timeout",
            Self::Stall(_) => "stall",
            Self::Truncated => "truncated",
            Self::RateLimited(_) => "429",
            Self::ServerError => "500",
            Self::Unavailable => "503",
            Self::Html => "html",
            Self::EarlyWebhook => "early-webhook",
            Self::Delay(_) => "delay",
            Self::Duplicate => "duplicate",
            Self::Reorder(_) => "reorder",
        }
    }
}

impl fmt::Display for FaultEffect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())?;
        match self.duration() {
            Some(duration) => write!(f, " {}ms", duration.as_millis()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_again() {
        for (text, written) in [
            ("POST /v3/chats: lost-ack 0.2", "POST /v3/chats: lost-ack 0.2"),
            ("chats.create:cut", "POST /v3/chats: cut"),
            (" GET  /v3/chats/{id} : stall 2m", "GET /v3/chats/{chatId}: stall 120000ms"),
            ("*: 429 3s x2, ok, html", "*: 429 3000ms, 429 3000ms, ok, html"),
            ("*: 500 x1", "*: 500 x1"),
            ("*: ok", "*: ok x1"),
            ("webhook: duplicate 0.5", "webhook: duplicate 0.5"),
            ("webhook message.sent: delay", "webhook message.sent: delay 5000ms"),
            ("webhook: reorder 10s", "webhook: reorder 10000ms"),
            ("messages.create: early-webhook", "POST /v3/messages: early-webhook"),
            ("*: timeout 50ms", "*: timeout 50ms"),
            ("*: truncated", "*: truncated"),
            ("*: 503 0", "*: 503 0"),
            ("file: truncated, ok, 503", "file: truncated, ok, 503"),
        ] {
            let fault: Fault = text.parse().unwrap();
            assert_eq!(fault.to_string(), written);
            assert_eq!(written.parse(), Ok(fault));
        }
    }

    #[test]
    fn each_name_of_an_effect_is_read_as_that_effect() {
        for name in FaultEffect::NAMES {
            assert_eq!(read_step(name).unwrap().effect.map(FaultEffect::name), Some(name));
        }
    }

    #[test]
    fn what_makes_no_sense_is_an_error_that_says_why() {
        for (text, reason) in [
            ("", "missing colon"),
            ("POST /v3/chats", "missing colon"),
            (": cut", "unknown endpoint ``"),
            ("PATCH /v3/chats: cut", "unknown endpoint `PATCH /v3/chats`"),
            ("GET /v3/chats/someone: cut", "unknown endpoint"),
            ("webhook comet.sighted: delay", "unknown event type: `comet.sighted`"),
            ("*: earthquake", "unknown effect: `earthquake`"),
            ("*:", "unknown effect: ``"),
            ("*: cut 2", "a probability from 0 to 1"),
            ("*: cut NaN", "a probability from 0 to 1"),
            ("*: cut 5s", "this effect takes no duration"),
            ("*: stall 18446744073709551615m", "expected a duration"),
            ("*: stall 25h", "expected a duration"),
            ("*: cut x0", "a count such as x3"),
            ("*: cut x10001", "a count such as x3"),
            ("*: cut x10000, cut", "more than 10000 steps"),
            ("*: cut 0.5 x3", "a script cannot have probabilities"),
            ("webhook: cut", "`cut` applies to calls, not to webhooks"),
            ("file: 429", "`429 1000ms` does not apply to files"),
            ("file: delay", "`delay 5000ms` does not apply to files"),
            ("*: duplicate", "`duplicate` applies to webhooks, not to calls"),
        ] {
            let error = text.parse::<Fault>().unwrap_err().to_string();
            assert!(error.contains(reason), "{text}: {error}");
        }
    }
}
