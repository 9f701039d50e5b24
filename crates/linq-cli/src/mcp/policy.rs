use linq::types::{Handle, Operation, escape};

use super::{effect::Effect, pattern::Pattern, recipients::AllowedRecipient};
use crate::{exit_code, failure::Failure};

/// What the options allow.
#[derive(Debug)]
pub(super) struct Policy {
    allowed: Vec<Pattern>,
    recipients: Vec<AllowedRecipient>,
    confirms: bool,
}

impl Policy {
    pub(super) fn new(allowed: Vec<Pattern>, recipients: Vec<AllowedRecipient>, confirms: bool) -> Self {
        Self { allowed, recipients, confirms }
    }

    /// Returns `true` if sends have to be confirmed.
    pub(super) fn confirms(&self) -> bool {
        self.confirms
    }

    /// Refuses an operation that is not available.
    pub(super) fn check(&self, operation: Operation) -> Result<(), Failure> {
        let effect = Effect::of(operation);
        let is_named = self.allowed.iter().any(|pattern| pattern.matches(operation));
        let is_send = operation.sends_message() && !self.recipients.is_empty();
        if effect == Effect::ReturnsCredentials {
            return Err(refusal("this operation returns credentials; it is never available here"));
        }
        if effect != Effect::Reads && !is_named && !is_send {
            let option = match operation.sends_message() {
                true => "--allow-send-to HANDLE".to_owned(),
                false => format!("--allow {operation}"),
            };
            return Err(refusal(&format!(
                "{operation} is not allowed; to allow it, start this server with `{option}`"
            )));
        }
        if effect.concerns_people() && self.recipients.is_empty() {
            return Err(refusal(&format!(
                "{operation} concerns people, and none are allowed; to allow some, start this server with \
                 `--allow-send-to HANDLE`"
            )));
        }
        Ok(())
    }

    /// Refuses people who are not allowed.
    pub(super) fn check_people(&self, people: &[Handle]) -> Result<(), Failure> {
        let is_allowed = |person: &&Handle| self.recipients.iter().any(|allowed| allowed.is(person));
        match people.iter().find(|person| !is_allowed(person)) {
            None => Ok(()),
            Some(person) => Err(refusal(&format!(
                "{} is not an allowed recipient; to allow them, start this server with `--allow-send-to`",
                escape(person)
            ))),
        }
    }

    /// Returns what is allowed, for the person who starts the server.
    pub(super) fn summary(&self) -> String {
        let sends = match (self.recipients.is_empty(), self.confirms) {
            (true, _) => "nothing can be sent",
            (false, true) => "sends must be confirmed",
            (false, false) => "sends are not confirmed",
        };
        match self.allowed.is_empty() && self.recipients.is_empty() {
            true => "they only read".to_owned(),
            false => sends.to_owned(),
        }
    }
}

/// A refusal by the rules of the server, which nothing that a tool is called with changes.
pub(super) fn refusal(reason: &str) -> Failure {
    Failure::new(reason).with_kind("NotAllowed").with_exit_code(exit_code::USAGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn policy(allowed: &[&str], recipients: &[&str]) -> Policy {
        Policy::new(
            allowed.iter().map(|pattern| pattern.parse().unwrap()).collect(),
            recipients.iter().map(|recipient| recipient.parse().unwrap()).collect(),
            true,
        )
    }

    fn available(policy: &Policy) -> Vec<&'static str> {
        let all = Operation::ALL.iter().filter(|operation| policy.check(**operation).is_ok());
        all.map(|operation| operation.id()).collect()
    }

    #[test]
    fn without_options_exactly_the_reads_are_available() {
        let reads = Operation::ALL.iter().filter(|operation| operation.method().is_safe());
        let reads: Vec<_> =
            reads.map(|operation| operation.id()).filter(|id| *id != "payments.credentials").collect();
        assert_eq!(available(&policy(&[], &[])), reads);
    }

    #[test]
    fn each_option_makes_its_own_operations_available() {
        let without = available(&policy(&[], &[]));
        for (allowed, recipients, added) in [
            (
                &["payments.credentials"][..],
                &["*"][..],
                &[
                    "chats.create",
                    "chats.messages.send",
                    "chats.polls.create",
                    "chats.send_voicememo",
                    "messages.create",
                ][..],
            ),
            (&["attachments.*"], &[], &["attachments.create", "attachments.delete"]),
            (&["chats.*"], &[], &[]),
            (&["messages.add_reaction"], &[], &[]),
            (&["webhook_subscriptions.delete"], &[], &["webhook_subscriptions.delete"]),
        ] {
            let policy = policy(allowed, recipients);
            let found: Vec<_> = available(&policy).into_iter().filter(|id| !without.contains(id)).collect();
            assert_eq!(found, added, "{allowed:?} {recipients:?}");
        }
        assert_eq!(available(&policy(&["*"], &["*"])).len(), Operation::ALL.len() - 1);
    }

    #[test]
    fn one_person_who_is_not_allowed_refuses_a_group() {
        let policy = policy(&[], &["+12025550199", "casey@example.com"]);
        for (people, allowed) in [
            (&["+12025550199"][..], true),
            (&["Casey@Example.com", "+12025550199"], true),
            (&["+12025550199", "+12025550198"], false),
            (&["+1202555019"], false),
            (&["*"], false),
        ] {
            let people: Vec<_> = people.iter().copied().map(Handle::from).collect();
            assert_eq!(policy.check_people(&people).is_ok(), allowed, "{people:?}");
        }
    }
}
