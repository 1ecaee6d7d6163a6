//! Holds a settings file against its schema and finds everything that does not fit, with its
//! place: a parser alone stops at the first.

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::Findings;

/// Names further from every known one than this are no slip of the finger.
const LIKENESS_MIN: f64 = 0.8;

/// Notes everything in `table` that `schema` does not know or allow.
pub(super) fn hold_against(
    schema: &Value,
    table: &Spanned<DeTable<'_>>,
    path: &str,
    findings: &mut Findings<'_>,
) {
    // A table whose names are the office's own says what each of them holds.
    let named_freely = schema
        .get("additionalProperties")
        .filter(|one| one.is_object());
    let none = serde_json::Map::new();
    let known = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    for (name, value) in table.get_ref() {
        let key = join(path, name.get_ref());
        match known.get(name.get_ref().as_ref()).or(named_freely) {
            Some(schema) => value_against(schema, value, &key, findings),
            None => {
                let names: Vec<&str> = known.keys().map(String::as_str).collect();
                unknown(name.get_ref(), &names, name.span().start, &key, findings);
            }
        }
    }
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        if !table.get_ref().contains_key(name) {
            let example = known
                .get(name)
                .map(|schema| example(name, schema))
                .unwrap_or_default();
            let values = [("example", example.as_str())];
            findings.add(
                table.span().start,
                &join(path, name),
                "config.missing",
                &values,
            );
        }
    }
}

fn join(path: &str, name: &str) -> String {
    match path {
        "" => name.to_owned(),
        path => format!("{path}.{name}"),
    }
}

fn unknown(name: &str, known: &[&str], at: usize, key: &str, findings: &mut Findings<'_>) {
    let likeness = |known: &str| strsim::jaro_winkler(known, name);
    let nearest = known
        .iter()
        .copied()
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)))
        .filter(|nearest| likeness(nearest) >= LIKENESS_MIN);
    match nearest {
        Some(nearest) => findings.add(at, key, "config.unknown-near", &[("nearest", nearest)]),
        None => findings.add(at, key, "config.unknown", &[("known", &known.join(", "))]),
    }
}

fn value_against(
    schema: &Value,
    value: &Spanned<DeValue<'_>>,
    key: &str,
    findings: &mut Findings<'_>,
) {
    let whole = schema;
    let schema = present(whole);
    let at = value.span().start;
    let name = key.rsplit('.').next().unwrap_or(key);
    match (kind(schema), value.get_ref()) {
        ("object", DeValue::Table(table)) => {
            let table = Spanned::new(value.span(), table.clone());
            hold_against(schema, &table, key, findings);
        }
        ("array", DeValue::Array(items)) => {
            let Some(schema) = schema.get("items") else {
                return;
            };
            for (place, item) in items.iter().enumerate() {
                value_against(schema, item, &format!("{key}[{place}]"), findings);
            }
        }
        ("boolean", DeValue::Boolean(_)) => {}
        ("string", DeValue::String(text)) => choice(schema, text, at, key, findings),
        ("integer", DeValue::Integer(number)) => {
            let number = i64::from_str_radix(number.as_str(), number.radix()).ok();
            range(schema, number, at, key, findings);
        }
        ("object", DeValue::String(_)) => findings.add(at, key, "config.secret-literal", &[]),
        _ => {
            let example = example(name, whole);
            findings.add(at, key, "config.wrong-type", &[("example", &example)]);
        }
    }
}

fn choice(schema: &Value, text: &str, at: usize, key: &str, findings: &mut Findings<'_>) {
    let choices = choices(schema);
    if choices.is_empty() || choices.contains(&text) {
        return;
    }
    let known: Vec<String> = choices.iter().map(|word| format!("{word:?}")).collect();
    let known = known.join(", ");
    findings.add(
        at,
        key,
        "config.wrong-choice",
        &[("value", text), ("known", &known)],
    );
}

fn range(schema: &Value, number: Option<i64>, at: usize, key: &str, findings: &mut Findings<'_>) {
    let allowed = |member| schema.get(member).and_then(Value::as_i64);
    let least = allowed("minimum").unwrap_or(i64::MIN);
    let most = allowed("maximum").unwrap_or(i64::MAX);
    if number.is_some_and(|number| (least..=most).contains(&number)) {
        return;
    }
    let (least, most) = (least.to_string(), most.to_string());
    let values = [("least", least.as_str()), ("most", most.as_str())];
    findings.add(at, key, "config.out-of-range", &values);
}

/// A schema without the "or nothing" of an optional member.
fn present(schema: &Value) -> &Value {
    let alternatives = schema.get("anyOf").and_then(Value::as_array);
    alternatives
        .and_then(|several| several.iter().find(|one| kind(one) != "null"))
        .unwrap_or(schema)
}

/// The type that a schema asks for.
fn kind(schema: &Value) -> &str {
    match schema.get("type") {
        Some(Value::String(kind)) => kind,
        Some(Value::Array(kinds)) => kinds
            .iter()
            .filter_map(Value::as_str)
            .find(|kind| *kind != "null")
            .unwrap_or_default(),
        _ if !choices(schema).is_empty() => "string",
        _ => "",
    }
}

/// The words that a schema allows.
fn choices(schema: &Value) -> Vec<&str> {
    let listed = schema.get("enum").and_then(Value::as_array);
    let described = schema.get("oneOf").and_then(Value::as_array);
    listed
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .chain(
            described
                .into_iter()
                .flatten()
                .filter_map(|one| one.get("const")?.as_str()),
        )
        .collect()
}

/// A line as it could stand in the file.
fn example(name: &str, schema: &Value) -> String {
    let schema_given = schema.get("default").filter(|value| !value.is_null());
    let given = schema_given.or_else(|| schema.get("examples")?.get(0));
    let value = given.map_or_else(|| "…".to_owned(), written);
    format!("{name} = {value}")
}

/// A value as it is written in the file.
fn written(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members: Vec<String> = members
                .iter()
                .map(|(name, value)| format!("{name} = {}", written(value)))
                .collect();
            format!("{{ {} }}", members.join(", "))
        }
        other => other.to_string(),
    }
}
