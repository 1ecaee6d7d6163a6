//! `loa template`: trying what an editor has written before readers see it.

use super::arguments::Template;
use super::office::{Setting, content};
use super::show;
use crate::desk::Request;
use crate::desk::assemble;
use crate::desk::request::{PreviewWish, Subject};
use crate::exit::Exit;
use crate::post::template::Templates;

/// Does what `loa template` is asked.
pub(super) async fn template(setting: &Setting, wish: Template) -> u8 {
    match wish {
        Template::Check(_) => {
            setting
                .ask(
                    Request::CheckTemplates,
                    "cli.checking",
                    show::template_faults,
                )
                .await
        }
        Template::List(_) => list(setting),
        Template::Render { name } => render(setting, name).await,
        Template::Eval { expression, text } => eval(setting, &expression, text.as_deref()),
    }
}

fn templates(setting: &Setting) -> Templates {
    assemble::templates(&setting.config)
}

fn list(setting: &Setting) -> u8 {
    let templates = templates(setting);
    let shipped = setting.terminal.say("template.shipped", &[]);
    let lines: Vec<_> = templates
        .names()
        .into_iter()
        .map(|name| {
            let file = templates.file_of(&name);
            let source = file.map_or_else(|| shipped.clone(), |path| path.display().to_string());
            serde_json::json!({ "name": name, "source": source })
        })
        .collect();
    let document = serde_json::json!({ "templates": lines });
    setting
        .terminal
        .tell(Exit::Done.code(), &document, show::templates)
}

async fn render(setting: &Setting, name: String) -> u8 {
    let known = templates(setting).names();
    if !known.contains(&name) {
        let values = [("name", name.as_str()), ("known", &known.join(", "))];
        let text = setting.terminal.say("template.no-such", &values);
        return setting.terminal.fail(Exit::Usage, &text);
    }
    let request = Request::Preview(PreviewWish {
        what: Subject::Newest,
        page: None,
        template: Some(name),
    });
    setting.ask(request, "cli.reading", show::posts).await
}

fn eval(setting: &Setting, expression: &str, text: Option<&str>) -> u8 {
    let text = match text.map(|name| content(&setting.terminal, name)) {
        Some(Ok(bytes)) => String::from_utf8_lossy(&bytes).into_owned(),
        Some(Err(code)) => return code,
        None => String::new(),
    };
    match templates(setting).eval(expression, &text) {
        Ok(value) => {
            setting.terminal.line(&value);
            Exit::Done.code()
        }
        Err(error) => setting.terminal.fail(Exit::BadData, &error.to_string()),
    }
}
