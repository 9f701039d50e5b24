//! Older versions of the profile file.

use serde_json::{Map, Value};

const SANDBOX: &str = "sandbox";
/// The version that has the trial account in a profile of its own.
pub(super) const VERSION: u64 = 2;

/// Turns a file of version 1 into one of version 2, as the official command line does.
pub(super) fn migrate(file: &mut Map<String, Value>) {
    let trial = file.remove(SANDBOX);
    let Some(profiles) = file.get_mut("profiles").and_then(Value::as_object_mut) else { return };
    if let Some(Value::Object(trial)) = trial {
        let profile = profiles.entry(SANDBOX).or_insert_with(|| Map::new().into());
        if let Some(profile) = profile.as_object_mut() {
            for (old, new) in
                [("phone", "fromPhone"), ("expiresAt", "expiresAt"), ("githubLogin", "githubLogin")]
            {
                if let Some(value) = trial.get(old) {
                    profile.entry(new).or_insert_with(|| value.clone());
                }
            }
        }
    }
    extract_nested_trial(profiles);
    for profile in profiles.values_mut().filter_map(Value::as_object_mut) {
        for name in ["phone", "userPhone", SANDBOX] {
            profile.remove(name);
        }
    }
    if file.get("version").and_then(Value::as_u64).is_none_or(|version| version < VERSION) {
        file.insert("version".to_owned(), VERSION.into());
    }
}

/// Moves a trial account that is inside of another profile to its own one. A profile that was nothing but the trial is left
/// without an account.
fn extract_nested_trial(profiles: &mut Map<String, Value>) {
    let nested = profiles.iter().find_map(|(name, profile)| {
        let trial = profile.get(SANDBOX)?.as_object().filter(|trial| trial.contains_key("phone"))?;
        Some((name.clone(), profile.clone(), trial.clone()))
    });
    let Some((name, profile, trial)) = nested else { return };
    let phone = trial.get("phone").filter(|phone| phone.as_str() != Some(""));
    let fields = [
        ("token", profile.get("token")),
        ("partnerId", profile.get("partnerId")),
        ("fromPhone", phone.or(profile.get("fromPhone"))),
        ("expiresAt", trial.get("expiresAt")),
        ("githubLogin", trial.get("githubLogin")),
    ];
    let fields = fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.clone())));
    profiles.insert(SANDBOX.to_owned(), Value::Object(fields.collect()));
    if name != SANDBOX
        && profile.get("fromPhone") == trial.get("phone")
        && let Some(profile) = profiles.get_mut(&name).and_then(Value::as_object_mut)
    {
        for field in ["token", "fromPhone", "partnerId"] {
            profile.remove(field);
        }
    }
}
