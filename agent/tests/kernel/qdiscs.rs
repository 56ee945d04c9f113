//! The qdisc that impairs what a link sends, on this machine's kernel: it has TBF, and netem perhaps.

use super::{Pod, Session, add_link};
use serde_json::{Value, json};

fn put(set: Value) -> Value {
    json!([{"put_qdisc": {"link": "vx0", "set": set}}])
}

fn gone() -> Value {
    json!([{"del_qdisc": {"link": "vx0"}}])
}

fn made(pod: &Pod) -> Session {
    let mut session = pod.session();
    assert_eq!(session.run(json!([add_link()]))["failures"], json!([]));
    session
}

fn shown(pod: &Pod) -> String {
    pod.sees("tc -d qdisc show dev vx0")
}

#[test]
fn a_rate_is_put_changed_in_place_reported_and_taken_away_without_trace() {
    let pod = Pod::new();
    let mut session = made(&pod);
    session.does(json!([{"set_up": {"link": "vx0", "up": true}}]));
    let before = (pod.sees("ip -d link show vx0"), shown(&pod));
    assert_eq!(session.vxlan("vx0")["qdisc"], Value::Null);
    session.does(put(json!({"rate": 10_000})));
    let by_hand = Pod::new();
    made(&by_hand);
    by_hand.sees("tc qdisc replace dev vx0 root handle 185: tbf rate 10000kbit burst 16384 limit 141384");
    assert!(shown(&by_hand).contains("tbf 185: root"), "{}", shown(&by_hand));
    assert_eq!(shown(&pod), shown(&by_hand));
    let seen = session.vxlan("vx0")["qdisc"].clone();
    assert_eq!((&seen["kind"], &seen["ours"], &seen["set"]["rate"]), (&json!("tbf"), &json!(true), &json!(10_000)));
    session.does(put(json!({"rate": 8})));
    assert!(shown(&pod).contains("rate 8Kbit"), "{}", shown(&pod));
    session.does(gone());
    assert_eq!((pod.sees("ip -d link show vx0"), shown(&pod)), before);
    assert_eq!(session.vxlan("vx0")["qdisc"], Value::Null);
}

#[test]
fn a_report_says_that_this_agent_knows_qdiscs() {
    let pod = Pod::new();
    let told = pod.session().ask(&json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"state": true}}}));
    assert_eq!(told["done"]["state"]["qdiscs"], json!(true), "{told}");
}

#[test]
fn a_queue_that_is_not_ours_is_told_and_left_alone() {
    let pod = Pod::new();
    let mut session = made(&pod);
    pod.sees("tc qdisc add dev vx0 root handle 7: tbf rate 1mbit burst 16384 limit 32768");
    let before = shown(&pod);
    let refused = session.run(put(json!({"rate": 10_000})))["failures"][0].clone();
    assert_eq!((&refused["subject"], &refused["errno"]), (&json!("qdisc vx0"), &json!(libc::EEXIST)));
    session.does(gone());
    assert_eq!(shown(&pod), before);
    let seen = session.vxlan("vx0")["qdisc"].clone();
    assert_eq!((&seen["ours"], &seen["set"]), (&json!(false), &Value::Null), "{seen}");
}

#[test]
fn a_queue_of_ours_that_was_changed_by_hand_is_reported_as_such() {
    let pod = Pod::new();
    let mut session = made(&pod);
    session.does(put(json!({"rate": 10_000})));
    pod.sees("tc qdisc change dev vx0 root handle 185: tbf rate 10000kbit burst 16384 limit 99999");
    let seen = session.vxlan("vx0")["qdisc"].clone();
    assert_eq!((&seen["ours"], &seen["set"]), (&json!(true), &Value::Null), "{seen}");
    session.does(put(json!({"rate": 10_000})));
    assert_eq!(session.vxlan("vx0")["qdisc"]["set"]["rate"], json!(10_000));
}

/// Where the kernel has netem, it does what is asked; where not, it says so and the rest is done.
#[test]
fn netem_is_put_or_the_failure_says_that_the_kernel_lacks_it() {
    let pod = Pod::new();
    let mut session = made(&pod);
    session.does(put(json!({"rate": 10_000})));
    let before = shown(&pod);
    let set = json!({"limit": 1000, "rate": 10_000, "delay": 20_000, "jitter": 2_000, "loss": 500, "duplicate": 1_000,
        "reorder": 25_000, "corrupt": 100});
    let mut ops = put(set.clone());
    ops.as_array_mut().unwrap().push(json!({"set_mtu": {"link": "vx0", "mtu": 1400}}));
    let done = session.run(ops);
    assert!(pod.sees("ip link show vx0").contains("mtu 1400"));
    let by_tc = pod.sees("tc qdisc add dev eth0 root netem delay 1ms 2>&1");
    if by_tc.is_empty() {
        assert_eq!(done["failures"], json!([]));
        assert_eq!(session.vxlan("vx0")["qdisc"]["set"], set);
        session.does(put(set));
        session.does(put(json!({"limit": 1000, "delay": 10})));
        let seen = session.vxlan("vx0")["qdisc"]["set"].clone();
        assert_eq!((&seen["delay"], &seen["rate"], &seen["reorder"]), (&json!(10), &json!(0), &json!(0)), "{seen}");
    } else {
        let refused = &done["failures"][0];
        assert_eq!((&refused["op"], &refused["subject"]), (&json!(0), &json!("qdisc vx0")), "{done}");
        assert_eq!(refused["errno"], json!(libc::ENOENT), "{refused}");
        assert_eq!(shown(&pod), before);
    }
    session.does(gone());
    assert_eq!(pod.sees("ip -o link show vx0 | grep -o 'qdisc [a-z]*'"), "qdisc noop");
    session.does(json!([{"set_up": {"link": "vx0", "up": true}}]));
    assert_eq!(pod.sees("ip -o link show vx0 | grep -o 'qdisc [a-z]*'"), "qdisc noqueue");
}
