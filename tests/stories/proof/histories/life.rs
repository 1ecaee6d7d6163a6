//! One history: an office, a site and a Page live through what chance draws; then the faults stop
//! and everything must settle.

mod person;

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use jiff::{SignedDuration, Timestamp};
use loa::clock::{Clock, ManualClock};
use loa::desk::Request;
use loa::desk::request::{Pick, Verb};
use loa::ledger::state::{Record, Standing};

use self::person::given_up;
use super::disk::Disk;
use super::judge::Wrong;
use super::office::{End, Office, Wishes, page_key, poll, turn, verb};
use super::page::{Page, Trouble};
use super::site::Site;

/// What chance draws of in one history.
const DRAWS: usize = 65;
/// After the faults stopped, everything has settled within so many rounds, a minute each or more.
const ROUNDS_MAX: usize = 80;

/// Where a record does not stay.
const UNSETTLED: [Standing; 5] = [
    Standing::Recorded,
    Standing::Queued,
    Standing::Uploading,
    Standing::Sending,
    Standing::Unresolved,
];

const MINUTE: Duration = Duration::from_secs(60);

/// How much happened.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Tally {
    pub(super) polls: u64,
    pub(super) frames: u64,
    pub(super) calls: u64,
    pub(super) faults: u64,
    pub(super) clock_moves: u64,
    pub(super) verbs: u64,
    /// The longest time an article stayed in doubt, by the true clock.
    pub(super) doubt: SignedDuration,
}

impl Tally {
    pub(super) fn events(&self) -> u64 {
        self.polls + self.frames + self.calls + self.faults + self.clock_moves + self.verbs
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.polls += other.polls;
        self.frames += other.frames;
        self.calls += other.calls;
        self.faults += other.faults;
        self.clock_moves += other.clock_moves;
        self.verbs += other.verbs;
        self.doubt = self.doubt.max(other.doubt);
    }
}

/// Everything there is.
pub(super) struct Life {
    chance: Rng,
    clock: ManualClock,
    /// How far the machine's clock is from the truth.
    off_by: SignedDuration,
    wishes: Wishes,
    disk: Disk,
    full_until: Option<Timestamp>,
    office: Option<Office>,
    /// Addresses of articles of which a person said that they are others, once more.
    twins: BTreeSet<String>,
    /// Since when an article has been in doubt.
    in_doubt_since: Option<Timestamp>,
    /// Why a process ended that should not have.
    ended: Option<Wrong>,
    pub(super) page: Arc<Page>,
    pub(super) site: Site,
    pub(super) tally: Tally,
}

impl Life {
    /// Moves in. What the site shows today is no news.
    pub(super) fn begin(seed: u64) -> Self {
        let mut chance = Rng::with_seed(seed);
        let now: Timestamp = "2026-11-24T02:00:00Z".parse().unwrap();
        let clock = ManualClock::at(now);
        let page = Arc::new(Page::open(now, clock.clone(), chance.fork()));
        let seconds = |chance: &mut Rng, choices: [u64; 3]| {
            Duration::from_secs(*chance.choice(&choices).unwrap())
        };
        let wishes = Wishes {
            spacing: seconds(&mut chance, [0, 120, 600]),
            hold_for: seconds(&mut chance, [0, 0, 300]),
            review: chance.u8(0..10) == 0,
            flood_over: if chance.bool() { 3 } else { 20 },
        };
        let mut life = Self {
            chance,
            clock,
            off_by: SignedDuration::ZERO,
            wishes,
            disk: Disk::default(),
            full_until: None,
            office: None,
            twins: BTreeSet::new(),
            in_doubt_since: None,
            ended: None,
            page,
            site: Site::default(),
            tally: Tally::default(),
        };
        for _ in 0..life.chance.usize(0..3) {
            life.site.brings_out(now, &mut life.chance);
        }
        life.polls(None);
        life
    }

    /// Lives through everything, to the end.
    pub(super) fn live(&mut self) -> Result<(), Wrong> {
        for _ in 0..DRAWS {
            self.something_happens();
        }
        let settled = self.everything_settles();
        self.tally.frames = self.disk.frames();
        let (calls, lies) = self.page.tally();
        self.tally.calls = calls;
        self.tally.faults += lies;
        self.ended.take().map_or(settled, Err)
    }

