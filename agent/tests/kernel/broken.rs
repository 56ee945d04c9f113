//! What breaks in the middle of a request: `strace` ends the agent at a chosen system call, or has the call fail. The
//! next session must put everything right.

use super::{AGENT, Pod, Session, add_link, filter};
use serde_json::{Value, json};
use std::io::BufRead;
use std::os::unix::process::ExitStatusExt;

const SEEN: &str =
    "ip -details address show dev vx0 | sed 's/^[0-9]*: //; s/ tentative//'; cat /sys/class/net/lo/ifalias; ip route show proto 184
    bridge fdb show dev vx0 | sort; nft list table inet kube-vxlan-controller";

/// Sets up a member with two peers and lets its app go; a link that was begun is made anew, as the controller does.
fn set_up() -> Value {
    let entries = json!({"link": "vx0", "flood": ["10.0.0.2", "10.0.0.3"],
        "unicast": [["72:78:00:00:00:02", "10.0.0.2"]], "neighbours": [["10.1.0.2", "72:78:00:00:00:02"]]});
    json!({"do": {"id": 1, "epoch": 1, "session": 1, "mark": true, "ops": [
        {"del_link": {"link": "vx0"}}, {"put_filter": filter()},
        {"admit": {"filter": filter(), "vteps": ["10.0.0.2", "10.0.0.3"]}}, add_link(),
        {"set_alias": {"link": "vx0", "alias": "prefix/net"}}, {"put_address": {"link": "vx0", "address": "10.1.0.1/24"}},
        {"put_entries": entries}, {"set_up": {"link": "vx0", "up": true}}]}})
}

fn wants_all() -> Value {
    json!({"do": {"id": 2, "epoch": 1, "session": 1, "ask": {"state": true}}})
}

impl Pod {
    /// A session in which one system call is tampered with, by its number among those of its kind, or, with a `+` after
    /// the number, that and all later ones.
    fn session_with(&self, calls: &str, fault: &str, number: &str) -> Session {
        let mut command = self.command("strace");
        command.args(["-qq", "-o", "/dev/null", "-e"]).arg(format!("inject={calls}:{fault}:when={number}"));
        command.args([AGENT, "session"]);
        Pod::start(command)
    }
}

impl Session {
    /// Asks, and gives the answer, or nothing if the session ended first.
    fn may_answer(&mut self, line: &Value) -> Option<Value> {
        use std::io::Write;
        let _ = self.input.as_mut().unwrap().write_all(format!("{line}\n").as_bytes());
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).ok()
    }
}

fn undisturbed() -> String {
    let pod = Pod::new();
    assert_eq!(pod.session().ask(&set_up())["done"]["failures"], json!([]));
    pod.sees(SEEN)
}

fn is_let_go(pod: &Pod) -> bool {
    pod.sees("cat /sys/class/net/lo/ifalias").starts_with("complete")
}

#[test]
fn killed_at_any_system_call_the_next_session_puts_it_right() {
    let whole = undisturbed();
    let mut killed = 0;
    for number in 1.. {
        let pod = Pod::new();
        let mut session = pod.session_with("read,write,openat,close,ioctl", "signal=KILL", &number.to_string());
        let answer = session.may_answer(&set_up());
        session.input = None;
        if session.process.wait().unwrap().signal() != Some(9) {
            assert_eq!(answer.unwrap()["done"]["failures"], json!([]));
            break;
        }
        killed += 1;
        assert!(!is_let_go(&pod) || pod.sees(SEEN) == whole, "{number}: let go too early");
        assert_eq!(pod.session().ask(&set_up())["done"]["failures"], json!([]), "{number}");
        assert_eq!(pod.sees(SEEN), whole, "after the end at call {number}");
    }
    assert!(killed > 30, "{killed} system calls were seen");
}

