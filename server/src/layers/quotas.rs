//! How often a key and an address may call the API: counted in memory, by this server alone, before anybody knows whose key
//! it is.
//!
//! Each has a bucket that fills evenly (GCRA): all that is kept of it is one number, the moment at which it is full again.
//! A bucket that is full says nothing, so it is forgotten when room is needed.

use crate::problem::Problem;
use crate::settings::{RateLimit, RateLimits};
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Mutex, PoisonError};
use vault::{Millis, SECOND};

/// draft-ietf-httpapi-ratelimit-headers-10: what the limits are, and what is left of them.
const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");
/// Calls that come at once meet in different maps.
const SHARDS: usize = 64;
/// Buckets in a map: with two limits all maps together stay below 10 MB.
const MOST: usize = 2_048;
const NANOS_IN_A_MILLI: u64 = 1_000_000;
const NANOS_IN_A_SECOND: u64 = 1_000 * NANOS_IN_A_MILLI;

/// The two limits, as far as they are set.
pub(crate) struct Quotas {
    key: Option<Quota>,
    address: Option<Quota>,
    /// What stands in every answer.
    policy: Option<HeaderValue>,
}

/// One limit with its buckets.
struct Quota {
    limit: RateLimit,
    /// How long one call takes to come back.
    interval: u64,
    window: u64,
    hasher: RandomState,
    shards: Vec<Mutex<HashMap<u64, u64>>>,
}

/// What a call has left in each bucket.
#[derive(Default)]
pub(super) struct Counted {
    key: Option<Left>,
    address: Option<Left>,
}

/// What is left in one bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Left {
    calls: u64,
    /// Until the bucket is full.
    full_in: Millis,
    /// Until there is room again, when there was none.
    wait: Option<Millis>,
}

impl Quotas {
    pub(crate) fn new(limits: RateLimits) -> Self {
        let named = [("key", limits.key), ("address", limits.address)];
        let words = named.map(|(name, limit)| limit.map(|l| format!("\"{name}\";q={};w={}", l.calls, l.seconds)));
        let words = words.into_iter().flatten().collect::<Vec<_>>().join(", ");
        let policy = HeaderValue::try_from(words).ok().filter(|words| !words.is_empty());
        Self { key: limits.key.map(Quota::new), address: limits.address.map(Quota::new), policy }
    }

    /// Counts a call of the API.
    ///
    /// # Errors
    /// 429, when it is one too many.
    pub(super) fn count(
        &self,
        counted: &mut Counted,
        address: IpAddr,
        key: Option<&str>,
        now: Millis,
    ) -> Result<(), Problem> {
        counted.address = self.address.as_ref().map(|quota| quota.take(&network(address), now));
        refused(counted.address, "This address")?;
        counted.key = self.key.as_ref().zip(key).map(|(quota, key)| quota.take(key, now));
        refused(counted.key, "This API key")
    }

    /// Says in an answer what is left.
    pub(super) fn write(&self, counted: &Counted, headers: &mut HeaderMap) {
        let said = |name: &str, of: Left| format!("\"{name}\";r={};t={}", of.calls, (of.full_in + SECOND - 1) / SECOND);
        let left = match (counted.key.map(|of| said("key", of)), counted.address.map(|of| said("address", of))) {
            (Some(key), Some(address)) => format!("{key}, {address}"),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => return,
        };
        if let (Some(policy), Ok(left)) = (&self.policy, HeaderValue::try_from(left)) {
            headers.insert(POLICY, policy.clone());
            headers.insert(LEFT, left);
        }
    }
}

impl Quota {
    fn new(limit: RateLimit) -> Self {
        let window = u64::from(limit.seconds) * NANOS_IN_A_SECOND;
        let shards = (0..SHARDS).map(|_| Mutex::default()).collect();
        let interval = (window / u64::from(limit.calls)).max(1);
        Self { limit, interval, window, hasher: RandomState::new(), shards }
    }

    /// Takes one call out of a bucket, if there is one.
    fn take<T: Hash + ?Sized>(&self, who: &T, now: Millis) -> Left {
        let who = self.hasher.hash_one(who);
        let now = u64::try_from(now).unwrap_or_default().saturating_mul(NANOS_IN_A_MILLI);
        let shard = usize::try_from(who % SHARDS as u64).unwrap_or_default();
        let Some(shard) = self.shards.get(shard) else { return self.left(now, now, None) };
        let mut buckets = shard.lock().unwrap_or_else(PoisonError::into_inner);
        // Never further ahead than a window: if it is, the clock was set back.
        let full_at = buckets.get(&who).copied().filter(|at| *at <= now + self.window).unwrap_or(now).max(now);
        let next = full_at + self.interval;
        if next > now + self.window {
            return self.left(full_at, now, Some(next - now - self.window));
        }
        if buckets.len() >= MOST && !buckets.contains_key(&who) {
            make_room(&mut buckets, now);
        }
        buckets.insert(who, next);
        drop(buckets);
        self.left(next, now, None)
    }