    /// One article is about to be sent while a person has it held; then all goes on as ever.
    pub(super) fn is_held_at_the_last_moment(&mut self) -> Result<(), Wrong> {
        self.page.calms_down();
        self.site.brings_out(self.page.now(), &mut self.chance);
        self.polls(None);
        self.passes(10 * MINUTE);
        let link = self.site.articles.last().unwrap().link().to_owned();
        let hold = Request::Change {
            verb: Verb::Hold,
            pick: Pick {
                articles: vec![link],
                ..Pick::default()
            },
        };
        let wakes = RefCell::new(None);
        let mut chance = self.chance.fork();
        self.office_works(|office| {
            office.run(
                |desk| vec![turn(desk, &wakes), verb(desk, hold)],
                &mut chance,
                None,
            )
        });
        self.ended
            .take()
            .map_or_else(|| self.everything_settles(), Err)
    }

    /// The ledger, to be judged.
    pub(super) fn office(&mut self) -> &mut Office {
        self.running().unwrap()
    }

    /// The process that runs, after starting one if none does; `None` when the disk is full.
    fn running(&mut self) -> Option<&mut Office> {
        if self.office.is_none() {
            self.office = Office::open(&self.disk, &self.clock, &self.page, self.wishes);
        }
        self.office.as_mut()
    }

    fn something_happens(&mut self) {
        match self.chance.u8(0..100) {
            0..30 => {
                let seconds = self.chance.u64(5..300);
                self.passes(Duration::from_secs(seconds));
            }
            30..40 => {
                let now = self.page.now();
                self.site.brings_out(now, &mut self.chance);
            }
            40..45 => self.site.changes(&mut self.chance),
            45..54 => {
                let lives = self.fate();
                self.polls(lives);
            }
            54..78 => self.turns(),
            78..84 => self.a_person_speaks(),
            84..89 => self.the_page_suffers(),
            89..91 => self.a_person_posts(),
            91..94 => self.the_clock_jumps(),
            94..96 => self.the_disk_fills(),
            _ => {
                let minutes = self.chance.u32(5..25);
                self.passes(MINUTE * minutes);
            }
        }
        self.watches();
    }

    /// After how many steps the process dies, if it does.
    fn fate(&mut self) -> Option<usize> {
        let dies = self.chance.u8(0..8) == 0;
        dies.then(|| self.chance.usize(0..30))
    }

    fn passes(&mut self, time: Duration) {
        self.page.advance(time);
        self.clock.advance(time);
        self.tally.clock_moves += 1;
        if self
            .full_until
            .is_some_and(|until| until <= self.page.now())
        {
            self.full_until = None;
            self.disk.set_room(None);
        }
    }

    fn the_clock_jumps(&mut self) {
        let hours = *self.chance.choice(&[0, 1, -1, 8760, -8760]).unwrap();
        self.set_clock(SignedDuration::from_hours(hours));
        self.tally.faults += 1;
    }

    fn set_clock(&mut self, off_by: SignedDuration) {
        self.off_by = off_by;
        self.clock.set(self.page.now() + off_by);
        self.tally.clock_moves += 1;
    }

    fn the_disk_fills(&mut self) {
        let room = self.chance.usize(0..6);
        self.disk.set_room(Some(room));
        let minutes = self.chance.u32(1..30);
        self.full_until = self.page.now().checked_add(MINUTE * minutes).ok();
        self.tally.faults += 1;
    }

    fn the_page_suffers(&mut self) {
        let troubles = [
            Trouble::TokenDead,
            Trouble::Unreadable,
            Trouble::Hides,
            Trouble::Hides,
        ];
        let trouble = *self.chance.choice(&troubles).unwrap();
        let minutes = self.chance.u32(1..40);
        self.page.suffers(trouble, MINUTE * minutes);
        self.tally.faults += 1;
    }

