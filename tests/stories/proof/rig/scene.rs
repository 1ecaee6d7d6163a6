//! What a trial is about: how things stand before the run that is killed.

use loa::rehearsal::mood::{Kind as Calls, Whim};

use super::{Kill, RUN_EVERY_SECS, Stage};
use crate::house::House;
use crate::site::{Entry, entry};

/// The number of an article that was there before loa, and must never be posted.
const OLD: u32 = 90;
/// The number of an article that was posted before the others came out.
const EARLIER: u32 = 80;

/// How things stand before the run that is killed, and what that run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scene {
    /// Articles came out after the first poll.
    New,
    /// Articles came out after another one was posted.
    Next,
    /// The run is the very first. Articles come out when it is over.
    FirstStart,
    /// Articles came out, and a person put them on the Page already.
    ByHand,
    /// The article was posted; a person orders it once more.
    Again,
    /// Articles came out and are queued: the Page could not be read when they came.
    Queued,
    /// The final call was never made, the process was killed right before. All looks have been
    /// made but the last, which is due.
    Doubted,
}

impl Scene {
    /// How often each article is to stand on the Page in the end.
    pub(super) fn posts(self) -> usize {
        match self {
            Self::Again => 2,
            _ => 1,
        }
    }

    /// How many other posts of ours are to stand on the Page.
    pub(super) fn others(self) -> usize {
        usize::from(self == Self::Next)
    }

    pub(super) fn comes_out_later(self) -> bool {
        self == Self::FirstStart
    }

    pub(super) fn command(self, stage: &Stage<'_>) -> Vec<String> {
        match self {
            Self::Again => vec!["post".to_owned(), stage.link(1), "--again".to_owned()],
            _ => vec!["once".to_owned()],
        }
    }

    pub(super) fn set(self, stage: &Stage<'_>) {
        let (house, trial) = (&stage.house, stage.trial());
        house.site.feed(&[old()]);
        if self == Self::FirstStart {
            return;
        }
        runs(house, 0);
        if self == Self::Next {
            house.site.feed(&[article(EARLIER), old()]);
            runs(house, 0);
        }
        trial.kind.bring_out(house, trial.articles);
        self.go_on(stage);
    }

    /// What happened since the articles came out.
    fn go_on(self, stage: &Stage<'_>) {
        let (house, trial) = (&stage.house, stage.trial());
        match self {
            Self::New | Self::Next | Self::FirstStart => {}
            Self::ByHand => {
                for number in 1..=trial.articles {
                    let link = stage.link(number);
                    let made = house.page.post_by_hand(&title(number), Some(&link));
                    made.unwrap();
                }
            }
            Self::Again => runs(house, 0),
            Self::Queued => {
                house.mood_on(Calls::Read, Whim::HangUp { done: false }, 1);
                runs(house, 69);
            }
            Self::Doubted => {
                let final_call = Kill {
                    point: "graph.asking".to_owned(),
                    visit: 2 + trial.kind.preparing_calls(),
                };
                assert!(stage.run(&final_call.plan()).killed());
                for _ in 0..2 {
                    runs(house, 75);
                    house.wait(RUN_EVERY_SECS);
                }
            }
        }
    }
}

fn runs(house: &House, code: i32) {
    let ran = house.run(&["once", "--json"]);
    assert_eq!(ran.code, code, "{} {}", ran.out, ran.err);
}

/// What is posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Link,
    OnePhoto,
    ThreePhotos,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Link, Self::OnePhoto, Self::ThreePhotos];

    pub(crate) fn photos(self) -> usize {
        match self {
            Self::Link => 0,
            Self::OnePhoto => 1,
            Self::ThreePhotos => 3,
        }
    }

    /// The calls between reading the Page and the final one: for pictures, or for the card.
    pub(super) fn preparing_calls(self) -> usize {
        self.photos().max(1)
    }

    /// Brings out so many articles of this kind.
    pub(super) fn bring_out(self, house: &House, articles: u32) {
        let mut entries: Vec<Entry> = (1..=articles).rev().map(article).collect();
        for entry in &entries {
            house.site.page(&entry.path, 200, &self.page(entry));
        }
        entries.push(old());
        house.site.feed(&entries);
    }

    /// The article's own page, with its pictures.
    fn page(self, entry: &Entry) -> String {
        let Entry {
            title, lead, path, ..
        } = entry;
        let pictures: String = (0..self.photos())
            .map(|number| "z".repeat(number))
            .map(|name| format!("<figure><img src=\"{path}-{name}.jpg\"></figure>"))
            .collect();
        format!(
            "<html lang=\"vi\"><head><meta property=\"og:type\" content=\"article\"></head><body>\
             <article><h1>{title}</h1><p class=\"sapo\">{lead}</p>{pictures}\
             <p>Đoạn thân bài, đủ dài để biết rằng đây là thân của bài báo.</p></article></body></html>"
        )
    }
}

impl super::Trial {
    /// How many pictures each post shows.
    pub(super) fn photos_shown(&self) -> usize {
        match self.scene {
            Scene::ByHand => 0,
            _ => self.kind.photos(),
        }
    }
}

/// The headline of an article, and of nothing else.
pub(super) fn title(number: u32) -> String {
    format!("Bài số {number} của huyện")
}

pub(super) fn article(number: u32) -> Entry {
    entry(number, &title(number))
}

fn old() -> Entry {
    article(OLD)
}
