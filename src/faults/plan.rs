//! What `LOA_FAULTS` asks of this process, and what a test asks of its own thread.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, Write};
use std::sync::{LazyLock, Mutex, PoisonError};

use rustix::process::{Signal, getpid, kill_process};

use super::{POINTS, Protection};

/// The name that stands for every point.
const ANY: &str = "any";

static PLAN: LazyLock<Plan> =
    LazyLock::new(|| Plan::read(&std::env::var("LOA_FAULTS").unwrap_or_default()));
static VISITS: Mutex<Visits> = Mutex::new(Visits::new());

thread_local! {
    static TAKEN_AWAY: Cell<Option<Protection>> = const { Cell::new(None) };
}

/// What is to happen in this process.
#[derive(Debug, Default)]
struct Plan {
    kill: Option<(String, u64)>,
    full: Option<(String, u64)>,
    panic: Option<(String, u64)>,
    quoting: String,
    without: Vec<Protection>,
    visits: Option<Mutex<File>>,
}

/// How often each point was visited, and all of them together.
struct Visits {
    each: [u64; POINTS.len()],
    any: u64,
}

impl Visits {
    const fn new() -> Self {
        Self {
            each: [0; POINTS.len()],
            any: 0,
        }
    }
}

impl Plan {
    fn read(text: &str) -> Self {
        let mut plan = Self::default();
        let parts = text.split(';').filter_map(|part| part.split_once('='));
        for (what, value) in parts {
            match what {
                "kill" => plan.kill = visit(value),
                "full" => plan.full = visit(value),
                "panic" => plan.panic = visit(value),
                "quoting" => plan.quoting = value.to_owned(),
                "without" => plan.without.extend(
                    Protection::ALL
                        .into_iter()
                        .find(|protection| protection.word() == value),
                ),
                "visits" => {
                    let file = File::options().append(true).create(true).open(value);
                    plan.visits = file.ok().map(Mutex::new);
                }
                _ => {}
            }
        }
        plan
    }

    fn note(&self, name: &str) {
        if let Some(file) = &self.visits {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            // A test that misses a line says so itself.
            let _ = writeln!(file, "{name}");
        }
    }
}

fn visit(value: &str) -> Option<(String, u64)> {
    let (name, number) = value.split_once(':')?;
    Some((name.to_owned(), number.parse().ok()?))
}

/// Counts a visit; says which one it was of this point and of all.
fn arrive(name: &'static str) -> (u64, u64) {
    PLAN.note(name);
    let mut visits = VISITS.lock().unwrap_or_else(PoisonError::into_inner);
    visits.any += 1;
    let any = visits.any;
    let place = POINTS.iter().position(|known| *known == name);
    let each = place.and_then(|place| visits.each.get_mut(place));
    let each = each.map_or(0, |count| {
        *count += 1;
        *count
    });
    (each, any)
}

/// Whether this visit is the one that is meant, or a later one.
fn is_due(wish: Option<&(String, u64)>, name: &str, (each, any): (u64, u64)) -> bool {
    wish.is_some_and(|(wanted, number)| match wanted.as_str() {
        ANY => any >= *number,
        wanted => wanted == name && each >= *number,
    })
}

fn kill() -> ! {
    let _ = kill_process(getpid(), Signal::KILL);
    // The signal is on its way; nothing may happen in the meantime.
    loop {
        std::thread::park();
    }
}

/// Whether a protection stands: always, but where a test has taken it away.
pub fn stands(protection: Protection) -> bool {
    TAKEN_AWAY.get() != Some(protection) && !PLAN.without.contains(&protection)
}

/// Runs `work` on this thread without a protection.
pub fn without<T>(protection: Option<Protection>, work: impl FnOnce() -> T) -> T {
    let before = TAKEN_AWAY.replace(protection);
    let outcome = work();
    TAKEN_AWAY.set(before);
    outcome
}

/// A place where a test may kill the process, or let it panic.
pub fn point(name: &'static str) {
    let visit = arrive(name);
    if is_due(PLAN.kill.as_ref(), name, visit) {
        kill();
    }
    assert!(
        !is_due(PLAN.panic.as_ref(), name, visit),
        "a fault quotes {}",
        PLAN.quoting
    );
}

/// A place where a test may kill the process or find the disk full.
///
/// # Errors
/// That the disk is full, where a test says so.
pub fn disk_point(name: &'static str) -> io::Result<()> {
    let visit = arrive(name);
    if is_due(PLAN.kill.as_ref(), name, visit) {
        kill();
    }
    match is_due(PLAN.full.as_ref(), name, visit) {
        true => Err(io::ErrorKind::StorageFull.into()),
        false => Ok(()),
    }
}

/// A place where a test may kill the process while `bytes` are being written: `write` gets half
/// of them then, and is not called otherwise.
pub fn tear(name: &'static str, bytes: &[u8], write: impl FnOnce(&[u8])) {
    let visit = arrive(name);
    if is_due(PLAN.kill.as_ref(), name, visit) {
        write(bytes.split_at(bytes.len() / 2).0);
        kill();
    }
}