    fn polls(&mut self, lives: Option<usize>) {
        let feed = self.site.feed();
        let read = RefCell::new(false);
        let mut chance = self.chance.fork();
        self.office_works(|office| {
            office.run(|desk| vec![poll(desk, &feed, &read)], &mut chance, lives)
        });
        if read.into_inner() {
            self.site.was_read(&feed);
        }
        self.tally.polls += 1;
    }

    /// The publisher's turn, sometimes with a poll or a person beside it.
    fn turns(&mut self) {
        let lives = self.fate();
        let request = match self.chance.u8(0..4) {
            0 => self.request(),
            _ => None,
        };
        let beside = self.chance.u8(0..8) == 0;
        let (feed, read, wakes) = (self.site.feed(), RefCell::new(false), RefCell::new(None));
        let mut chance = self.chance.fork();
        self.tally.verbs += u64::from(request.is_some());
        self.tally.polls += u64::from(beside);
        self.office_works(|office| {
            office.run(
                |desk| {
                    let mut works = vec![turn(desk, &wakes)];
                    works.extend(beside.then(|| poll(desk, &feed, &read)));
                    works.extend(request.map(|request| verb(desk, request)));
                    works
                },
                &mut chance,
                lives,
            )
        });
        if read.into_inner() {
            self.site.was_read(&feed);
        }
    }

    /// Works in the process that runs, after starting one if none does. One that was killed or
    /// failed is gone.
    fn office_works(&mut self, work: impl FnOnce(&mut Office) -> End) {
        let Some(office) = self.running() else {
            return;
        };
        match work(office) {
            End::Done => return,
            End::Killed | End::Failed => {}
            End::Ended(why) => self.ended = self.ended.take().or(Some(Wrong::Ended(why))),
        }
        self.office = None;
        self.tally.faults += 1;
    }

    /// The records that wait for a person, if a process runs.
    fn held(&mut self) -> Vec<Record> {
        self.list(&[Standing::Held])
    }

    fn list(&mut self, standings: &'static [Standing]) -> Vec<Record> {
        let Some(office) = &mut self.office else {
            return Vec::new();
        };
        office.ask(move |books| {
            let mut records = Vec::new();
            for standing in standings {
                records.extend(books.list(&page_key(), *standing, usize::MAX)?);
            }
            Ok(records)
        })
    }

    /// Notes how long an article has been in doubt.
    fn watches(&mut self) {
        let in_doubt = self.list(&[Standing::Unresolved]);
        if in_doubt.is_empty() {
            self.in_doubt_since = None;
            return;
        }
        let now = self.page.now();
        let since = *self.in_doubt_since.get_or_insert(now);
        self.tally.doubt = self.tally.doubt.max(now.duration_since(since));
    }

    /// The faults stop, time passes, a person does what is asked of persons.
    fn everything_settles(&mut self) -> Result<(), Wrong> {
        self.page.calms_down();
        self.disk.set_room(None);
        self.full_until = None;
        self.set_clock(SignedDuration::ZERO);
        self.passes(8 * MINUTE);
        for round in 0..ROUNDS_MAX {
            if round < 2 {
                self.polls(None);
            }
            self.a_person_helps();
            let wake = self.a_round();
            self.watches();
            if self.unsettled().is_none() {
                return Ok(());
            }
            let now = self.clock.now();
            let ahead = wake
                .map(|wake| wake.duration_since(now))
                .unwrap_or_default();
            let ahead = ahead.clamp(SignedDuration::from_secs(60), SignedDuration::from_hours(1));
            self.passes(ahead.unsigned_abs());
        }
        Err(Wrong::Stuck(format!("{:#?}", self.unsettled())))
    }

    /// One turn of the publisher without a fault; when it wants to be woken.
    fn a_round(&mut self) -> Option<Timestamp> {
        let wakes = RefCell::new(None);
        let mut chance = self.chance.fork();
        self.office_works(|office| office.run(|desk| vec![turn(desk, &wakes)], &mut chance, None));
        wakes.into_inner()
    }

    /// A record that is neither on the Page nor put aside by a rule, if there is one.
    fn unsettled(&mut self) -> Option<Record> {
        let unsettled = self.list(&UNSETTLED).into_iter().next();
        unsettled.or_else(|| self.held().into_iter().find(given_up))
    }
}
