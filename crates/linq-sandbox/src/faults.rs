//! What goes wrong on purpose: which call or webhook it hits, how often, and how.

mod body;
mod text;

use std::{fmt, time::Duration};

use linq_types::{Operation, events::EventType};

use crate::{endpoints, ids::Ids};

pub(crate) use body::FaultyBody;

/// A fault: something that goes wrong with calls or with webhooks.
///
/// It hits every call or webhook, each with a [probability](Self::probability), or it follows a [script](Self::script) and
/// ends with it. A fault can also be written as text, for the command line and `POST /sandbox/faults`: the target, a
/// colon, and the effect.
///
/// ```
/// # mod linq { pub(crate) use linq_sandbox as sandbox; }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use linq::sandbox::{Fault, FaultEffect, FaultTarget, Sandbox};
///
/// let lost = Fault::new(FaultTarget::call("POST /v3/chats")?, FaultEffect::LostAck)?.probability(0.2);
/// assert_eq!(lost, "POST /v3/chats: lost-ack 0.2".parse()?);
///
/// let sandbox = Sandbox::builder()
///     .fault(lost)
///     .fault("chats.messages.send: ok, 503 x2, 429 5s".parse()?)
///     .fault("webhook message.delivered: delay 90s 0.5".parse()?)
///     .start()
///     .await?;
/// # Ok(())
/// # }
/// ```
///
/// # Text format
///
/// The target is `*` for every call, an endpoint by method and path (`POST /v3/chats/{chatId}/messages`; the names of
/// parameters do not matter) or by its [id](Operation::id), `webhook` for every webhook, `webhook` and an event type, or
/// `file` for every upload and download of a file.
///
/// The effect is one of the names listed at [`FaultEffect`], with a duration (`5s`, `250ms`, `2m`) where it takes one,
/// and with a probability from 0 to 1. A script contains commas, or a count such as `x3`, or both; `ok` in it lets one
/// call or webhook pass.
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    target: FaultTarget,
    plan: Plan,
}

#[derive(Debug, Clone, PartialEq)]
enum Plan {
    Chance(FaultEffect, f64),
    /// What is left of it, the next one last.
    Script(Vec<Option<FaultEffect>>),
}

/// The calls, webhooks or files that a fault hits.
#[derive(Debug, Clone, PartialEq)]
pub struct FaultTarget(Target);

#[derive(Debug, Clone, PartialEq)]
enum Target {
    Calls,
    Call(Operation),
    Webhooks,
    Webhook(EventType),
    Files,
}

/// The effect of a fault. Durations are real time for calls, and the sandbox's time for webhooks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum FaultEffect {
    /// `lost-ack`: executes the call and cuts the connection instead of responding.
    LostAck,
    /// `cut`: cuts the connection without executing the call.
    Cut,
    /// `timeout`: executes the call and delays the response for this long; one minute in text without a duration.
    Timeout(Duration),
    /// `stall`: executes the call and pauses in the middle of the response body for this long; one minute in text
    /// without a duration.
    Stall(Duration),
    /// `truncated`: executes the call and cuts the connection in the middle of the response body.
    Truncated,
    /// `429`: rejects the call with [`RATE_LIMITED`](linq_types::error::ErrorCode::RATE_LIMITED) (1007) and the seconds
    /// to wait; 1 s in text without a duration.
    RateLimited(Duration),
    /// `500`: rejects the call with [`OPERATION_FAILED`](linq_types::error::ErrorCode::OPERATION_FAILED) (3006), or the upload
    /// or download of a file with the `InternalError` of S3.
    ServerError,
    /// `503`: rejects the call with [`SERVICE_UNAVAILABLE`](linq_types::error::ErrorCode::SERVICE_UNAVAILABLE) (4004), or the
    /// upload or download of a file with the `SlowDown` of S3.
    Unavailable,
    /// `html`: responds with 502 and an HTML page, like a proxy, without executing the call.
    Html,
    /// `early-webhook`: executes the call, moves the message it sent to its next state at once, and delays the response
    /// until the webhooks of that are delivered, for 5 seconds at most.
    EarlyWebhook,
    /// `delay`: delays the webhook; by 5 s in text without a duration.
    Delay(Duration),
    /// `duplicate`: delivers the webhook twice.
    Duplicate,
    /// `reorder`: delays the webhook by a random duration up to this one, so that it arrives after later ones; 5 s in
    /// text without a duration.
    Reorder(Duration),
}

