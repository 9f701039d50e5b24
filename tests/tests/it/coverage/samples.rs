use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

pub(in crate::it) type Fields = BTreeMap<String, Type>;

/// The value of every string, which no enum knows.
pub(in crate::it) const TEXT: &str = "sample";

/// The type of a value.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::it) enum Type {
    String,
    Time,
    Integer,
    Number,
    Boolean,
    Any,
    Array(Box<Self>),
    Map(Box<Self>),
    Enum(Vec<Value>),
    Union(Vec<Self>),
    Object(Fields),
    Model(String),
}

/// Makes values of a type that differ until every choice of each enum and union was made.
pub(in crate::it) struct Samples<'m> {
    models: &'m BTreeMap<String, Fields>,
    /// For each path, the number of choices made and the number of options.
    choices: BTreeMap<String, (usize, usize)>,
    made: bool,
}

impl<'m> Samples<'m> {
    pub(in crate::it) fn new(models: &'m BTreeMap<String, Fields>) -> Self {
        Self { models, choices: BTreeMap::new(), made: false }
    }

    /// Returns the next sample; `None` if all choices were made.
    pub(in crate::it) fn next(&mut self, sample: impl FnOnce(&mut Self) -> Value) -> Option<Value> {
        if self.made && self.choices.values().all(|(made, among)| made >= among) {
            return None;
        }
        self.made = true;
        Some(sample(self))
    }

    pub(in crate::it) fn object(&mut self, path: &str, fields: &Fields) -> Value {
        let fields = fields.iter().map(|(name, of)| (name.clone(), self.of(&format!("{path}.{name}"), of)));
        Value::Object(fields.collect::<Map<_, _>>())
    }

    pub(in crate::it) fn of(&mut self, path: &str, of: &Type) -> Value {
        match of {
            Type::String => json!(TEXT),
            Type::Time => json!("2026-02-05T19:52:17.041Z"),
            Type::Integer => json!(7),
            Type::Number => json!(1.5),
            Type::Boolean => json!(true),
            Type::Any => json!({"any": [1, "thing"]}),
            Type::Array(items) => Value::Array((0..2).map(|_| self.of(path, items)).collect()),
            Type::Map(values) => json!({"key": self.of(path, values)}),
            Type::Enum(values) => values[self.choose(path, values.len())].clone(),
            Type::Union(types) => {
                let chosen = self.choose(path, types.len());
                self.of(&format!("{path}({chosen})"), &types[chosen])
            }
            Type::Object(fields) => self.object(path, fields),
            Type::Model(name) => {
                let models = self.models;
                self.object(path, &models[name])
            }
        }
    }

    fn choose(&mut self, path: &str, among: usize) -> usize {
        let (made, _) = self.choices.entry(path.to_owned()).or_insert((0, among));
        *made += 1;
        (*made - 1) % among
    }
}
