//! Keeps fetches out of private networks: the address is looked at after its name is resolved,
//! on every hop, and only what was looked at is dialled.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::FetchError;

/// Special-purpose blocks of the IANA IPv4 registry: nobody publishes news there.
const FORBIDDEN_V4: [(Ipv4Addr, u8); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];
/// What is public in IPv6 lies in here...
const GLOBAL_V6: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
/// ...but for these: protocol assignments with Teredo, documentation, 6to4.
const FORBIDDEN_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0x0db8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];
/// The prefix under which IPv4 addresses hide behind NAT64.
const NAT64: Ipv6Addr = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0);

/// Which addresses may be dialled.
#[derive(Debug)]
pub(super) struct Guard {
    allowed: Vec<IpNet>,
}

/// No address of the name may be dialled.
#[derive(Debug, thiserror::Error)]
#[error("all its addresses are private")]
struct AllPrivate;

impl Guard {
    pub(super) fn new(allowed: Vec<IpNet>) -> Self {
        Self { allowed }
    }

    /// Looks at an address before it is fetched. Names are looked at again when they are
    /// resolved. Credentials in it are dropped.
    pub(super) fn check(&self, url: &mut Url) -> Result<(), FetchError> {
        // Without what may be a password.
        let bad = |url: &Url| {
            let text = url.as_str();
            FetchError::BadAddress(text.rsplit('@').next().unwrap_or(text).to_owned())
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(bad(url));
        }
        let (named, secret) = (url.set_username(""), url.set_password(None));
        if named.is_err() || secret.is_err() {
            return Err(bad(url));
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::V4(address),
            Some(Host::Ipv6(address)) => IpAddr::V6(address),
            Some(Host::Domain(_)) => return Ok(()),
            None => return Err(bad(url)),
        };
        if self.allows(address) {
            return Ok(());
        }
        Err(FetchError::Forbidden(address.to_string()))
    }

    fn allows(&self, address: IpAddr) -> bool {
        let meant = unwrapped(address);
        // An IPv4 address in another's clothes is nobody's way to the world.
        let plain = meant == address || is_translated(address);
        let exempt = self.allowed.iter().any(|net| net.contains(&meant));
        exempt || (plain && is_public(meant))
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = Self {
            allowed: self.allowed.clone(),
        };
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let allowed: Vec<SocketAddr> = found
                .filter(|address| allowed.allows(address.ip()))
                .collect();
            if allowed.is_empty() {
                return Err(AllPrivate.into());
            }
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

/// Whether the guard was what stopped a request.
pub(super) fn refused(error: &reqwest::Error) -> bool {
    let mut cause: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = cause {
        if error.is::<AllPrivate>() {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The IPv4 address inside an IPv6 one, where there is one.
fn unwrapped(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address else {
        return address;
    };
    let [.., high, low] = v6.segments();
    let embedded = IpAddr::V4(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    let nat64 = is_translated(address);
    let compatible = v6.segments().iter().take(6).all(|part| *part == 0);
    match v6.to_ipv4_mapped() {
        Some(v4) => IpAddr::V4(v4),
        None if nat64 || (compatible && low > 1) => embedded,
        None => address,
    }
}

/// Whether a network without IPv4 reaches the address through NAT64: then its IPv4 address counts.
fn is_translated(address: IpAddr) -> bool {
    let IpAddr::V6(v6) = address else {
        return false;
    };
    Ipv6Net::new_assert(NAT64, 96).contains(&v6)
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !FORBIDDEN_V4
            .iter()
            .any(|(net, bits)| Ipv4Net::new_assert(*net, *bits).contains(&v4)),
        IpAddr::V6(v6) => {
            let within =
                |(net, bits): &(Ipv6Addr, u8)| Ipv6Net::new_assert(*net, *bits).contains(&v6);
            within(&GLOBAL_V6) && !FORBIDDEN_V6.iter().any(within)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(allowed: &[&str], address: &str) -> bool {
        let allowed = allowed.iter().map(|net| net.parse().unwrap()).collect();
        let mut url = Url::parse(address).unwrap();
        Guard::new(allowed).check(&mut url).is_ok()
    }

    #[test]
    fn every_spelling_of_a_private_address_is_refused() {
        for address in [
            "http://127.0.0.1/",
            "http://127.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0177.0.0.1/",
            "http://１２７.0.0.1/",
            "http://0.0.0.0/",
            "http://10.1.2.3/",
            "http://100.64.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://172.16.0.1/",
            "http://192.168.1.1/",
            "http://198.18.0.1/",
            "http://192.0.0.1/",
            "http://192.0.2.1/",
            "http://192.88.99.1/",
            "http://198.19.255.255/",
            "http://198.51.100.1/",
            "http://203.0.113.1/",
            "http://224.0.0.1/",
            "http://240.0.0.1/",
            "http://255.255.255.255/",
            "http://[::]/",
            "http://[::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:1.1.1.1]/",
            "http://[::7f00:1]/",
            "http://[::1.1.1.1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[64:ff9b::a9fe:a9fe]/",
            "http://[64:ff9b:1::1.1.1.1]/",
            "http://[2002:7f00:1::]/",
            "http://[2002:101:101::]/",
            "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
            "http://[100::1]/",
            "http://[3fff::1]/",
            "http://[5f00::1]/",
            "http://[fd00:ec2::254]/",
            "http://[fec0::1]/",
            "http://[fc00::1]/",
            "http://[fe80::1]/",
            "http://[ff02::1]/",
            "http://[2001:db8::1]/",
            "ftp://bao.example/",
            "file:///etc/passwd",
        ] {
            assert!(!verdict(&[], address), "{address}");
        }
    }

    #[test]
    fn public_addresses_pass_and_so_does_what_the_operator_allows() {
        for address in [
            "http://1.1.1.1/",
            "http://[2606:4700::1111]/",
            "http://[64:ff9b::1.1.1.1]/",
            "https://bao.example/",
        ] {
            assert!(verdict(&[], address), "{address}");
        }
        assert!(verdict(&["127.0.0.0/8"], "http://127.0.0.1:8080/"));
        assert!(verdict(&["127.0.0.0/8"], "http://[::ffff:127.0.0.1]/"));
        assert!(!verdict(&["127.0.0.0/8"], "http://10.0.0.1/"));
    }

    #[test]
    fn credentials_in_an_address_go_nowhere() {
        let mut url = Url::parse("https://user:secret@bao.example/").unwrap();
        Guard::new(Vec::new()).check(&mut url).unwrap();
        assert_eq!(url.as_str(), "https://bao.example/");
    }
}
