//! Disks that are full or take nothing, clocks that jump, and ledgers that move house.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use loa::clock::{Clock, ManualClock};
use loa::rehearsal::mood::{Kind, Whim};

use crate::house::{House, Ran, at};
use crate::site::{Entry, entry};

/// Whether a person can see what the matter is.
fn says_full(error: &str) -> bool {
    let ledger = error.contains("is full: free some space and start again");
    ledger || error.contains("the media folder cannot be written")
}

fn with_picture(number: u32, title: &str) -> Entry {
    Entry {
        picture: Some(format!("/anh-{number}.jpg")),
        ..entry(number, title)
    }
}

/// Runs as a supervisor would, while time passes, until nothing is left to do.
fn runs(house: &House) {
    for _ in 0..12 {
        house.wait(120);
        let ran = house.run(&["once", "--json"]);
        if ran.code == 0 && at(&ran.document(), "/pages/0/queued") == 0 {
            return;
        }
    }
}

#[cfg(feature = "faults")]
mod injected {
    use super::*;

    /// Where a process may find the disk full.
    const DISK_POINTS: [&str; 8] = [
        "state.locked",
        "index.opening",
        "journal.writing",
        "journal.written",
        "index.applied",
        "index.flushed",
        "media.writing",
        "media.written",
    ];

    fn once_with(house: &House, faults: &str) -> Ran {
        let mut program = house.program(&["once", "--json"]);
        Ran::of(program.env("LOA_FAULTS", faults).output().unwrap())
    }

