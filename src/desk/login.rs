//! What the Pages' tokens are good for.

use serde::Serialize;

use super::{Answer, Desk, DeskError};
use crate::destination::{ReadError, Standing};
use crate::exit::Exit;
use crate::post::Obstacle;
use crate::publisher::page::Page;
use crate::publisher::token;

/// `loa login status --json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Tokens {
    pages: Vec<TokenLine>,
}

/// The token of one Page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct TokenLine {
    /// The Page's name in the settings.
    page: String,
    /// Whether it may post and read.
    good: bool,
    /// When it ends; `null`: never, or not told.
    expires: Option<jiff::Timestamp>,
    /// What is wrong; `null`: nothing.
    trouble: Option<String>,
}

impl Desk {
    /// Asks Facebook about every Page's token.
    pub(super) async fn login_status(&self) -> Answer {
        let mut pages = Vec::with_capacity(self.pages.len());
        let mut worst = Exit::Done;
        for page in &self.pages {
            let (line, exit) = self.token_line(page).await;
            pages.push(line);
            worst = worst.max(exit);
        }
        Answer::new(worst, &Tokens { pages })
    }

    /// Takes up the tokens that were just replaced: what waited for them goes on at once.
    pub(super) async fn renewed(&self, page: Option<&str>) -> Result<Answer, DeskError> {
        let pages = self.pages_meant(page)?;
        for page in &pages {
            page.hand.lock().await.let_in();
            self.publisher.look_at_token(page).await?;
        }
        self.standing_of(&pages).await
    }

    async fn token_line(&self, page: &Page) -> (TokenLine, Exit) {
        let inspected = page.destination.inspect().await;
        let (expires, trouble, exit) = match inspected {
            Ok(standing) => self.judge_token(&standing),
            Err(ReadError::Obstacle(Obstacle::NotAllowed { why })) => {
                (None, Some(why), Exit::NotAllowed)
            }
            Err(error) => (None, Some(error.to_string()), Exit::Unavailable),
        };
        let line = TokenLine {
            page: page.name.clone(),
            good: trouble.is_none(),
            expires,
            trouble,
        };
        (line, exit)
    }

    fn judge_token(&self, standing: &Standing) -> (Option<jiff::Timestamp>, Option<String>, Exit) {
        let trouble = token::trouble(self.language, standing);
        let exit = match trouble {
            None => Exit::Done,
            Some(_) => Exit::NotAllowed,
        };
        (standing.expires, trouble, exit)
    }
}
