use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use linq::{Client, types::webhook_subscriptions::WebhookSubscription};
use tokio::{net::lookup_host, time::timeout};

use super::{
    Check,
    target::{Target, is_public, is_this_machine},
};
use crate::{account, exit_code};

const NAME: &str = "webhooks";
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(5);

/// Checks that the active subscriptions have targets that the API can reach. Nothing is sent to them. Each
/// subscription that has a problem fails by itself.
pub(super) async fn check(client: &Client) -> Vec<Check> {
    let subscriptions = match client.webhook_subscriptions().list().await {
        Ok(response) => response.subscriptions,
        Err(error) => {
            let code = exit_code::of(&error);
            return vec![Check::failed(NAME, error.to_string(), "try again").with_exit_code(code)];
        }
    };
    let active = subscriptions.iter().filter(|subscription| subscription.is_active != Some(false));
    let active: Vec<_> = active.collect();
    // A sandbox on this machine delivers to this machine.
    let is_local = account::base_url()
        .is_ok_and(|url| Target::parse(&url.value).is_ok_and(|target| is_this_machine(&target.host)));
    let mut hosts = BTreeMap::new();
    let mut checks = Vec::new();
    for subscription in &active {
        if let Some(problem) = problem(subscription, is_local, &mut hosts).await {
            let id = &subscription.id;
            let remedy = format!("linq webhooks delete {id}, or linq webhooks update {id} --url URL");
            checks.push(Check::failed(NAME, format!("{id} {problem}"), remedy));
        }
    }
    if checks.is_empty() {
        let message = match active.len() {
            1 => "1 active subscription".to_owned(),
            count => format!("{count} active subscriptions"),
        };
        checks.push(Check::ok(NAME, message));
    }
    checks
}

/// Returns why events of a subscription get lost. Hosts are resolved once.
async fn problem(
    subscription: &WebhookSubscription,
    is_local: bool,
    hosts: &mut BTreeMap<String, Option<&'static str>>,
) -> Option<String> {
    let target = match Target::parse(subscription.target_url.as_deref()?) {
        Ok(target) => target,
        Err(reason) => return Some(reason.to_owned()),
    };
    if is_local && is_this_machine(&target.host) {
        return None;
    }
    if target.is_relay() {
        return Some("is left over from a listener, unless one runs now".to_owned());
    }
    let problem = match hosts.get(&target.host) {
        Some(problem) => *problem,
        None => {
            let problem = host_problem(&target.host).await;
            hosts.insert(target.host.clone(), problem);
            problem
        }
    };
    problem.map(|problem| format!("points to {}, {problem}", target.host))
}

async fn host_problem(host: &str) -> Option<&'static str> {
    if is_this_machine(host) {
        return Some("which is the machine itself");
    }
    if let Ok(address) = host.parse::<IpAddr>() {
        return (!is_public(address)).then_some("which is a private address");
    }
    match timeout(LOOKUP_TIMEOUT, lookup_host((host, 443))).await {
        Ok(Ok(mut addresses)) => {
            addresses.all(|address| !is_public(address.ip())).then_some("which has private addresses only")
        }
        Ok(Err(_)) => Some("which does not resolve"),
        Err(_) => Some("whose address could not be found in time"),
    }
}
