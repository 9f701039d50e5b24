use std::str::FromStr;

use linq_sandbox::Assumptions;

/// An assumption about the API, and its value.
#[derive(Debug, Clone)]
pub(super) struct Rule {
    name: String,
    value: String,
}

impl Rule {
    pub(super) const SUMMARY: &str =
        "Change what is assumed where the behavior of the API is not documented. Can be repeated";

    /// Returns the assumptions of these rules.
    pub(super) fn assumptions(rules: &[Self]) -> Result<Assumptions, String> {
        rules.iter().try_fold(Assumptions::default(), |assumptions, Self { name, value }| {
            assumptions.set(name, value).map_err(|error| error.to_string())
        })
    }

    /// Returns the help, with all names.
    pub(super) fn help() -> String {
        let (summary, names) = (Self::SUMMARY, Assumptions::NAMES.join(", "));
        format!(
            "{summary}.\n\nThe value is true or false, a duration such as 30s, a number, a code, or none. The names are \
             {names}. They are the fields of `Assumptions` in linq-sandbox, which documents them."
        )
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
        Assumptions::default().set(name, value).map_err(|error| error.to_string())?;
        Ok(Self { name: name.to_owned(), value: value.to_owned() })
    }
}