/// An invalid fault: text that does not parse as a [`Fault`], an unknown endpoint, or an effect that does not fit the
/// target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidFault(String);

impl fmt::Display for InvalidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidFault {}

impl FaultTarget {
    /// All calls.
    #[must_use]
    pub fn calls() -> Self {
        Self(Target::Calls)
    }

    /// Calls of one endpoint, by method and path or by its [id](Operation::id).
    ///
    /// # Errors
    ///
    /// Returns [`InvalidFault`] if there is no such endpoint.
    pub fn call(operation: &str) -> Result<Self, InvalidFault> {
        let by_route = operation.split_once(' ');
        let by_route = by_route.and_then(|(method, route)| endpoints::by_route(method, route.trim()));
        by_route.or_else(|| Operation::from_id(operation)).map(Self::operation).ok_or_else(|| {
            InvalidFault(format!(
                "unknown endpoint `{operation}`; expected something like `POST /v3/chats` or `chats.create`"
            ))
        })
    }

    /// Calls of this operation.
    #[must_use]
    pub fn operation(operation: Operation) -> Self {
        Self(Target::Call(operation))
    }

    /// All webhooks.
    #[must_use]
    pub fn webhooks() -> Self {
        Self(Target::Webhooks)
    }

    /// Webhooks of one event type.
    #[must_use]
    pub fn webhook(event_type: EventType) -> Self {
        Self(Target::Webhook(event_type))
    }

    /// All uploads and downloads of files.
    #[must_use]
    pub fn files() -> Self {
        Self(Target::Files)
    }

    fn is_webhook(&self) -> bool {
        matches!(self.0, Target::Webhooks | Target::Webhook(_))
    }
}

impl FaultEffect {
    fn is_webhook(self) -> bool {
        matches!(self, Self::Delay(_) | Self::Duplicate | Self::Reorder(_))
    }

    /// Returns `true` if it happens to files too. The others are responses of the API.
    fn is_of_storage(self) -> bool {
        matches!(
            self,
            Self::LostAck
                | Self::Cut
                | Self::Timeout(_)
                | Self::Stall(_)
                | Self::Truncated
                | Self::ServerError
                | Self::Unavailable
        )
    }

    fn duration(self) -> Option<Duration> {
        match self {
            Self::Timeout(duration)
            | Self::Stall(duration)
            | Self::RateLimited(duration)
            | Self::Delay(duration)
            | Self::Reorder(duration) => Some(duration),
            _ => None,
        }
    }
}

impl Fault {
    /// Creates a fault that hits every call or webhook until the faults are cleared.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidFault`] if the effect is one of calls and the target webhooks, or vice versa, or if its duration is
    /// longer than a day.
    pub fn new(target: FaultTarget, effect: FaultEffect) -> Result<Self, InvalidFault> {
        check(&target, effect)?;
        Ok(Self { target, plan: Plan::Chance(effect, 1.0) })
    }

    /// Creates a fault that hits the next calls or webhooks one after the other, each with its effect or with `None`,
    /// and then ends.
    ///
    /// # Errors
    ///
    /// Returns [`InvalidFault`] if an effect is invalid for the target, as [`new`](Self::new) does, or if there are more than
    /// 10,000.
    pub fn script(
        target: FaultTarget,
        effects: impl IntoIterator<Item = Option<FaultEffect>>,
    ) -> Result<Self, InvalidFault> {
        let mut script: Vec<_> = effects.into_iter().take(MAX_STEPS + 1).collect();
        if script.len() > MAX_STEPS {
            return Err(InvalidFault(format!("a script has more than {MAX_STEPS} steps")));
        }
        for effect in script.iter().flatten() {
            check(&target, *effect)?;
        }
        script.reverse();
        Ok(Self { target, plan: Plan::Script(script) })
    }