#[test]
fn an_answer_that_the_kernel_dropped_is_a_failure_and_the_next_session_puts_it_right() {
    let whole = undisturbed();
    let mut told = 0;
    for number in 1.. {
        let pod = Pod::new();
        let mut session = pod.session_with("read", "error=ENOBUFS", &number.to_string());
        let done = session.may_answer(&set_up()).map(|answer| answer["done"].clone());
        let state = session.may_answer(&wants_all()).map(|answer| answer["done"].clone());
        drop(session);
        let failed = |answer: &Option<Value>| answer.as_ref().is_some_and(|done| done["failures"] != json!([]));
        told += usize::from(failed(&done) || failed(&state));
        assert!(!failed(&done) || !is_let_go(&pod) || pod.sees(SEEN) == whole, "{number}: let go too early");
        assert_eq!(pod.session().ask(&set_up())["done"]["failures"], json!([]), "{number}");
        assert_eq!(pod.sees(SEEN), whole, "after a lost answer, read {number}");
        if done.is_some() && state.is_some() && !failed(&done) && !failed(&state) && number > 60 {
            break;
        }
    }
    assert!(told > 5, "{told} were told");
}

#[test]
fn a_kernel_without_nftables_has_its_links_and_tells_that_it_has_no_filters() {
    // The first socket is for rtnetlink, two are for ioctl, and where a state is asked for there is one more for
    // rtnetlink.
    let without = |pod: &Pod, first| pod.session_with("socket", "error=EPROTONOSUPPORT", first);
    let pod = Pod::new();
    let done = without(&pod, "4").run(json!([{"put_filter": filter()}, add_link()]));
    let failure = |key: &str| &done["failures"][0][key];
    assert_eq!(
        (failure("op"), failure("subject"), failure("errno")),
        (&json!(0), &json!("filter"), &json!(93)),
        "{done}"
    );
    assert_eq!(done["failures"].as_array().unwrap().len(), 1, "{done}");
    assert_eq!(pod.sees("ip -br link show vx0 | grep -c vx0"), "1");
    let state = without(&Pod::new(), "5+").ask(&wants_all())["done"].clone();
    assert_eq!((&state["failures"], &state["state"]["filters"]), (&json!([]), &Value::Null), "{state}");
}

#[test]
fn a_kernel_without_nftables_has_a_digest_and_a_list_of_a_link_whose_filter_is_asked_for() {
    let pod = Pod::new();
    pod.session().does(
        json!([{"del_link": {"link": "vx0"}}, add_link(), {"put_entries": {"link": "vx0", "flood": ["10.0.0.2"]}}]),
    );
    let sum = pod.sees("echo 00:00:00:00:00:00 10.0.0.2 | sha256sum | cut -d ' ' -f 1");
    let table = json!([{"link": "vx0", "filter": filter()}]);
    let listed = json!([{"link": "vx0", "flood": ["10.0.0.2"], "unicast": [], "neighbours": [], "admitted": []}]);
    // The first and the third socket are for rtnetlink, the second is for ioctl. The fourth asks for nftables. Then each
    // table has one for ioctl, and another for nftables if the agent tries that in spite of the answer.
    for (ask, part, told) in [
        (json!({"state": true, "digests": table}), "digests", json!([["vx0", sum]])),
        (json!({"state": true, "lists": table}), "lists", listed.clone()),
        (json!({"digests": table}), "digests", json!([["vx0", sum]])),
        (json!({"lists": table}), "lists", listed),
    ] {
        let request = json!({"do": {"id": 2, "epoch": 1, "session": 1, "ask": ask}});
        let done = pod.session_with("socket", "error=EPROTONOSUPPORT", "4+2").ask(&request)["done"].clone();
        assert_eq!((&done["failures"], &done[part]), (&json!([]), &told), "{ask}: {done}");
    }
}

#[test]
fn nothing_is_done_unless_the_fence_was_written() {
    let pod = Pod::new();
    // The first message asks for the alias of lo, the second sets it.
    let request = json!({"do": {"id": 5, "epoch": 1, "session": 1, "ops": [add_link()]}});
    let refused = pod.session_with("write", "error=EPERM", "2").ask(&request)["refused"].clone();
    assert_eq!((&refused["id"], &refused["reason"]), (&json!(5), &json!("kernel")), "{refused}");
    assert_eq!(pod.sees("ip -br link show type vxlan"), "");
}
