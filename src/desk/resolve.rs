//! What a person who has looked at the Page says of a post in doubt.

use url::Url;

use super::report::VerbReport;
use super::request::Resolution;
use super::{Answer, Desk, DeskError};
use crate::destination::RemotePost;
use crate::exit::Exit;
use crate::ledger::state::{HoldReason, Record, State};
use crate::ledger::step::Change;
use crate::ledger::{self};
use crate::post::PostId;
use crate::publisher::page::POSTS_READ;

/// The parts of a query that tell posts apart; the rest of it tracks readers.
const TELLING: [&str; 3] = ["story_fbid", "fbid", "id"];

impl Desk {
    /// Takes a person's word, who has looked at the Page, for where a post stands.
    pub(super) async fn resolve(&self, resolution: Resolution) -> Result<Answer, DeskError> {
        let mut records = self
            .records_named(&resolution.article, resolution.page.as_deref())
            .await?;
        records.retain(|record| {
            matches!(
                record.state,
                State::Unresolved(_)
                    | State::Held {
                        reason: HoldReason::Unresolved
                    }
            )
        });
        let [record] = records.as_slice() else {
            let key = if records.is_empty() {
                "desk.not-in-doubt"
            } else {
                "desk.which-page-in-doubt"
            };
            let text = self.language.say(key, &[("article", &resolution.article)]);
            return Err(DeskError::BadRequest(text));
        };
        let change = match resolution.posted {
            Some(place) => Change::ResolvedPosted {
                post: self.post_at(&place, record).await?,
                permalink: Url::parse(&place).is_ok().then_some(place),
            },
            None => Change::ResolvedAbsent,
        };
        let entry = ledger::Entry::change(record, change, "a person has looked");
        self.commit(vec![entry]).await?;
        let report = VerbReport {
            records: vec![self.line(self.again(record).await?).await?],
            refused: Vec::new(),
        };
        Ok(Answer::new(Exit::Done, &report))
    }

    /// The post that an id or an address names. Most addresses that a browser shows hold no id:
    /// the Page itself is asked which of its posts stands there.
    async fn post_at(&self, place: &str, record: &Record) -> Result<PostId, DeskError> {
        let page = self.pages.iter().find(|page| page.key == record.page);
        let shown = match (page, Url::parse(place)) {
            (Some(page), Ok(address)) => {
                let reading = page.destination.read(POSTS_READ).await;
                let posts = reading.map(|reading| reading.posts).unwrap_or_default();
                posts.into_iter().find(|post| stands_at(post, &address))
            }
            _ => None,
        };
        let owner = record.page.0.rsplit('/').next().unwrap_or_default();
        shown
            .map(|post| post.id)
            .or_else(|| id_in(place, owner))
            .ok_or_else(|| {
                let text = self.language.say("desk.no-post-there", &[("place", place)]);
                DeskError::BadRequest(text)
            })
    }
}

fn stands_at(post: &RemotePost, address: &Url) -> bool {
    let permalink = post.permalink.as_deref().map(Url::parse);
    matches!(permalink, Some(Ok(permalink)) if telling(&permalink) == telling(address))
}

/// What of an address tells one post from another: neither the host, which has many names, nor
/// what tracks its reader.
fn telling(address: &Url) -> (String, Vec<(String, String)>) {
    let path = address.path().trim_end_matches('/').to_owned();
    let query = address.query_pairs().into_owned();
    let mut query: Vec<_> = query
        .filter(|(name, _)| TELLING.contains(&name.as_str()))
        .collect();
    query.sort();
    (path, query)
}

/// The post's id on the Page of this id, where the person wrote it or an address with it.
fn id_in(place: &str, page: &str) -> Option<PostId> {
    let number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let story = match Url::parse(place) {
        Err(_) => place.trim().to_owned(),
        Ok(address) => {
            let mut query = address.query_pairs();
            let named = query.find(|(name, _)| name == "story_fbid");
            let mut path = address.path().trim_end_matches('/').rsplit('/');
            let last = path.next().unwrap_or_default().to_owned();
            let is_post = matches!(path.next(), Some("posts" | "permalink")) || last.contains('_');
            named
                .map(|(_, story)| story.into_owned())
                .or_else(|| is_post.then_some(last))?
        }
    };
    match story.split_once('_') {
        Some((owner, story)) if number(owner) && number(story) => {
            Some(PostId(format!("{owner}_{story}")))
        }
        None if number(&story) => Some(PostId(format!("{page}_{story}"))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_read_from_what_a_person_copies_where_it_holds_one() {
        let read = |place| id_in(place, "35").map(|id| id.0);
        for place in [
            "35_900",
            "900",
            "https://www.facebook.com/canduoc35/posts/900",
            "https://m.facebook.com/35/posts/900/?__cft__=x",
            "https://www.facebook.com/permalink.php?story_fbid=900&id=35",
            "https://www.facebook.com/35_900",
        ] {
            assert_eq!(read(place).as_deref(), Some("35_900"), "{place}");
        }
        for place in [
            "",
            "xong rồi",
            "https://www.facebook.com/canduoc35/posts/pfbid02abc",
            "https://www.facebook.com/permalink.php?story_fbid=pfbid02abc&id=35",
            "https://www.facebook.com/photo/?fbid=77",
            "https://www.facebook.com/canduoc35",
        ] {
            assert_eq!(read(place), None, "{place}");
        }
    }

    #[test]
    fn an_address_is_a_posts_own_whatever_host_and_tracking_it_is_shown_with() {
        let post = |permalink: &str| RemotePost {
            id: PostId("35_900".to_owned()),
            message: String::new(),
            links: Vec::new(),
            created: None,
            permalink: Some(permalink.to_owned()),
            ours: Some(true),
        };
        let shown = "https://m.facebook.com/canduoc35/posts/pfbid02abc?__tn__=R";
        let at = |permalink| stands_at(&post(permalink), &shown.parse().unwrap());
        assert!(at("https://www.facebook.com/canduoc35/posts/pfbid02abc/"));
        assert!(!at("https://www.facebook.com/canduoc35/posts/pfbid02abd"));
    }
}
