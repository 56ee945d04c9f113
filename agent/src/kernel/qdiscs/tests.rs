use super::*;
use crate::netlink::{Batch, read::messages};

const ALL: Impairments = Impairments {
    limit: 1000,
    rate: 10_000,
    delay: 20_000,
    jitter: 2_000,
    loss: 500,
    duplicate: 1_000,
    reorder: 25_000,
    corrupt: 100,
};

/// What tc of iproute2 6.1 sends for `netem limit 1000 delay 20000us 2000us 0% loss 0.5% 0% duplicate 1% 0% reorder
/// 25% 0% corrupt 0.1% 0% rate 10000kbit`, its kind and options, on a machine that puts low bytes first.
const NETEM: [u8; 100] = *b"\x0a\0\x01\0netem\0\0\0\x58\0\x02\0\
    \xb4\xc4\x04\x00\xe8\x03\x00\x00\x14\xae\x47\x01\x01\x00\x00\x00\x29\x5c\x8f\x02\x12\x7a\x00\x00\
    \x10\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\x0c\0\x03\0\0\0\0\x40\0\0\0\0\x0c\0\x04\0\x37\x89\x41\0\0\0\0\0\
    \x14\0\x06\0\xd0\x12\x13\0\0\0\0\0\0\0\0\0\0\0\0\0";

const TBF: [u8; 60] = *b"\x08\0\x01\0tbf\0\x34\0\x02\0\
    \x28\0\x01\0\0\x01\0\0\0\0\0\0\xd0\x12\x13\0\0\x01\0\0\0\0\0\0\0\0\0\0\x48\x28\x02\0\0\0\0\0\0\0\0\0\
    \x08\0\x06\0\0\x40\0\0";

fn sent(set: Impairments) -> Vec<u8> {
    let mut batch = Batch::default();
    batch.add(libc::RTM_NEWQDISC, 0, &set.kind().header(7), |w| set.write(w));
    batch.bytes().to_vec()
}

/// As the kernel reports what was sent.
fn reported(sent: &[u8]) -> Option<Qdisc> {
    qdisc(&messages(sent).next().unwrap())
}

#[cfg(target_endian = "little")]
#[test]
fn netem_is_asked_for_by_the_bytes_that_tc_sends() {
    assert_eq!(sent(ALL)[16 + HEADER..], NETEM);
    assert_eq!(sent(ALL)[20..36], *b"\x07\0\0\0\0\0\x84\x01\xff\xff\xff\xff\0\0\0\0");
}

#[cfg(target_endian = "little")]
#[test]
fn a_rate_alone_is_asked_of_tbf_with_its_burst_and_no_table() {
    assert_eq!(sent(Impairments { limit: 9, rate: 10_000, ..Impairments::default() })[16 + HEADER..], TBF);
}

#[test]
fn what_is_asked_for_is_reported_the_same() {
    let rate = Impairments { rate: 10_000, ..Impairments::default() };
    let none = Impairments { limit: 1, ..Impairments::default() };
    let small = Impairments { delay: 10, jitter: 10, loss: 1, corrupt: 30_000, ..none };
    let large = Impairments { delay: 10_000_000, loss: 100_000, reorder: 99_999, rate: 10_000_000, ..none };
    for set in [ALL, rate, none, small, large] {
        let seen = reported(&sent(set)).unwrap();
        assert!(seen.ours);
        assert_eq!(seen.set, Some(set));
    }
    for thousandths_of in 0..=100_000 {
        assert_eq!(thousandths(portion(thousandths_of)), Some(thousandths_of));
    }
}

#[test]
fn a_qdisc_of_ours_that_does_something_else_does_not_tell_what() {
    let at = |field: usize, value: u8| {
        let mut bytes = sent(ALL);
        bytes[16 + HEADER + 12 + 4 + field] = value;
        reported(&bytes).unwrap()
    };
    let others = [("gap", 12, 2), ("between two steps", 0, 1), ("correlated", 28, 1), ("rate", 68, 1), ("cell", 76, 1)];
    for (what, field, value) in others {
        let seen = at(field, value);
        assert!(seen.ours && seen.set.is_none(), "{what}: {seen:?}");
    }
}

#[test]
fn a_qdisc_of_another_handle_or_kind_is_foreign() {
    let foreign = |at: usize, value: u8| {
        let mut bytes = sent(ALL);
        bytes[at] = value;
        reported(&bytes).unwrap()
    };
    assert!(foreign(26, 1).is_foreign());
    assert!(foreign(40, b'x').is_foreign());
    assert!(!reported(&sent(ALL)).unwrap().is_foreign());
    let mut below = sent(ALL);
    below[28] = 0;
    assert!(reported(&below).is_none());
}

#[test]
fn a_row_that_is_cut_is_no_qdisc_and_does_no_harm() {
    let whole = sent(ALL);
    let row = messages(&whole).next().unwrap();
    for length in 0..row.body.len() {
        let _ = qdisc(&Message { body: &row.body[..length], ..row });
    }
    let most = Impairments {
        limit: u32::MAX,
        rate: u32::MAX,
        delay: u32::MAX,
        jitter: u32::MAX,
        loss: u32::MAX,
        duplicate: u32::MAX,
        reorder: u32::MAX,
        corrupt: u32::MAX,
    };
    let _ = reported(&sent(most));
    let _ = reported(&sent(Impairments { rate: u32::MAX, ..Impairments::default() }));
}
