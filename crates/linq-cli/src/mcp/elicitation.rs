//! Asking the user through the client, where it can.

use linq::types::escape;
use rmcp::{
    RoleServer,
    model::{
        ElicitRequest, ElicitRequestParams, ElicitResult, ElicitationAction, ElicitationSchema, InputRequest,
        InputRequiredResult, ProtocolVersion,
    },
    service::{RequestContext, ServiceError},
};
use serde_json::Value;

use super::confirmations::{TTL, Waiting};

/// How the user can be asked.
pub(super) enum Way {
    /// With a request to the client.
    Request,
    /// In the result of the call, which the client repeats with the answer.
    Result,
    /// Only by the assistant.
    None,
}

const QUESTION: &str = "confirm";

pub(super) fn way(context: &RequestContext<RoleServer>) -> Way {
    let capability = context.client_capabilities().and_then(|capabilities| capabilities.elicitation);
    // A client that names no mode has forms.
    let has_forms = capability.is_some_and(|modes| modes.form.is_some() || modes.url.is_none());
    let is_new = context
        .protocol_version()
        .is_some_and(|version| version.as_str() >= ProtocolVersion::V_2026_07_28.as_str());
    match (has_forms, is_new) {
        (false, _) => Way::None,
        (true, false) => Way::Request,
        (true, true) => Way::Result,
    }
}

/// Asks with a request. Returns `None` if the client cannot answer it.
pub(super) async fn ask(context: &RequestContext<RoleServer>, question: String) -> Option<bool> {
    let asked = context.peer.create_elicitation_with_timeout(parameters(question), Some(TTL));
    let answer = tokio::select! {
        answer = asked => answer,
        () = context.ct.cancelled() => return Some(false),
    };
    match answer {
        Ok(answer) => Some(is_yes(&answer)),
        Err(ServiceError::Timeout { .. }) => Some(false),
        Err(_) => None,
    }
}

/// Returns the result of a call that asks.
pub(super) fn asking(waiting: &Waiting, question: String) -> InputRequiredResult {
    let request = InputRequest::Elicitation(ElicitRequest::new(parameters(question)));
    InputRequiredResult::new(Some([(QUESTION.to_owned(), request)].into()), Some(waiting.id.clone()))
}

/// Returns `true` if the answers of a repeated call have the user's yes.
pub(super) fn has_yes<'a>(answers: impl IntoIterator<Item = (&'a String, &'a Value)>) -> bool {
    let answer = answers.into_iter().find(|(name, _)| *name == QUESTION);
    answer
        .and_then(|(_, answer)| serde_json::from_value(answer.clone()).ok())
        .is_some_and(|answer: ElicitResult| is_yes(&answer))
}

/// Returns the question for a send, with all that is sent.
pub(super) fn question(waiting: &Waiting, people: &[impl AsRef<str>]) -> String {
    let people: Vec<_> = people.iter().map(|person| escape(person.as_ref()).to_string()).collect();
    let parameters = format!("{:#}", waiting.parameters);
    let parameters: Vec<_> = parameters.lines().map(|line| escape(line).to_string()).collect();
    format!("Send to {}?\n\n{}\n{}", people.join(", "), waiting.operation, parameters.join("\n"))
}

fn parameters(message: String) -> ElicitRequestParams {
    // Without fields, the answer is the button that the user presses.
    let requested_schema = ElicitationSchema::new(Default::default());
    ElicitRequestParams::FormElicitationParams { meta: None, message, requested_schema }
}

fn is_yes(answer: &ElicitResult) -> bool {
    answer.action == ElicitationAction::Accept
}
