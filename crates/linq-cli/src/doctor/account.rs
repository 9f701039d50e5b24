use std::{error::Error as _, time::Instant};

use linq::{
    Client, Error,
    profile::ProfileFile,
    types::{
        HealthStatusKind,
        phone_numbers::{PhoneNumber, PhoneNumberListResponse},
    },
};

use super::{Check, clock, webhooks};
use crate::{
    account::{self, Account, Source},
    exit_code,
    failure::{Failure, causes},
    login::has_line,
    profile::masked,
    webhook::now,
};

const KEY: &str = "API key";
const CONNECTION: &str = "connection";
const SENDER: &str = "sender";

/// Makes the checks that need an API key. They end where the next ones make no sense.
pub(super) async fn check(account: &Account, checks: &mut Vec<Check>) {
    let key = match account.key() {
        Ok(key) => key,
        Err(failure) => {
            checks.push(Check::of_failure(KEY, &failure).with_exit_code(exit_code::AUTHENTICATION));
            return;
        }
    };
    checks.push(Check::ok(KEY, format!("{} ({})", masked(key.value.expose()), key.source)));
    if let Source::Profile(name) = &key.source {
        checks.extend(trial(name));
    }
    let connected = match account::client(&key.value, |builder| builder.max_attempts(1)) {
        Ok(client) => connect(&client, checks).await.map(|lines| (client, lines)),
        Err(failure) => {
            checks.push(Check::of_failure(CONNECTION, &failure));
            None
        }
    };
    let Some((client, lines)) = connected else { return };
    checks.push(sender(account, &lines));
    checks.push(health(&lines));
    checks.extend(webhooks::check(&client).await);
}

/// Checks that a trial account has not ended.
fn trial(profile: &str) -> Option<Check> {
    let ends = ProfileFile::read().ok()?.profile(Some(profile)).ok()?.expires_at?;
    Some(match ends > now() {
        true => Check::ok("trial", format!("until {ends}")),
        false => {
            Check::failed("trial", format!("it ended at {ends}"), "store another API key with `linq login`")
        }
    })
}

/// Checks the connection with one call, and the clock with its response. Returns the lines.
#[expect(clippy::disallowed_methods, reason = "measures the latency")]
async fn connect(client: &Client, checks: &mut Vec<Check>) -> Option<Vec<PhoneNumber>> {
    let start = Instant::now();
    let response = client.phone_numbers().list().with_meta().await;
    let latency = start.elapsed();
    let base_url = account::base_url().map(|url| url.value).unwrap_or_default();
    match response {
        Ok(response) => {
            checks.push(Check::ok(CONNECTION, format!("{base_url} in {} ms", latency.as_millis())));
            checks.push(clock::check(response.meta.headers(), now()));
            let PhoneNumberListResponse { phone_numbers, .. } = response.value;
            Some(phone_numbers)
        }
        Err(error) => {
            checks.push(refused(error));
            None
        }
    }
}

fn refused(error: Error) -> Check {
    if error.is_unauthorized() {
        return Check::failed(KEY, "the API refuses the API key", "store another one with `linq login`")
            .with_exit_code(exit_code::AUTHENTICATION);
    }
    let cause = error.source().map(causes).unwrap_or_default().pop();
    let failure = Failure::from(error);
    let Some(cause) = cause else { return Check::of_failure(CONNECTION, &failure) };
    let remedy = "check the network, LINQ_API_URL, LINQ_API_V3_BASE_URL and the proxy (https_proxy)";
    let what = failure.message.split_once("; ").map_or(&*failure.message, |(what, _)| what);
    Check::failed(CONNECTION, format!("{what}: {cause}"), remedy).with_exit_code(failure.exit_code)
}

/// Checks that the line that sends is one of the account's.
fn sender(account: &Account, lines: &[PhoneNumber]) -> Check {
    match account.default_line() {
        Ok(Some(line)) if has_line(lines, &line.value) => {
            Check::ok(SENDER, format!("{} ({})", line.value, line.source))
        }
        Ok(Some(line)) => Check::failed(
            SENDER,
            format!("{} ({}) is not a line of the account", line.value, line.source),
            match lines.first() {
                Some(first) => format!("use one of them, such as {}", first.phone_number),
                None => "the account has no lines".to_owned(),
            },
        ),
        Ok(None) => Check::warning(
            SENDER,
            "there is no default, so sends need --from",
            "linq profile set fromPhone NUMBER",
        ),
        Err(failure) => Check::of_failure(SENDER, &failure),
    }
}

/// Checks the reputation of the lines.
fn health(lines: &[PhoneNumber]) -> Check {
    const NAME: &str = "lines";
    let flagged = lines.iter().filter_map(|line| {
        let reputation = line.reputation.as_ref().filter(|it| it.status != HealthStatusKind::Healthy)?;
        Some((line, reputation))
    });
    let flagged: Vec<_> = flagged.collect();
    let Some((_, reputation)) = flagged.first() else {
        return Check::ok(
            NAME,
            match lines.len() {
                1 => "1, not flagged".to_owned(),
                count => format!("{count}, none flagged"),
            },
        );
    };
    let names =
        flagged.iter().map(|(line, reputation)| format!("{} is {}", line.phone_number, reputation.status));
    let remedy = match &reputation.doc_url {
        Some(url) => format!("send less, to people who reply; see {url}"),
        None => "send less, to people who reply".to_owned(),
    };
    Check::failed(NAME, names.collect::<Vec<_>>().join(", "), remedy)
}
