//! Makes the draft of one article for one Page: the template's text, within the Page's limits,
//! with pictures or a card. Sends nothing.

use std::io;

use crate::article::Article;
use crate::language::Language;
use crate::post::context::PostContext;
use crate::post::template::{TemplateError, Templates};
use crate::post::{Draft, lint};

use super::media::Media;
use super::page::{Page, Style};

/// A draft, and what an editor should know about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Composed {
    /// What would be sent.
    pub draft: Draft,
    /// What is odd about it.
    pub warnings: Vec<String>,
}

/// Why no draft could be made.
#[derive(Debug, thiserror::Error)]
pub enum ComposeError {
    /// Not even the embedded template could be rendered for this article.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// A picture could not be kept on disk.
    #[error("the media folder cannot be written: {0}")]
    Media(#[from] io::Error),
}

/// The draft's text and address, without its pictures: enough to recognise it on the Page.
///
/// # Errors
/// When no template can be rendered for the article.
pub fn text(
    templates: &Templates,
    template: &str,
    page: &Page,
    article: &Article,
    language: Language,
) -> Result<Composed, ComposeError> {
    let context = PostContext::of(article, &page.name);
    rendered(templates, template, page, &context, article, language)
}

/// The text that the post of a corrected article gets: the template may say that it corrects.
///
/// # Errors
/// When no template can be rendered for the article.
pub fn correction(
    templates: &Templates,
    page: &Page,
    article: &Article,
    posted: &Draft,
    language: Language,
) -> Result<Draft, ComposeError> {
    let context = PostContext {
        corrected: true,
        ..PostContext::of(article, &page.name)
    };
    let composed = rendered(templates, &page.template, page, &context, article, language)?;
    Ok(shaped(Draft {
        photos: posted.photos.clone(),
        article_link: posted.article_link.clone(),
        ..composed.draft
    }))
}

fn rendered(
    templates: &Templates,
    template: &str,
    page: &Page,
    context: &PostContext,
    article: &Article,
    language: Language,
) -> Result<Composed, ComposeError> {
    let rendered = templates.render(template, context)?;
    let limits = page.destination.limits();
    let message = lint::fit(
        &lint::neutralise_mentions(&rendered.text),
        limits.message_chars_max,
    );
    let mut warnings = rendered.warnings;
    warnings.extend(lint::warnings(&message, language));
    Ok(Composed {
        draft: Draft {
            message,
            link: article.link.clone(),
            photos: Vec::new(),
            article_link: article.link.clone(),
        },
        warnings,
    })
}

/// Adds the pictures that the Page's style asks for.
///
/// # Errors
/// When a picture cannot be kept on disk.
pub async fn with_pictures(
    composed: Composed,
    media: &Media,
    page: &Page,
    article: &Article,
) -> Result<Composed, ComposeError> {
    if page.style == Style::Link && article.link.is_some() {
        return Ok(composed);
    }
    let most = page.images_max.min(page.destination.limits().photos_max);
    let mut collected = media.collect(article, most).await?;
    if collected.photos.is_empty()
        && most > 0
        && let Some(file) = page.default_pictures.of(article)
    {
        match media.take_default(file).await {
            Ok(photo) => collected.photos.push(photo),
            Err(why) => collected.notes.push(format!("{}: {why}", file.display())),
        }
    }
    let Composed {
        draft,
        mut warnings,
    } = composed;
    warnings.extend(collected.notes);
    let draft = Draft {
        photos: collected.photos,
        ..draft
    };
    Ok(Composed {
        draft: shaped(draft),
        warnings,
    })
}

/// The draft with its address in the text alone.
pub fn without_card(mut draft: Draft) -> Draft {
    if draft.photos.is_empty() {
        draft.link = None;
        draft.message = with_address(&draft);
    }
    draft
}

/// The text, with the article's address in it.
fn with_address(draft: &Draft) -> String {
    match &draft.article_link {
        Some(link) if !draft.message.contains(link.as_str()) => {
            format!("{}\n\n{link}", draft.message).trim().to_owned()
        }
        _ => draft.message.clone(),
    }
}

/// A post shows pictures or a card, never both: with pictures, the text carries the address.
pub fn shaped(mut draft: Draft) -> Draft {
    if draft.photos.is_empty() {
        draft.link.clone_from(&draft.article_link);
    } else {
        draft.link = None;
        draft.message = with_address(&draft);
    }
    draft
}