    /// Sets the probability, from 0 to 1, with which each call or webhook is hit. The seed decides which ones. Scripts
    /// ignore it. Smaller numbers and NaN count as 0, larger ones as 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        if let Plan::Chance(_, every) = &mut self.plan {
            *every = if probability.is_nan() { 0.0 } else { probability.clamp(0.0, 1.0) };
        }
        self
    }

    pub(crate) fn is_script(&self) -> bool {
        matches!(self.plan, Plan::Script(_))
    }

    fn is_over(&self) -> bool {
        self.steps() == 0
    }

    /// The number of steps that are kept in memory.
    fn steps(&self) -> usize {
        match &self.plan {
            Plan::Chance(..) => 1,
            Plan::Script(script) => script.len(),
        }
    }

    fn strike(&mut self, ids: &mut Ids) -> Option<FaultEffect> {
        match &mut self.plan {
            Plan::Chance(effect, chance) => ids.happens(*chance).then_some(*effect),
            Plan::Script(script) => script.pop().flatten(),
        }
    }
}

fn check(target: &FaultTarget, effect: FaultEffect) -> Result<(), InvalidFault> {
    if effect.duration().is_some_and(|duration| duration > MAX_DURATION) {
        return Err(InvalidFault("the duration of a fault must be at most 24 hours".to_owned()));
    }
    if target.0 == Target::Files && !effect.is_of_storage() {
        return Err(InvalidFault(format!("`{effect}` does not apply to files")));
    }
    match (target.is_webhook(), effect.is_webhook()) {
        (true, false) => Err(InvalidFault(format!("`{effect}` applies to calls, not to webhooks"))),
        (false, true) => Err(InvalidFault(format!("`{effect}` applies to webhooks, not to calls"))),
        _ => Ok(()),
    }
}

/// The faults there are. The first one that strikes does, and the others are not asked.
pub(crate) struct Faults {
    ids: Ids,
    list: Vec<Fault>,
    /// Increases with each change of the faults or of what is left of a script.
    revision: u64,
}

/// The maximum number of faults at the same time.
const MAX_FAULTS: usize = 1_000;
/// The maximum length of a script.
const MAX_STEPS: usize = 10_000;
/// The maximum number of steps of all scripts together.
const MAX_ALL_STEPS: usize = 100_000;
/// The maximum duration in an effect.
const MAX_DURATION: Duration = Duration::from_secs(24 * 3_600);

impl Faults {
    /// They have random numbers of their own, so that a fault changes no id.
    pub(crate) fn new(seed: u64, list: Vec<Fault>) -> Self {
        Self { ids: Ids::new(seed ^ 0x6661_756c_7473), list, revision: 0 }
    }

    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Fault> {
        self.list.iter()
    }

    /// Returns an error if there are more faults than are kept at the same time.
    pub(crate) fn check(faults: &[Fault]) -> Result<(), InvalidFault> {
        let steps: usize = faults.iter().map(Fault::steps).sum();
        if faults.len() <= MAX_FAULTS && steps <= MAX_ALL_STEPS {
            return Ok(());
        }
        Err(InvalidFault(format!(
            "too many faults: more than {MAX_FAULTS}, or scripts with more than {MAX_ALL_STEPS} steps together; clear some first"
        )))
    }

    /// Adds all faults, or none if one is an error or there are too many.
    pub(crate) fn add(
        &mut self,
        faults: impl IntoIterator<Item = Result<Fault, InvalidFault>>,
    ) -> Result<(), InvalidFault> {
        let before = self.list.len();
        let added = faults.into_iter().try_for_each(|fault| {
            self.list.push(fault?);
            Self::check(&self.list)
        });
        if added.is_err() {
            self.list.truncate(before);
        }
        self.revision += 1;
        added
    }

