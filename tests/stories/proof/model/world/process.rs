//! What the process does next, and what it is told: the order of the steps is that of the
//! program, the decisions are the program's own.

use loa::faults::{Protection, stands};
use loa::ledger::state::{Epoch, Search, State};
use loa::ledger::step::{Change, left_in_hand};
use loa::publisher::reconcile::{Look, after};
use loa::publisher::sighting::{fence, outcomes, shown_already};

use super::{
    Hand, Place, Post, Scope, Step, TURNED_AWAY_MAX, World, at, draft, id_of, went_on, went_wrong,
};

impl World {
    pub(super) fn steps_of_the_process(&self, scope: &Scope) -> Vec<Step> {
        match (&self.hand, &self.record.state) {
            (Hand::Dead, _) => vec![self.start(scope)],
            (Hand::Free, State::Queued { .. }) => self.reads(scope),
            (Hand::Free, State::Unresolved(search)) => self.looks(search, scope),
            (Hand::Free, _) => Vec::new(),
            (Hand::Read(seen), _) => {
                let claim = Change::Claimed {
                    epoch: Epoch(1),
                    draft: draft(),
                };
                vec![went_on(
                    "claim",
                    self.after(&claim).with(Hand::Claimed(seen.clone())),
                )]
            }
            (Hand::Claimed(seen), _) if stands(Protection::SendingFrame) => {
                let to = self.announced(seen).with(Hand::Announced(seen.clone()));
                vec![went_on("announce", to)]
            }
            (Hand::Claimed(seen) | Hand::Announced(seen), _) => self.calls(seen, scope),
            (Hand::Called(seen, post), _) => self.answers(seen, *post),
        }
    }

    fn start(&self, scope: &Scope) -> Step {
        let mut to = match left_in_hand(&self.record) {
            Some((change, _)) => self.after(&change),
            None => self.clone(),
        };
        if let State::Unresolved(search) = &mut to.record.state
            && scope.trusts_a_deadline
        {
            search.looks = vec![at(self.minute - scope.wait), at(self.minute - 1)];
        }
        went_on("start", to.with(Hand::Free))
    }

    /// The Page is read before the claim.
    fn reads(&self, scope: &Scope) -> Vec<Step> {
        let all = if stands(Protection::ReadBeforeClaim) {
            self.listed()
        } else {
            Vec::new()
        };
        let mut steps = vec![went_on("read", self.has_read(all))];
        if !scope.posted_before {
            steps.push(went_wrong(
                "read a list that hides",
                self.has_read(Vec::new()),
            ));
        }
        steps
    }

    fn has_read(&self, seen: Vec<Place>) -> Self {
        let reading = self.reading(&seen);
        match shown_already(&self.record, &draft(), &reading).first() {
            Some(post) => self.after(&Change::Adopted {
                post: post.id.clone(),
                permalink: None,
            }),
            None => self.clone().with(Hand::Read(seen)),
        }
    }

    fn announced(&self, seen: &[Place]) -> Self {
        self.after(&Change::Sending {
            epoch: Epoch(1),
            draft: draft(),
            fence: fence(&self.record, &self.reading(seen)),
            page_time: self.reading(seen).page_time,
        })
    }

    /// The request leaves: it will take effect, or never.
    fn calls(&self, seen: &[Place], scope: &Scope) -> Vec<Step> {
        let lost = self.clone().with(Hand::Called(seen.to_vec(), None));
        let taken = Hand::Called(seen.to_vec(), Some(self.posts.len()));
        let mut to = self.clone().with(taken);
        to.posts.push(Post::UnderWay(scope.effective_within));
        vec![went_on("send", to), went_wrong("send, in vain", lost)]
    }

    /// What comes back: the truth, a lie, or nothing.
    fn answers(&self, seen: &[Place], post: Option<Place>) -> Vec<Step> {
        let epoch = Epoch(1);
        let sent = match stands(Protection::SendingFrame) {
            true => self.clone(),
            false => self.announced(seen),
        };
        let hear = |change: Change| sent.after(&change).with(Hand::Free);
        let doubted = |duplicate| Change::Doubted {
            epoch: Some(epoch),
            why: "no clear answer".to_owned(),
            duplicate,
        };
        let mut steps = vec![
            Step {
                name: "no answer",
                // Whoever asked in vain is never answered.
                fault: post.is_some(),
                to: hear(doubted(false)),
            },
            went_wrong("\"a repeat\"", hear(doubted(true))),
        ];
        match post {
            Some(place) if !matches!(self.posts[place], Post::UnderWay(_)) => {
                let published = Change::Published {
                    epoch,
                    post: id_of(place),
                    permalink: None,
                };
                steps.push(went_on("\"published\"", hear(published)));
            }
            Some(_) => {}
            None => {
                let refused = Change::Refused {
                    epoch,
                    reason: "no".to_owned(),
                };
                steps.push(went_wrong("\"refused\"", hear(refused)));
                if self.turned_away < TURNED_AWAY_MAX {
                    let mut to = hear(Change::NotSent {
                        epoch,
                        not_before: None,
                        balk: None,
                    });
                    to.turned_away += 1;
                    steps.push(went_wrong("\"not now\"", to));
                }
            }
        }
        steps
    }

    /// A look at the Page; one that fails changes nothing.
    fn looks(&self, search: &Search, scope: &Scope) -> Vec<Step> {
        let whole = self.looked(search, &self.listed(), scope);
        let hiding = match stands(Protection::Control) {
            true => self.clone(),
            false => self.looked(search, &[], scope).0,
        };
        let mut steps = vec![went_wrong("look at a list that hides", hiding)];
        steps.extend(whole.1.map(|to| went_wrong("look, and die over it", to)));
        steps.push(went_on("look", whole.0));
        steps
    }

    /// What a look makes of the world; and what it makes of it where the process dies between
    /// two frames.
    fn looked(&self, search: &Search, seen: &[Place], scope: &Scope) -> (Self, Option<Self>) {
        let reading = self.reading(seen);
        let look = Look {
            found: outcomes(&self.record, &reading).first().copied(),
            absence: Ok(at(self.minute)),
        };
        let now = at(self.minute);
        let changes = after(&self.record, search, look, now, &scope.patience());
        let (mut world, mut cut_short) = (self.clone(), None);
        for (place, (change, _)) in changes.iter().enumerate() {
            if place > 0 {
                cut_short = world.dead();
            }
            world = world.after(change);
        }
        (world, cut_short)
    }
}
