//! The post as a person orders it: their words and pictures where they gave some, otherwise the
//! template's.

use std::path::Path;

use url::Url;

use super::request::{PostOrder, Subject};
use super::{Desk, DeskError};
use crate::article::{Article, Image};
use crate::post::Photo;
use crate::publisher::PublishError;
use crate::publisher::compose::{self, Composed};
use crate::publisher::page::Page;

impl Desk {
    /// The post as it would be made, with the person's own words and pictures.
    pub(super) async fn composed(
        &self,
        page: &Page,
        article: &Article,
        order: &PostOrder,
    ) -> Result<Composed, DeskError> {
        let template = match &order.template {
            Some(named) => self.template_named(named)?,
            None => &page.template,
        };
        let mut composed = compose::text(
            &self.publisher.templates,
            template,
            page,
            article,
            self.language,
        )
        .map_err(|error| DeskError::BadRequest(error.to_string()))?;
        let own_text = match &order.what {
            Subject::Text(text) if order.template.is_none() => Some(text.clone()),
            _ => None,
        };
        if let Some(message) = order.message.clone().or(own_text) {
            composed.draft.message = message.trim().to_owned();
        }
        let mut composed = if order.images.is_empty() {
            compose::with_pictures(composed, &self.publisher.media, page, article)
                .await
                .map_err(PublishError::from)?
        } else {
            let photos = self.own_pictures(&order.images, page).await?;
            composed.draft.photos = photos;
            composed
        };
        composed.draft = compose::shaped(composed.draft);
        for warning in &mut composed.warnings {
            *warning = self.language.cause(warning);
        }
        Ok(composed)
    }

    /// A template that a person named: none must stand in for it.
    fn template_named<'a>(&self, name: &'a str) -> Result<&'a str, DeskError> {
        let known = self.publisher.templates.names();
        if known.iter().any(|known| known == name) {
            return Ok(name);
        }
        let values = [("name", name), ("known", &known.join(", "))];
        let text = self.language.say("template.no-such", &values);
        Err(DeskError::Usage(text))
    }

    /// Pictures that a person named: every one of them must do.
    async fn own_pictures(&self, names: &[String], page: &Page) -> Result<Vec<Photo>, DeskError> {
        let most = page.destination.limits().photos_max;
        if names.len() > most {
            let (given, most) = (names.len().to_string(), most.to_string());
            return Err(DeskError::BadRequest(self.language.say(
                "desk.too-many-pictures",
                &[("given", &given), ("most", &most)],
            )));
        }
        let mut photos = Vec::new();
        for name in names {
            photos.push(self.own_picture(name).await?);
        }
        Ok(photos)
    }

    async fn own_picture(&self, name: &str) -> Result<Photo, DeskError> {
        let bad = |why: String| {
            let text = self
                .language
                .say("desk.bad-picture", &[("picture", name), ("why", &why)]);
            DeskError::BadRequest(text)
        };
        let path = Path::new(name);
        if path.is_absolute() {
            let source = Url::from_file_path(path)
                .map_err(|()| bad(self.language.say("desk.not-a-file", &[])))?;
            return self.publisher.media.take(path, source).map_err(bad);
        }
        let url = self.address(name)?;
        let article = Article {
            images: vec![Image::bare(url)],
            ..Article::default()
        };
        let collected = self
            .publisher
            .media
            .collect(&article, 1)
            .await
            .map_err(|error| bad(error.to_string()))?;
        let note = collected.notes.first().cloned().unwrap_or_default();
        collected.photos.into_iter().next().ok_or_else(|| bad(note))
    }
}
