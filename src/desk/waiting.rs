//! Says why something waits, and until when.

use jiff::Timestamp;

use super::Desk;
use crate::publisher::plan::{Cause, Wait};

impl Desk {
    /// Why something waits, in words.
    pub(super) fn waiting(&self, wait: &Wait) -> String {
        let until = wait.until.map(|at| self.moment(at)).unwrap_or_default();
        let (key, why) = match &wait.why {
            Cause::Paused(why) if wait.until.is_some() => ("wait.paused-until", why.as_str()),
            Cause::Paused(why) => ("wait.paused", why.as_str()),
            Cause::Doubt => ("wait.doubt", ""),
            Cause::Spacing => ("wait.spacing", ""),
            Cause::QuietHours => ("wait.quiet-hours", ""),
            Cause::DayFull => ("wait.day-full", ""),
            Cause::HoldFor => ("wait.hold-for", ""),
            Cause::NotBefore => ("wait.not-before", ""),
            Cause::Unread => ("wait.unread", ""),
        };
        self.language.say(key, &[("until", &until), ("why", why)])
    }

    /// A moment as a person reads it, in the site's own zone.
    fn moment(&self, at: Timestamp) -> String {
        let local = at.to_zoned_datetime(self.config.timezone().clone());
        local.strftime("%d/%m/%Y %H:%M:%S").to_string()
    }
}
