//! One request at a time to one host: a district's web server is small.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedMutexGuard;
use url::Url;

/// Hosts remembered before those that nobody waits for are forgotten.
const HOSTS_MAX: usize = 256;

/// Whose turn it is, host by host.
#[derive(Debug, Clone, Default)]
pub(super) struct Turns {
    hosts: Arc<Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>>,
}

impl Turns {
    /// Waits for the host's turn. It ends when what is returned is dropped.
    pub(super) async fn take(&self, url: &Url) -> OwnedMutexGuard<()> {
        let host = url.host_str().unwrap_or_default();
        let host = format!("{host}:{}", url.port_or_known_default().unwrap_or_default());
        let queue = {
            let mut hosts = self.hosts.lock().unwrap_or_else(PoisonError::into_inner);
            if hosts.len() >= HOSTS_MAX {
                hosts.retain(|_, queue| Arc::strong_count(queue) > 1);
            }
            Arc::clone(hosts.entry(host).or_default())
        };
        queue.lock_owned().await
    }
}
