//! The page on which a person sets moods, habits and switches, as HTML.

use crate::language::Language;
use crate::rehearsal::card::escaped;
use crate::rehearsal::mood::{Kind, Mood, Whim};
use crate::rehearsal::{Call, RehearsalPage};

/// The newest calls that the page shows.
const CALLS_SHOWN: usize = 30;
/// Which calls a mood can concern.
const KINDS: [Kind; 6] = [
    Kind::Publish,
    Kind::Upload,
    Kind::Edit,
    Kind::Read,
    Kind::Inspect,
    Kind::Scrape,
];

pub(super) fn html(page: &RehearsalPage) -> String {
    let language = page.inner.settings.language;
    let say = |key: &str| escaped(&language.say(key, &[]));
    let json = |value: serde_json::Result<String>| escaped(&value.unwrap_or_default());
    let calls = page.calls();
    let calls: String = calls.iter().rev().take(CALLS_SHOWN).map(call_row).collect();
    let moods: String = page
        .moods()
        .iter()
        .map(|mood| mood_line(language, mood))
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{code}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <link rel=\"stylesheet\" href=\"/_rehearsal/wall.css\">\
         <script src=\"/_rehearsal/control.js\" defer></script></head>\
         <body><div class=\"page\"><div><h1>{title}</h1><p>{about}</p>\
         <output id=\"said\"></output></div></div>\
         <main class=\"control\"><h2>{mood}</h2>\
         <p><label>{on} <select id=\"on\">{kinds}</select></label> \
         <label>{count} <input id=\"calls\" type=\"number\" min=\"1\" value=\"1\"></label></p>\
         <p>{buttons}</p><ul>{moods}</ul><p><button id=\"forget\">{forget}</button></p>\
         <h2>{habits_title}</h2>\
         <textarea id=\"habits\" rows=\"16\" aria-label=\"{habits_title}\">{habits}</textarea>\
         <p><button id=\"keep\">{keep}</button></p>\
         <h2>{switches_title}</h2>\
         <textarea id=\"switches\" rows=\"10\" aria-label=\"{switches_title}\">{switches}</textarea>\
         <p><button id=\"switch\">{switch}</button></p>\
         <h2>{journal}</h2><table>{calls}</table></main></body></html>\n",
        code = language.code(),
        title = say("rehearsal.control"),
        about = say("rehearsal.control-about"),
        mood = say("rehearsal.control-moods"),
        on = say("rehearsal.control-on"),
        count = say("rehearsal.control-calls"),
        kinds = KINDS.map(|kind| kind_option(language, kind)).concat(),
        buttons = whim_buttons(language),
        forget = say("rehearsal.control-forget"),
        habits_title = say("rehearsal.control-habits"),
        habits = json(serde_json::to_string_pretty(&page.habits())),
        switches_title = say("rehearsal.control-switches"),
        switches = json(serde_json::to_string_pretty(&page.switches())),
        switch = say("rehearsal.control-switch"),
        keep = say("rehearsal.control-keep"),
        journal = say("rehearsal.control-journal"),
    )
}

fn kind_option(language: Language, kind: Kind) -> String {
    let said = escaped(&language.say(kind_key(kind), &[]));
    format!("<option value=\"{}\">{said}</option>", word(kind))
}

fn whim_buttons(language: Language) -> String {
    let samples = Whim::samples();
    let button = |whim: &Whim| {
        let sent = escaped(&serde_json::to_string(whim).unwrap_or_default());
        let said = escaped(&in_words(language, whim));
        format!("<button data-whim=\"{sent}\">{said}</button> ")
    };
    samples.iter().map(button).collect()
}

fn mood_line(language: Language, mood: &Mood) -> String {
    let on = language.say(kind_key(mood.on), &[]);
    let said = in_words(language, &mood.whim);
    format!(
        "<li>{}</li>",
        escaped(&format!("{on} × {}: {said}", mood.calls))
    )
}

fn call_row(call: &Call) -> String {
    let status = call
        .status
        .map_or_else(|| "—".to_owned(), |status| status.to_string());
    format!(
        "<tr><td>{}</td><td>{} {}</td><td>{status}</td></tr>",
        call.at,
        escaped(&call.method),
        escaped(&call.path),
    )
}

/// What a mood does, in words.
fn in_words(language: Language, whim: &Whim) -> String {
    let (key, number, done) = match whim {
        Whim::HangUp { done } => ("mood.hang-up", None, Some(done)),
        Whim::Fails { code, done } => ("mood.fails", Some(code.to_string()), Some(done)),
        Whim::Html { done } => ("mood.html", None, Some(done)),
        Whim::Errs { code, subcode, .. } => {
            let subcode = subcode.map(|subcode| format!("/{subcode}"));
            let code = format!("{code}{}", subcode.unwrap_or_default());
            ("mood.errs", Some(code), None)
        }
        Whim::Truncated { done } => ("mood.truncated", None, Some(done)),
        Whim::Empty { done } => ("mood.empty", None, Some(done)),
        Whim::Missing { done } => ("mood.missing", None, Some(done)),
        Whim::Silence { done } => ("mood.silence", None, Some(done)),
        Whim::Slow { seconds } => ("mood.slow", Some(seconds.to_string()), None),
        Whim::RateLimit { code, .. } => ("mood.rate-limit", Some(code.to_string()), None),
        Whim::TooFast => ("mood.too-fast", None, None),
        Whim::DeadToken => ("mood.dead-token", None, None),
        Whim::NotPermitted => ("mood.not-permitted", None, None),
        Whim::Duplicate => ("mood.duplicate", None, None),
        Whim::AlreadyPosted => ("mood.already-posted", None, None),
        Whim::PhotosPosted => ("mood.photos-posted", None, None),
        Whim::BadPicture => ("mood.bad-picture", None, None),
        Whim::Refused => ("mood.refused", None, None),
        Whim::ShowsLate { seconds } => ("mood.shows-late", Some(seconds.to_string()), None),
        Whim::ShowsNothing => ("mood.shows-nothing", None, None),
    };
    let number = number.unwrap_or_default();
    let text = language.say(key, &[("number", &number)]);
    match done {
        Some(true) => format!("{text}, {}", language.say("mood.done", &[])),
        Some(false) => format!("{text}, {}", language.say("mood.undone", &[])),
        None => text,
    }
}

fn kind_key(kind: Kind) -> &'static str {
    match kind {
        Kind::Publish => "mood.on-publish",
        Kind::Upload => "mood.on-upload",
        Kind::Edit => "mood.on-edit",
        Kind::Read => "mood.on-read",
        Kind::Inspect => "mood.on-inspect",
        Kind::Scrape => "mood.on-scrape",
    }
}

/// How a kind of call is written in JSON.
fn word(kind: Kind) -> String {
    let word = serde_json::to_value(kind).unwrap_or_default();
    word.as_str().unwrap_or_default().to_owned()
}