    pub(crate) fn clear(&mut self) {
        self.list.clear();
        self.revision += 1;
    }

    /// Removes the oldest fault that reads like this. Returns `false` if there is none.
    pub(crate) fn remove(&mut self, fault: &Fault) -> bool {
        let found = self.list.iter().position(|known| known == fault);
        if let Some(at) = found {
            self.list.remove(at);
            self.revision += 1;
        }
        found.is_some()
    }

    /// What happens to a call; `None` is one that is no operation of the API.
    pub(crate) fn strike_call(&mut self, call: Option<Operation>) -> Option<FaultEffect> {
        self.strike(|target| match target {
            Target::Calls => true,
            Target::Call(hit) => call == Some(*hit),
            Target::Webhooks | Target::Webhook(_) | Target::Files => false,
        })
    }

    /// What happens to the upload or download of a file.
    pub(crate) fn strike_file(&mut self) -> Option<FaultEffect> {
        self.strike(|target| *target == Target::Files)
    }

    /// What happens to a webhook; how long it is held back is decided already.
    pub(crate) fn strike_webhook(&mut self, event_type: &EventType) -> Option<FaultEffect> {
        let effect = self.strike(|target| match target {
            Target::Calls | Target::Call(_) | Target::Files => false,
            Target::Webhooks => true,
            Target::Webhook(hit) => hit == event_type,
        })?;
        Some(match effect {
            FaultEffect::Reorder(most) => FaultEffect::Delay(self.ids.duration_up_to(most)),
            effect => effect,
        })
    }

    fn strike(&mut self, hits: impl Fn(&Target) -> bool) -> Option<FaultEffect> {
        let ids = &mut self.ids;
        let mut hit = self.list.iter_mut().filter(|fault| hits(&fault.target.0));
        let mut steps = 0;
        let effect = hit.find_map(|fault| {
            steps += u64::from(fault.is_script());
            fault.strike(ids)
        });
        if steps > 0 {
            self.revision += steps;
            self.list.retain(|fault| !fault.is_over());
        }
        effect
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strikes(faults: &mut Faults, count: usize) -> Vec<Option<FaultEffect>> {
        (0..count).map(|_| faults.strike_call(Some(Operation::ChatsCreate))).collect()
    }

    fn faults(texts: &[&str]) -> Faults {
        Faults::new(7, texts.iter().map(|text| text.parse().unwrap()).collect())
    }

    #[test]
    fn a_script_is_followed_call_by_call_and_is_over_then() {
        let mut faults = faults(&["POST /v3/chats: ok, 503 x2, cut"]);
        assert_eq!(faults.strike_call(Some(Operation::ChatsList)), None);
        let struck = strikes(&mut faults, 5);
        let unavailable = Some(FaultEffect::Unavailable);
        assert_eq!(struck, [None, unavailable, unavailable, Some(FaultEffect::Cut), None]);
        assert_eq!(faults.iter().count(), 0);
    }

    #[test]
    fn the_seed_decides_which_calls_are_hit() {
        let hits = |seed| {
            let mut faults = Faults::new(seed, vec!["chats.create: lost-ack 0.2".parse().unwrap()]);
            strikes(&mut faults, 1_000)
        };
        let count = hits(1).iter().flatten().count();
        assert!((150..250).contains(&count), "{count}");
        assert_eq!(hits(1), hits(1));
        assert_ne!(hits(1), hits(2));
    }

    #[test]
    fn the_first_fault_that_strikes_hides_the_others() {
        let mut faults = faults(&["POST /v3/chats: ok, cut", "*: 500"]);
        let error = Some(FaultEffect::ServerError);
        assert_eq!(strikes(&mut faults, 3), [error, Some(FaultEffect::Cut), error]);
    }
}
