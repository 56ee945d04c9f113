//! Input that nobody meant: requests that were changed at random, and rows that no kernel sends. The same each time, or
//! others for FUZZ_SECONDS each; the seed is printed, and FUZZ_SEED repeats it.

use agent::kernel::{filters, links, qdiscs, routes, tables};
use agent::netlink::read;
use agent::request;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

const REQUESTS: &[&str] = &[
    r#"{"hello":{"protocol":1}}"#,
    r#"{"echo":{"id":1,"link":"vx0","address":"10.1.0.2","from":"10.1.0.1","token":"0123456789abcdef0123456789abcdef","seconds":4}}"#,
    r#"{"probe":{"id":1,"link":"vx0","from":"fd00::1","to":"fd00::2","port":40000,"token":"0123456789abcdef0123456789abcdef","bytes":1430}}"#,
    r#"{"do":{"id":1,"epoch":2,"session":3,"mark":true,"end":false,"ask":{"state":true,"destinations":["10.0.0.0/8"]}}}"#,
    r#"{"do":{"id":1,"epoch":2,"session":3,"ops":[{"add_link":{"link":"vx0","mac":"72:78:00:00:00:01","vni":100,"port":8472,"local":"10.0.0.1","dev":"eth0","mtu":1450}},{"set_up":{"link":"vx0","up":true}},{"put_address":{"link":"vx0","address":"fd00::1/64"}},{"add_route":{"link":"vx0","to":"10.9.0.0/16","via":"10.0.0.2","metric":7}}]}}"#,
    r#"{"do":{"id":1,"epoch":2,"session":3,"ops":[{"put_filter":{"vni":100,"port":8472,"ipv6":true}},{"admit":{"filter":{"vni":100,"port":8472,"ipv6":true},"vteps":["fd00::2"]}},{"put_entries":{"link":"vx0","flood":["10.0.0.2"],"unicast":[["72:78:00:00:00:02","10.0.0.2"]],"neighbours":[["10.1.0.2","72:78:00:00:00:02"]]}},{"set_guard":{"links":["vx0","vx1"]}},{"del_filters":{}},{"put_qdisc":{"link":"vx0","set":{"limit":1000,"rate":8,"delay":10,"loss":1}}},{"del_qdisc":{"link":"vx0"}}],"ask":{"digests":[{"link":"vx0","filter":{"vni":1,"port":2,"ipv6":false},"own":["a b"]}],"lists":[{"link":"vx0"}]}}}"#,
];
const INPUTS: usize = 20_000;
const PIECES: &[&str] = &["{", "}", "[", "]", "\"", ":", ",", "null", "-1", "1e999", "\\u0000", "\u{0}", "4294967296"];

/// Xorshift: what it gives is as good as any here, and follows from the seed.
struct Random(u64);

impl Random {
    fn new(usual: u64) -> Random {
        let seed = variable("FUZZ_SEED").unwrap_or(usual) | 1;
        println!("FUZZ_SEED={seed}");
        Random(seed)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    fn change(&mut self, bytes: &mut Vec<u8>) {
        let at = self.below(bytes.len() + 1);
        match self.below(4) {
            0 => bytes.truncate(at),
            1 => bytes.splice(at..at, PIECES[self.below(PIECES.len())].bytes()).for_each(drop),
            2 if at < bytes.len() => bytes[at] = self.below(256) as u8,
            _ => {
                let to = (at + self.below(40)).min(bytes.len());
                let piece = bytes[at..to].to_vec();
                let target = self.below(bytes.len() + 1);
                bytes.splice(target..target, piece).for_each(drop);
            }
        }
    }
}

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|value| value.parse().ok())
}

fn for_a_while(mut one: impl FnMut(&mut Random)) {
    let Some(seconds) = variable("FUZZ_SECONDS") else {
        let mut random = Random::new(1);
        return (0..INPUTS).for_each(|_| one(&mut random));
    };
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |since| since.as_nanos() as u64);
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut random = Random::new(now);
    while Instant::now() < end {
        (0..1000).for_each(|_| one(&mut random));
    }
}

#[test]
fn requests_that_were_changed_are_read_or_refused() {
    assert!(REQUESTS.iter().all(|request| request::parse(request.as_bytes()).is_ok()));
    for_a_while(|random| {
        let mut line = REQUESTS[random.below(REQUESTS.len())].as_bytes().to_vec();
        (0..=random.below(6)).for_each(|_| random.change(&mut line));
        let _ = request::parse(&line);
    });
}

#[test]
fn rows_that_no_kernel_sends_are_read_or_passed_over() {
    for_a_while(|random| {
        let mut bytes: Vec<u8> = (0..random.below(200)).map(|_| random.below(8) as u8 * 4).collect();
        if bytes.len() > 3 && random.below(4) > 0 {
            let length = bytes.len() as u32;
            bytes[..4].copy_from_slice(&length.to_ne_bytes());
        }
        for message in read::messages(&bytes) {
            let _ = (
                links::device(&message),
                links::address(&message),
                routes::row(&message).is_some(),
                qdiscs::qdisc(&message).is_some(),
            );
            let _ = (tables::entry(&message, 1), filters::rule(&message), filters::addresses(&message));
            let _ = (links::counted(&message), filters::counter(&message));
        }
    });
}
