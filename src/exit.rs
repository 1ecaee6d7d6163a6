//! What the shell and a supervisor may rely on. The numbers are those of `sysexits.h`.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum Exit {
    /// What was asked for is done.
    Done = 0,
    /// Not healthy, or a check found faults.
    Faulty = 1,
    /// The command line makes no sense.
    Usage = 64,
    /// What was handed in cannot be used.
    BadData = 65,
    /// A feed, a site or a Page cannot be reached.
    Unavailable = 69,
    /// A mistake in loa itself.
    Bug = 70,
    /// The ledger or the disk.
    Storage = 74,
    /// Try again later; the outcome of a post may be unknown.
    TryLater = 75,
    /// A token or a permission: a person must act.
    NotAllowed = 77,
    /// The settings are wrong: starting again will not help.
    Config = 78,
}

impl Exit {
    /// The number that the process leaves with.
    pub fn code(self) -> u8 {
        self as u8
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}