    /// How often a run that posts an article with a picture comes by each point.
    async fn visits() -> Vec<(&'static str, usize)> {
        let house = House::settled("").await;
        house.site.feed(&[with_picture(1, "Một")]);
        let list = house.dir.path().join("visits");
        let ran = once_with(&house, &format!("visits={}", list.display()));
        assert_eq!(ran.code, 0, "{}", ran.err);
        let list = fs::read_to_string(list).unwrap();
        DISK_POINTS
            .map(|point| (point, list.lines().filter(|line| *line == point).count()))
            .to_vec()
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_disk_that_is_full_from_any_write_on_stops_loa_and_costs_nothing() {
        let mut tried = 0;
        for (point, visits) in visits().await {
            assert!(visits > 0, "{point} is never visited");
            for visit in 1..=visits {
                let house = House::settled("").await;
                house.site.feed(&[with_picture(1, "Một")]);
                let what = format!("full={point}:{visit}");
                let ran = once_with(&house, &what);
                assert_eq!(ran.code, 74, "{what}: {} {}", ran.out, ran.err);
                let error = ran.document()["error"].to_string();
                assert!(says_full(&error), "{what}: {error}");
                runs(&house);
                assert_eq!(house.shown(), ["Một"], "{what}");
                tried += 1;
            }
        }
        println!("full disks: {tried} runs");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_new_installation_on_a_full_disk_begins_when_there_is_room() {
        for point in ["index.made", "identity.written", "journal.writing"] {
            let house = House::new().await;
            house.site.feed(&[]);
            let ran = once_with(&house, &format!("full={point}:1"));
            assert_eq!(ran.code, 74, "{point}: {} {}", ran.out, ran.err);
            assert_eq!(house.run(&["once", "--json"]).code, 0, "{point}");
            house.site.feed(&[entry(1, "Một")]);
            runs(&house);
            assert_eq!(house.shown(), ["Một"], "{point}");
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_daemon_whose_disk_fills_up_ends_instead_of_going_on_without_a_ledger() {
        for visit in [2, 4, 6] {
            let house = House::settled("").await;
            house.site.feed(&[entry(1, "Một")]);
            let mut program = house.program(&["run"]);
            program.env("LOA_FAULTS", format!("full=journal.written:{visit}"));
            let ran = Ran::of(program.output().unwrap());
            assert_eq!(ran.code, 74, "{visit}: {}", ran.err);
            assert!(says_full(&ran.err), "{visit}: {}", ran.err);
            runs(&house);
            assert_eq!(house.shown(), ["Một"], "{visit}");
        }
    }
}

/// A small file system of memory, gone when dropped.
struct Mounted(PathBuf);

impl Mounted {
    /// `None` where the machine lets nobody mount.
    fn at(dir: &Path) -> Option<Self> {
        fs::create_dir_all(dir).unwrap();
        let mounted = mount(&["-t", "tmpfs", "-o", "size=4m", "tmpfs"], dir);
        mounted.then(|| Self(dir.to_owned()))
    }

    fn remount(&self, how: &str) {
        assert!(mount(&["-o", &format!("remount,{how}")], &self.0), "{how}");
    }

    /// Fills it up, but for so many bytes.
    fn fill(&self, left: usize) {
        let mut ballast = fs::File::create(self.ballast()).unwrap();
        while ballast.write_all(&[0; 4096]).is_ok() {}
        let bytes = ballast.metadata().unwrap().len();
        ballast.set_len(bytes.saturating_sub(left as u64)).unwrap();
    }

    fn empty(&self) {
        fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.join("ballast")
    }
}

impl Drop for Mounted {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

fn mount(arguments: &[&str], dir: &Path) -> bool {
    let mut command = Command::new("mount");
    let output = command.args(arguments).arg(dir).output();
    output.is_ok_and(|output| output.status.success())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_small_disk_that_really_fills_up_costs_nothing() {
    for left in [0, 4 << 10, 16 << 10, 64 << 10, 256 << 10, 700 << 10] {
        let house = House::new().await;
        let Some(disk) = Mounted::at(&house.state()) else {
            println!("nothing can be mounted here: only the injected full disks stand");
            return;
        };
        house.settle_in().await;
        house.site.feed(&[with_picture(1, "Một"), entry(2, "Hai")]);
        disk.fill(left);
        let ran = house.run(&["once", "--json"]);
        assert!([0, 74].contains(&ran.code), "{left}: {}", ran.out);
        assert!(left > 0 || ran.code == 74, "{}", ran.out);
        if ran.code == 74 {
            let error = ran.document()["error"].to_string();
            assert!(says_full(&error), "{left}: {error}");
        }
        disk.empty();
        runs(&house);
        let mut shown = house.shown();
        shown.sort();
        assert_eq!(shown, ["Hai", "Một"], "{left}");
        assert_eq!(house.run(&["ledger", "verify"]).code, 0, "{left}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_folder_that_takes_nothing_is_said_to_be_so() {
    let house = House::new().await;
    fs::write(house.state(), "a file where a folder must be").unwrap();
    let ran = house.run(&["once", "--json"]);
    assert_eq!(ran.code, 74, "{} {}", ran.out, ran.err);
    assert!(ran.document()["error"].as_str().unwrap().contains("ledger"));

    fs::remove_file(house.state()).unwrap();
    let Some(disk) = Mounted::at(&house.state()) else {
        println!("nothing can be mounted here: the read-only disk is left out");
        return;
    };
    house.settle_in().await;
    house.site.feed(&[entry(1, "Một")]);
    disk.remount("ro");
    let ran = house.run(&["once", "--json"]);
    assert_eq!(ran.code, 74, "{} {}", ran.out, ran.err);
    let error = ran.document()["error"].to_string();
    assert!(error.contains("Read-only file system"), "{error}");
    disk.remount("rw");
    runs(&house);
    assert_eq!(house.shown(), ["Một"]);
}

/// Our own clock, apart from the Page's.
struct Clocks {
    house: House,
    page: ManualClock,
}

impl Clocks {
    async fn apart() -> Self {
        let mut house = House::settled("").await;
        let page = house.clock.clone();
        house.clock = ManualClock::at(page.now());
        Self { house, page }
    }

    fn jump(&self, by: SignedDuration) {
        let to = self.house.now().checked_add(by).unwrap_or(Timestamp::MAX);
        self.house.clock.set(to);
    }

    /// Runs until so many posts are there, for a day at most: the longest that a Page blocks.
    async fn until_shown(&self, posts: usize) {
        for seconds in std::iter::repeat_n(120, 12).chain(std::iter::repeat_n(1_800, 50)) {
            self.house.wait(seconds);
            self.page.advance(Duration::from_secs(seconds));
            self.house.once().await;
            if self.house.shown().len() >= posts {
                return;
            }
        }
    }
}

/// What may be in the way of a post when the clock jumps.
fn troubles() -> Vec<Option<(Kind, Whim)>> {
    vec![
        None,
        Some((Kind::Publish, Whim::HangUp { done: true })),
        Some((Kind::Publish, Whim::HangUp { done: false })),
        Some((Kind::Publish, Whim::TooFast)),
        Some((
            Kind::Publish,
            Whim::RateLimit {
                code: 32,
                minutes: 30,
            },
        )),
        Some((
            Kind::Read,
            Whim::RateLimit {
                code: 4,
                minutes: 30,
            },
        )),
        Some((
            Kind::Upload,
            Whim::Fails {
                code: 2,
                done: false,
            },
        )),
    ]
}

#[tokio::test]
async fn a_clock_that_jumps_an_hour_or_a_year_repeats_nothing_and_stops_nothing() {
    let (hour, year) = (
        SignedDuration::from_hours(1),
        SignedDuration::from_hours(8_766),
    );
    let clocks = Clocks::apart().await;
    let (mut number, mut brought_out) = (0, Vec::new());
    for trouble in troubles() {
        for jump in [hour, -year, year, -hour] {
            number += 1;
            let title = format!("Tin {number}");
            brought_out.push(title.clone());
            if let Some((on, whim)) = trouble.clone() {
                clocks.house.mood_on(on, whim, 1);
            }
            let news = match trouble {
                Some((Kind::Upload, _)) => with_picture(number, &title),
                _ => entry(number, &title),
            };
            clocks.house.bring_out(&[news]).await;
            clocks.jump(jump);
            clocks.until_shown(brought_out.len()).await;
            assert_eq!(
                clocks.house.shown(),
                brought_out,
                "{trouble:?}, then {jump:#}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_exported_from_a_running_loa_goes_on_elsewhere() {
    let house = House::settled("").await;
    let news = [entry(2, "Hai"), entry(1, "Một")];
    house.bring_out(&news).await;
    let mut daemon = house.program(&["run"]).spawn().unwrap();
    let healthy = || house.run(&["healthcheck"]).code == 0;
    assert!((0..2_000).any(|_| healthy()), "it does not start");
    let exported = house.run(&["ledger", "export"]);
    assert_eq!(exported.code, 0, "{}", exported.err);
    daemon.kill().unwrap();
    daemon.wait().unwrap();

    let file = house.dir.path().join("ledger.jsonl");
    fs::write(&file, &exported.out).unwrap();
    let elsewhere = house.dir.path().join("elsewhere");
    let there = |arguments: &[&str]| {
        let mut program = house.program(arguments);
        Ran::of(program.env("LOA_STATE", &elsewhere).output().unwrap())
    };
    let imported = there(&["ledger", "import", file.to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{}", imported.err);
    for question in [["ledger", "list", "--json"], ["why", "Hai", "--json"]] {
        let (here, there) = (house.run(&question), there(&question));
        assert_eq!(here.out, there.out, "{question:?}");
        assert!(here.out.contains("Hai"), "{}", here.out);
    }
    house
        .site
        .feed(&[entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")]);
    assert_eq!(there(&["once", "--json"]).code, 0);
    assert_eq!(house.shown(), ["Một", "Hai", "Ba"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_that_is_broken_off_leaves_no_half_ledger() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    let exported = house.run(&["ledger", "export"]);
    let file = house.dir.path().join("ledger.jsonl");
    // The last event cannot follow: the article is recorded already.
    let recorded = exported.out.lines().find(|line| line.contains("recorded"));
    let broken = format!("{}{}\n", exported.out, recorded.unwrap());
    fs::write(&file, broken).unwrap();
    fs::remove_dir_all(house.state()).unwrap();
    let refused = house.run(&["ledger", "import", file.to_str().unwrap()]);
    assert_eq!(refused.code, 65, "{}", refused.err);
    assert!(!house.state().join("ledger").exists());
    fs::write(&file, &exported.out).unwrap();
    let imported = house.run(&["ledger", "import", file.to_str().unwrap()]);
    assert_eq!(imported.code, 0, "{}", imported.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn verify_says_what_is_wrong_and_the_pause_after_a_recovery_outlives_it() {
    let house = House::settled("").await;
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(house.run(&["ledger", "verify"]).code, 0);

    let journal = house
        .state()
        .join("ledger/journal/00000000000000000001.journal");
    let mut bytes = fs::read(&journal).unwrap();
    bytes[30] ^= 1;
    fs::write(&journal, &bytes).unwrap();
    let damaged = house.run(&["ledger", "verify", "--json"]);
    assert_eq!(damaged.code, 1, "{}", damaged.err);
    assert!(damaged.out.contains("unreadable bytes"), "{}", damaged.out);

    fs::remove_dir_all(house.state().join("ledger/journal")).unwrap();
    let recovered = house.run(&["ledger", "verify", "--json"]);
    assert_eq!(recovered.code, 1, "{}", recovered.err);
    assert!(
        recovered.out.contains("taken from the index"),
        "{}",
        recovered.out
    );
    let next = house.run(&["once", "--json"]);
    assert!(
        at(&next.document(), "/pages/0/paused").is_string(),
        "{}",
        next.out
    );
}