    fn left(&self, full_at: u64, now: u64, wait: Option<u64>) -> Left {
        let full_in = full_at.saturating_sub(now);
        let millis = |nanos: u64| Millis::try_from(nanos.div_ceil(NANOS_IN_A_MILLI)).unwrap_or(Millis::MAX);
        let calls = (self.window.saturating_sub(full_in) / self.interval).min(u64::from(self.limit.calls));
        Left { calls, full_in: millis(full_in), wait: wait.map(millis) }
    }
}

/// Forgets the buckets that are full, or the one that is the nearest to it.
fn make_room(buckets: &mut HashMap<u64, u64>, now: u64) {
    buckets.retain(|_, full_at| *full_at > now);
    if buckets.len() >= MOST
        && let Some(who) = buckets.iter().min_by_key(|(_, full_at)| **full_at).map(|(who, _)| *who)
    {
        buckets.remove(&who);
    }
}

fn refused(left: Option<Left>, who: &str) -> Result<(), Problem> {
    let wait = left.and_then(|left| left.wait);
    wait.map_or(Ok(()), |wait| Err(Problem::rate_limited(who, wait)))
}

/// Whoever has an IPv6 address has the 64 bits behind its network too.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_767_225_600_000;

    fn quota(calls: u32, seconds: u32) -> Quota {
        Quota::new(RateLimit { calls, seconds })
    }

    #[test]
    fn a_bucket_holds_its_calls_and_fills_evenly() {
        let quota = quota(10, 60);
        for left in (0..10).rev() {
            assert_eq!(
                quota.take("a", NOW),
                Left { calls: left, full_in: (10 - i64::try_from(left).unwrap()) * 6_000, wait: None }
            );
        }
        let none = quota.take("a", NOW);
        assert_eq!((none.calls, none.wait), (0, Some(6_000)));
        assert_eq!(quota.take("b", NOW).wait, None, "others have buckets of their own");
        assert_eq!(quota.take("a", NOW + 5_999).wait, Some(1));
        assert_eq!(quota.take("a", NOW + 6_000).wait, None);
        assert_eq!(quota.take("a", NOW + 6_000).wait, Some(6_000));
        assert_eq!(quota.take("a", NOW + 66_000).calls, 9, "after a window it is full");
    }

    #[test]
    fn a_clock_that_is_set_back_locks_nobody_out() {
        let quota = quota(1, 60);
        assert_eq!(quota.take("a", NOW).wait, None);
        assert_eq!(quota.take("a", NOW - 3_600_000).wait, None);
    }

    #[test]
    fn memory_is_bounded_and_whoever_waits_is_remembered() {
        let quota = quota(2, 60);
        while quota.take("eager", NOW).wait.is_none() {}
        for who in 0..140_000_u32 {
            quota.take(&who, NOW);
        }
        let sizes = quota.shards.iter().map(|shard| shard.lock().unwrap().len());
        assert!(sizes.max().unwrap() <= MOST);
        assert!(quota.take("eager", NOW).wait.is_some());
    }

    #[test]
    fn neighbours_of_one_ipv6_network_share_a_bucket() {
        let same = |a: &str, b: &str| network(a.parse().unwrap()) == network(b.parse().unwrap());
        assert!(same("2001:db8::1", "2001:db8::ffff:1") && !same("2001:db8::1", "2001:db8:0:1::1"));
        assert!(!same("192.0.2.1", "192.0.2.2"));
    }

    /// Optimised it takes 0.3 µs, beside the 100 µs of a token read. What is checked holds for a debug build on a busy machine.
    #[test]
    fn counting_costs_next_to_nothing() {
        let (quotas, address) = (Quotas::new(RateLimits::default()), IpAddr::from([192, 0, 2, 1]));
        let key = "kb_test_0000000000000000000000000000000000000000000000000";
        let (began, calls) = (std::time::Instant::now(), 20_000);
        for call in 0..calls {
            let (mut counted, mut headers) = (Counted::default(), HeaderMap::new());
            assert!(quotas.count(&mut counted, address, Some(key), NOW + call).is_ok());
            quotas.write(&counted, &mut headers);
            assert_eq!(headers.len(), 2);
        }
        let each = began.elapsed() / u32::try_from(calls).unwrap();
        eprintln!("counting a call and saying so: {each:?}");
        assert!(each < std::time::Duration::from_micros(500), "{each:?}");
    }
}
