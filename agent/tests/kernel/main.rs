//! `agent session` at work on a real kernel, in a network namespace of each test's own. Needs root:
//! `cargo test --features kernel`.

mod broken;
mod cost;
mod probes;
mod qdiscs;
mod security;
mod senders;

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::net::Ipv4Addr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

const AGENT: &str = env!("CARGO_BIN_EXE_agent");
const SET_UP: &str = "set -e; mount -t sysfs sysfs /sys; mount -t tmpfs tmpfs /dev/shm; ip link set lo up
    ip link add eth0 type veth peer name peer0; ip link set eth0 up; ip link set peer0 up; ip address add 10.100.0.1/24 dev eth0
    ip address add fd00::1/64 dev eth0 nodad; echo ready; exec sleep 600";
const FILTER: &str = "vni100-port8472-ipv4";

/// A namespace that lives as long as its first process.
struct Pod {
    first: Child,
}

/// A bridge in a pod, and pods whose underlay it is: member N has `10.100.0.N`, `fd00::N` and the port `pN`.
fn bridged(count: usize) -> (Pod, Vec<Pod>) {
    let hub = Pod::new();
    hub.sees("ip address flush dev eth0; ip link add br0 type bridge; ip link set br0 up");
    let members: Vec<Pod> = (0..count).map(|_| Pod::new()).collect();
    for (member, number) in members.iter().zip(1..) {
        member.sees(&format!("ip link set peer0 netns {} name p{number}", hub.first.id()));
        hub.sees(&format!("ip link set p{number} master br0; ip link set p{number} up"));
        member.sees(&format!(
            "ip address flush dev eth0; ip address add 10.100.0.{number}/24 dev eth0
            ip address add fd00::{number}/64 dev eth0 nodad"
        ));
    }
    (hub, members)
}

struct Session {
    process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Pod {
    fn new() -> Pod {
        let mut first = Command::new("unshare")
            .args(["--net", "--mount", "sh", "-c", SET_UP])
            .stdout(Stdio::piped())
            .spawn()
            .expect("unshare");
        let mut line = String::new();
        BufReader::new(first.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        assert_eq!(line, "ready\n", "the namespace needs root");
        Pod { first }
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--target={}", self.first.id())).args(["--net", "--mount", program]);
        command
    }

    /// What a program of the machine prints in the namespace.
    fn sees(&self, line: &str) -> String {
        let output = self.command("sh").args(["-c", line]).output().unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_string()
    }

    fn session(&self) -> Session {
        let mut command = self.command(AGENT);
        command.arg("session");
        Pod::start(command)
    }

    fn start(mut command: Command) -> Session {
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let output = BufReader::new(process.stdout.take().unwrap());
        Session { input: process.stdin.take(), process, output }
    }
}

impl Drop for Pod {
    fn drop(&mut self) {
        let _ = self.first.kill();
        let _ = self.first.wait();
    }
}

impl Session {
    fn send(&mut self, text: &str) {
        self.input.as_mut().unwrap().write_all(text.as_bytes()).unwrap();
    }

    fn ask(&mut self, line: &Value) -> Value {
        self.send(&format!("{line}\n"));
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|e| panic!("{e}: {answer:?}"))
    }

    fn run(&mut self, ops: Value) -> Value {
        self.ask(&json!({"do": {"id": 1, "epoch": 1, "session": 1, "ops": ops}}))["done"].clone()
    }

    /// What it reports of a VXLAN link.
    fn vxlan(&mut self, link: &str) -> Value {
        let request = json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"state": true}}});
        let devices = self.ask(&request)["done"]["state"]["devices"].clone();
        devices.as_array().unwrap().iter().find(|device| device["name"] == link).unwrap()["vxlan"].clone()
    }

    /// Does it twice: repeating what was done must do no harm.
    fn does(&mut self, ops: Value) {
        for _ in 0..2 {
            assert_eq!(self.run(ops.clone())["failures"], json!([]), "{ops}");
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.wait();
    }
}

fn add_link() -> Value {
    json!({"add_link": {"link": "vx0", "mac": "72:78:00:00:00:01", "vni": 100, "port": 8472, "local": "10.100.0.1",
        "dev": "eth0", "mtu": 1430}})
}

fn guard() -> Value {
    json!({"set_guard": {"links": ["vx0", "vx1"]}})
}

fn filter() -> Value {
    json!({"vni": 100, "port": 8472, "ipv6": false})
}

#[test]
fn a_hello_brings_the_version_and_the_addresses() {
    let pod = Pod::new();
    let hello = pod.session().ask(&json!({"hello": {"protocol": 7}}))["hello"].clone();
    assert_eq!((&hello["protocol"], &hello["agent"]), (&json!(1), &json!(agent::VERSION)));
    assert!(hello["addresses"].as_array().unwrap().contains(&json!("10.100.0.1")), "{hello}");
}

#[test]
fn a_link_is_made_changed_renamed_and_taken_away() {
    let pod = Pod::new();
    let mut session = pod.session();
    let made = session.run(json!([add_link(), {"set_alias": {"link": "vx0", "alias": "prefix/net"}}]));
    assert_eq!(made["failures"], json!([]));
    session.does(json!([
        {"put_address": {"link": "vx0", "address": "10.1.0.1/24"}},
        {"put_address": {"link": "vx0", "address": "fd01::1/64"}},
        {"set_mtu": {"link": "vx0", "mtu": 1400}},
        {"set_mac": {"link": "vx0", "mac": "72:78:00:00:00:09"}},
        {"set_up": {"link": "vx0", "up": true}},
    ]));
    let link = pod.sees("ip -d link show vx0; ip addr show vx0");
    let shown = ["vxlan id 100 local 10.100.0.1 dev eth0", "dstport 8472", "mtu 1400", "72:78:00:00:00:09", "UP"];
    for part in shown.iter().chain(&["alias prefix/net", "10.1.0.1/24 metric 8472", "fd01::1/64 metric 8472", "nodad"])
    {
        assert!(link.contains(part), "{part} in {link}");
    }
    assert_eq!(pod.sees("ip -6 addr show vx0 scope global tentative"), "");
    session.does(json!([{"del_address": {"link": "vx0", "address": "10.1.0.1/24"}}]));
    assert_eq!(pod.sees("ip -4 -br addr show vx0"), "");
    let renamed =
        session.run(json!([{"rename": {"from": "vx0", "to": "vx1"}}, {"set_up": {"link": "vx1", "up": true}}]));
    assert_eq!(renamed["failures"], json!([]));
    session.run(json!([{"add_route": {"link": "vx1", "to": "224.0.0.0/4"}}]));
    assert_eq!(pod.sees("ip route show proto 184"), "224.0.0.0/4 dev vx1 scope link");
    session.does(json!([{"del_route": {"link": "vx1", "to": "224.0.0.0/4"}}]));
    session.does(json!([{"del_link": {"link": "vx1"}}]));
    assert_eq!(pod.sees("ip -br link show type vxlan"), "");
}

#[test]
fn an_address_of_another_prefix_length_stays() {
    let pod = Pod::new();
    let mut session = pod.session();
    session.run(json!([add_link()]));
    pod.sees("ip address add 10.1.0.1/16 dev vx0; ip address add fd01::1/64 dev vx0");
    session.does(json!([{"del_address": {"link": "vx0", "address": "10.1.0.1/24"}}]));
    assert_eq!(pod.sees("ip -4 -br addr show vx0 | grep -o '10.1.*/16'"), "10.1.0.1/16");
    session.does(json!([{"del_address": {"link": "vx0", "address": "10.1.0.1/16"}}]));
    assert_eq!(pod.sees("ip -4 -br addr show vx0"), "");
    session.does(json!([{"del_address": {"link": "vx0", "address": "fd01::1/48"}}]));
    assert_eq!(pod.sees("ip -6 -br addr show vx0 | grep -o 'fd01.*/64'"), "fd01::1/64");
}

#[test]
fn attributes_are_set_in_place_and_reported() {
    let pod = Pod::new();
    let mut session = pod.session();
    session.run(json!([add_link()]));
    let index = pod.sees("cat /sys/class/net/vx0/ifindex");
    let all = json!({"link": "vx0", "vni": 100, "ttl": 9, "tos": 184, "learning": false, "txqueuelen": 55});
    session.does(json!([{"set_attributes": all}]));
    let link = pod.sees("ip -d link show vx0");
    for part in ["tos 0xb8", "ttl 9", "nolearning", "udpcsum", "qlen 55"] {
        assert!(link.contains(part), "{part} in {link}");
    }
    let seen = session.vxlan("vx0");
    assert_eq!((&seen["ttl"], &seen["tos"], &seen["learning"]), (&json!(9), &json!(184), &json!(false)));
    session.does(json!([
        {"set_attributes": {"link": "vx0", "vni": 100, "ttl": 0, "tos": 1, "learning": true}},
        {"set_attributes": {"link": "vx0", "vni": 100, "txqueuelen": 1000}},
    ]));
    let link = pod.sees("ip -d link show vx0");
    for part in ["tos inherit", "ttl auto", "qlen 1000"] {
        assert!(link.contains(part), "{part} in {link}");
    }
    assert!(!link.contains("nolearning"), "{link}");
    assert_eq!(pod.sees("cat /sys/class/net/vx0/ifindex"), index);
}

#[test]
fn a_link_over_ipv4_can_do_without_checksums() {
    for (local, checksum, shown) in
        [("10.100.0.1", true, " udpcsum"), ("10.100.0.1", false, "noudpcsum"), ("fd00::1", false, "noudp6zerocsumtx")]
    {
        let pod = Pod::new();
        let mut session = pod.session();
        let mut op = add_link();
        op["add_link"]["local"] = json!(local);
        op["add_link"]["checksum"] = json!(checksum);
        assert_eq!(session.run(json!([op]))["failures"], json!([]));
        assert_eq!(session.vxlan("vx0")["checksum"], json!(checksum || local.contains(':')));
        let link = pod.sees("ip -d link show vx0");
        assert!(link.contains(shown), "{shown} in {link}");
    }
}

#[test]
fn the_underlay_changes_in_place() {
    let pod = Pod::new();
    pod.sees("ip address add 10.101.0.1/24 dev peer0");
    let mut session = pod.session();
    session.run(json!([add_link()]));
    let index = pod.sees("cat /sys/class/net/vx0/ifindex");
    session.does(json!([{"set_underlay": {"link": "vx0", "vni": 100, "local": "10.101.0.1", "dev": "peer0"}}]));
    assert!(pod.sees("ip -d link show vx0").contains("id 100 local 10.101.0.1 dev peer0"));
    assert_eq!(pod.sees("cat /sys/class/net/vx0/ifindex"), index);
}

#[test]
fn a_route_is_added_and_never_replaces_anothers() {
    let pod = Pod::new();
    pod.sees("ip route add 10.8.0.0/16 via 10.100.0.9 dev eth0");
    let mut session = pod.session();
    let address = json!({"put_address": {"link": "vx0", "address": "10.1.0.1/24"}});
    session.run(json!([add_link(), address, {"set_up": {"link": "vx0", "up": true}}]));
    let route = |name: &str, to: &str| json!({name: {"link": "vx0", "to": to, "via": "10.1.0.2"}});
    let added = session.run(json!([route("add_route", "10.9.0.0/16"), route("add_route", "10.8.0.0/16")]));
    let failure = &added["failures"][0];
    assert_eq!((&failure["op"], &failure["errno"]), (&json!(1), &json!(17)), "{added}");
    assert_eq!(failure["subject"], "route 10.8.0.0/16 via 10.1.0.2");
    assert_eq!(pod.sees("ip route show proto 184"), "10.9.0.0/16 via 10.1.0.2 dev vx0");
    assert_eq!(pod.sees("ip route show 10.8.0.0/16"), "10.8.0.0/16 via 10.100.0.9 dev eth0");
    let ask = json!({"state": true, "destinations": ["10.8.0.0/16"]});
    let told = session.ask(&json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": ask}}));
    assert_eq!(
        told["done"]["state"]["routes"],
        json!([{"to": "10.9.0.0/16", "via": "10.1.0.2", "dev": "vx0", "metric": 0}])
    );
    assert_eq!(
        told["done"]["foreign"],
        json!([{"to": "10.8.0.0/16", "via": "10.100.0.9", "dev": "eth0", "metric": 0}])
    );
    session.does(json!([route("del_route", "10.9.0.0/16")]));
    assert_eq!(pod.sees("ip route show proto 184"), "");
}

#[test]
fn entries_come_and_go_and_have_a_digest() {
    let pod = Pod::new();
    let mut session = pod.session();
    session.run(json!([add_link(), {"put_filter": filter()}]));
    let entries = |name: &str| {
        json!({name: {"link": "vx0", "flood": ["10.0.0.2", "10.0.0.3"],
            "unicast": [["72:78:00:00:00:02", "10.0.0.2"]], "neighbours": [["10.1.0.2", "72:78:00:00:00:02"]]}})
    };
    let admitted = |name: &str| json!({name: {"filter": filter(), "vteps": ["10.0.0.2", "10.0.0.3"]}});
    session.does(json!([admitted("admit"), entries("put_entries")]));
    pod.sees("bridge fdb add 02:00:00:00:00:01 dev vx0 dst 10.0.0.9");
    let table = json!([{"link": "vx0", "filter": filter()}, {"link": "gone"}]);
    let ask = json!({"do": {"id": 5, "epoch": 1, "session": 1, "ask": {"digests": table, "lists": table}}});
    let told = session.ask(&ask)["done"].clone();
    let lines = format!(
        "00:00:00:00:00:00 10.0.0.2\n00:00:00:00:00:00 10.0.0.3\n10.1.0.2 72:78:00:00:00:02\n72:78:00:00:00:02 10.0.0.2\n{FILTER} 10.0.0.2\n{FILTER} 10.0.0.3"
    );
    let sum = pod.sees(&format!("echo '{lines}' | sha256sum | cut -d ' ' -f 1"));
    assert_eq!(told["digests"], json!([["vx0", sum]]));
    let mut listed = told["lists"][0].clone();
    for list in ["flood", "admitted"] {
        listed[list].as_array_mut().unwrap().sort_by_key(Value::to_string);
    }
    let mut expected = entries("x")["x"].clone();
    expected["admitted"] = json!(["10.0.0.2", "10.0.0.3"]);
    assert_eq!(listed, expected);
    session.does(json!([entries("del_entries"), admitted("expel")]));
    let told = session.ask(&ask)["done"].clone();
    let nothing = json!([{"link": "vx0", "flood": [], "unicast": [], "neighbours": [], "admitted": []}]);
    assert_eq!(told["lists"], nothing);
}

#[test]
fn a_set_with_too_many_elements_is_not_reported() {
    let pod = Pod::new();
    let mut session = pod.session();
    session.run(json!([add_link(), {"put_filter": filter()}]));
    let ask =
        json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"digests": [{"link": "vx0", "filter": filter()}]}}});
    let mut with = |count| {
        let admitted = session.run(json!([{"admit": {"filter": filter(), "vteps": many(count)}}]));
        assert_eq!(admitted["failures"], json!([]));
        session.ask(&ask)["done"].clone()
    };
    assert_eq!(with(65_536)["failures"], json!([]));
    let told = with(70_000);
    assert_eq!((&told["failures"][0]["subject"], &told["digests"]), (&json!("report"), &Value::Null), "{told}");
}

#[test]
fn filters_are_as_nft_would_make_them() {
    let pod = Pod::new();
    let mut session = pod.session();
    let v6 = json!({"vni": 100, "port": 8472, "ipv6": true});
    session.does(
        json!([{"put_filter": filter()}, {"put_filter": v6}, {"admit": {"filter": v6, "vteps": ["fd00::2"]}}, guard()]),
    );
    let list = pod.sees("nft list table inet kube-vxlan-controller");
    let other = Pod::new();
    other.sees(&format!("nft -f - <<'@'\n{}\n@", include_str!("filters.nft")));
    assert_eq!(list, other.sees("nft list table inet kube-vxlan-controller"));
    assert!(list.contains("drop comment"), "{list}");
    session.does(json!([{"del_filter": filter()}, {"set_guard": {"links": []}}]));
    assert_eq!(pod.sees("nft list chains inet | sed -n 's/.*chain \\(.*\\) {/\\1/p'"), "vni100-port8472-ipv6");
    session.does(json!([{"del_filters": {}}]));
    assert_eq!(pod.sees("nft list ruleset"), "");
}

/// Rules of an older agent stay what they are, with their counters and elements: nothing that is let through is dropped
/// meanwhile, since the rules change in one transaction.
#[test]
fn filters_that_nft_made_are_taken_over() {
    let pod = Pod::new();
    pod.sees(&format!("nft -f - <<'@'\n{}\n@", include_str!("filters.nft")));
    let list = pod.sees("nft list table inet kube-vxlan-controller");
    let ask = json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"state": true}}});
    assert_eq!(Pod::new().session().ask(&ask)["done"]["state"]["filters"]["redirects"], json!(true), "without a table");
    let told = pod.session().ask(&ask);
    let mut chains = told["done"]["state"]["filters"]["chains"].as_array().unwrap().clone();
    chains.sort_by_key(Value::to_string);
    let six = "vni100-port8472-ipv6";
    let guarded = json!(["router-advertisements", ["vx0", "vx0", "vx0", "vx1", "vx1", "vx1"]]);
    assert_eq!(json!(chains), json!([guarded, [FILTER, [FILTER]], [six, [six, six, six]]]));
    let v6 = json!({"vni": 100, "port": 8472, "ipv6": true});
    pod.session().does(json!([{"put_filter": filter()}, {"put_filter": v6}, guard()]));
    assert_eq!(pod.sees("nft list table inet kube-vxlan-controller"), list);
}

#[test]
fn a_transaction_is_done_whole_or_not_at_all() {
    let pod = Pod::new();
    let mut session = pod.session();
    let absent = json!({"admit": {"filter": {"vni": 7, "port": 1, "ipv6": false}, "vteps": ["10.0.0.2"]}});
    let failed = session.run(json!([{"put_filter": filter()}, absent, add_link()]));
    assert_eq!((&failed["failures"][0]["op"], &failed["failures"][0]["errno"]), (&json!(1), &json!(2)), "{failed}");
    assert_eq!(pod.sees("nft list ruleset"), "");
    assert_eq!(pod.sees("ip -br link show vx0 | grep -c vx0"), "1");
}

#[test]
fn what_could_not_be_made_is_not_touched() {
    let pod = Pod::new();
    pod.sees("ip link add vx0 type veth peer name vx1");
    let mut session = pod.session();
    let ops = json!([add_link(), {"set_alias": {"link": "vx0", "alias": "prefix/net"}}, {"set_up": {"link": "vx0", "up": true}}]);
    let failed = session.run(ops);
    assert_eq!(failed["failures"].as_array().unwrap().len(), 1, "{failed}");
    assert_eq!((&failed["failures"][0]["op"], &failed["failures"][0]["errno"]), (&json!(0), &json!(17)));
    assert!(!pod.sees("ip -d link show vx0").contains("prefix"));
}

#[test]
fn each_failure_is_told_and_hinders_nothing_else() {
    let pod = Pod::new();
    let mut session = pod.session();
    let gone = json!({"set_mtu": {"link": "gone", "mtu": 1400}});
    let mut ops = vec![gone; 30];
    ops.push(add_link());
    let failed = session.run(json!(ops));
    assert_eq!((failed["failures"].as_array().unwrap().len(), &failed["more"]), (20, &json!(10)));
    assert_eq!(failed["failures"][0]["subject"], "link gone");
    assert_eq!(pod.sees("ip -br link show vx0 | grep -c vx0"), "1");
}

/// Different addresses, from `10.9.0.0` on.
fn many(count: u32) -> Vec<String> {
    (0..count).map(|number| Ipv4Addr::from_bits(0x0a09_0000 + number).to_string()).collect()
}

/// The kernel tells of each message that it refuses, and drops what the socket has no place for.
#[test]
fn many_refusals_in_one_operation_end_nothing() {
    let pod = Pod::new();
    let mut session = pod.session();
    session.run(json!([add_link()]));
    let absent = json!({"link": "vx0", "flood": many(1000),
        "neighbours": many(1000).iter().map(|ip| json!([ip, "72:78:00:00:00:02"])).collect::<Vec<_>>()});
    let set_mtu = json!({"set_mtu": {"link": "vx0", "mtu": 1400}});
    assert_eq!(session.run(json!([{"del_entries": absent}, set_mtu]))["failures"], json!([]));
    assert_eq!(pod.sees("cat /sys/class/net/vx0/mtu"), "1400");

    let foreign = |number: u32| format!("fd00::{number:x}");
    let mut flood = many(500);
    flood.extend((1..=700).map(foreign));
    let gone = json!({"set_mtu": {"link": "gone", "mtu": 1400}});
    let failed = session
        .run(json!([{"set_up": {"link": "vx0", "up": true}}, {"put_entries": {"link": "vx0", "flood": flood}}, gone]));
    let failures = failed["failures"].as_array().unwrap();
    assert_eq!((failures.len(), &failed["more"]), (20, &json!(681)), "{failed}");
    for (failure, number) in failures.iter().zip(1..) {
        let subject = format!("entry 00:00:00:00:00:00 to {}", foreign(number));
        let errno = json!(97); // EAFNOSUPPORT
        assert_eq!((&failure["op"], &failure["subject"], &failure["errno"]), (&json!(1), &json!(subject), &errno));
    }
    assert_eq!(pod.sees("bridge fdb show dev vx0 | grep -c 'dst 10.9.'"), "500");
}

#[test]
fn a_pod_with_a_user_namespace_takes_as_much_at_once() {
    let pod = Pod::new();
    let mut command = pod.command("unshare");
    let set_up = "ip link add eth0 type veth peer name peer0 && ip address add 10.100.0.1/24 dev eth0 && exec \"$@\"";
    command.args(["--user", "--map-root-user", "--net", "sh", "-c", set_up, "sh", AGENT, "session"]);
    let six = json!({"vni": 100, "port": 8472, "ipv6": true});
    let vteps: Vec<_> = (1..10_000).map(|number| format!("fd00::{number:x}")).collect();
    let ops = json!([{"put_filter": six}, {"admit": {"filter": six, "vteps": vteps}}, add_link(),
        {"put_entries": {"link": "vx0", "flood": many(5000)}}]);
    assert_eq!(Pod::start(command).run(ops)["failures"], json!([]));
}

#[test]
fn what_comes_too_late_changes_nothing() {
    let pod = Pod::new();
    let at =
        |epoch: u64, session: u64| json!({"do": {"id": 9, "epoch": epoch, "session": session, "ops": [add_link()]}});
    let mark = json!({"do": {"id": 1, "epoch": 7, "session": 3, "mark": true}});
    assert_eq!(pod.session().ask(&mark)["done"]["failures"], json!([]));
    assert_eq!(pod.sees("cat /sys/class/net/lo/ifalias"), "complete 7 3");
    for (epoch, number) in [(6, 9), (7, 2)] {
        let refused = pod.session().ask(&at(epoch, number))["refused"].clone();
        assert_eq!((&refused["id"], &refused["reason"], &refused["epoch"]), (&json!(9), &json!("fenced"), &json!(7)));
    }
    assert_eq!(pod.sees("ip -br link show type vxlan"), "");
    assert_eq!(pod.session().ask(&at(7, 4))["done"]["failures"], json!([]));
    assert_eq!(pod.sees("cat /sys/class/net/lo/ifalias"), "complete 7 4");
}

#[test]
fn the_marker_is_not_set_where_something_failed() {
    let pod = Pod::new();
    let gone = json!({"set_mtu": {"link": "gone", "mtu": 1400}});
    pod.session().ask(&json!({"do": {"id": 1, "epoch": 1, "session": 1, "mark": true, "ops": [gone]}}));
    assert_eq!(pod.sees("cat /sys/class/net/lo/ifalias"), "pending 1 1");
}

#[test]
fn a_marker_of_somebody_elses_gives_way() {
    for marker in ["x".repeat(254), "completed".into(), String::new()] {
        let pod = Pod::new();
        pod.sees(&format!("ip link set lo alias '{marker}'"));
        assert_eq!(pod.session().run(json!([add_link()]))["failures"], json!([]));
        assert_eq!(pod.sees("cat /sys/class/net/lo/ifalias"), "pending 1 1");
        let mark = json!({"do": {"id": 1, "epoch": 1, "session": 1, "mark": true}});
        assert_eq!(pod.session().ask(&mark)["done"]["failures"], json!([]));
        assert_eq!(pod.sees("cat /sys/class/net/lo/ifalias"), "complete 1 1");
    }
}

#[test]
fn an_agent_without_its_capability_says_so_and_does_nothing() {
    let pod = Pod::new();
    let mut command = pod.command("setpriv");
    command.args(["--bounding-set=-net_admin", "--inh-caps=-net_admin", AGENT, "session"]);
    let request = json!({"do": {"id": 1, "epoch": 1, "session": 1, "ops": [add_link()]}});
    let refused = Pod::start(command).ask(&request)["refused"].clone();
    assert_eq!(refused["reason"], json!("kernel"), "{refused}");
    assert!(refused["message"].as_str().unwrap().contains("lacks the capability NET_ADMIN"), "{refused}");
}

#[test]
fn a_request_that_is_cut_off_changes_nothing() {
    let pod = Pod::new();
    let mut session = pod.session();
    let line = json!({"do": {"id": 1, "epoch": 1, "session": 1, "ops": [add_link()]}}).to_string();
    session.send(&line);
    session.input = None;
    assert!(session.process.wait().unwrap().success());
    assert_eq!(pod.sees("ip -br link show type vxlan"), "");
}

#[test]
fn a_pod_without_ipv6_is_served_too() {
    let pod = Pod::new();
    pod.sees("mount -o remount,rw /proc/sys 2>/dev/null; sysctl -w net.ipv6.conf.all.disable_ipv6=1");
    let mut session = pod.session();
    assert_eq!(session.run(json!([add_link(), {"set_up": {"link": "vx0", "up": true}}]))["failures"], json!([]));
    let failed = session.run(json!([{"put_address": {"link": "vx0", "address": "fd01::1/64"}}]));
    assert_eq!(failed["failures"][0]["subject"], "address fd01::1/64", "{failed}");
    let told = session.ask(&json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"state": true}}}));
    assert_eq!(told["done"]["failures"], json!([]));
    assert!(told["done"]["state"]["without_ipv6"].as_array().unwrap().contains(&json!("vx0")), "{told}");
}

#[test]
fn state_is_printed_for_people() {
    let pod = Pod::new();
    pod.session()
        .run(json!([add_link(), {"put_filter": filter()}, {"put_entries": {"link": "vx0", "flood": ["10.0.0.2"]}}]));
    let output = pod.command(AGENT).arg("state").output().unwrap();
    let state: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(state["agent"], agent::VERSION);
    assert_eq!(state["qdiscs"], json!(true));
    assert_eq!(state["entries"][0]["flood"], json!(["10.0.0.2"]));
    assert_eq!(state["filters"]["chains"], json!([[FILTER, [FILTER]]]));
    assert_eq!(state["foreign"][0]["to"], "10.100.0.0/24");
}

#[test]
fn state_tells_what_was_counted() {
    let pod = Pod::new();
    let table = "inet kube-vxlan-controller";
    pod.sees(&format!("nft 'add table {table}; add counter {table} {FILTER} {{ packets 7 bytes 700 }}'"));
    pod.sees("bash -c 'echo >/dev/udp/127.0.0.1/9'");
    let output = pod.command(AGENT).args(["state", "lo"]).output().unwrap();
    let state: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(state["dropped"], json!([[FILTER, 7]]));
    // A datagram, and the word that nobody listens there.
    let counters = json!([{"link": "lo", "received": 2, "sent": 2, "receive_drops": 0, "send_drops": 0}]);
    assert_eq!(state["counters"], counters);
}

#[test]
fn state_of_one_device_fails_where_it_is_not_there() {
    let pod = Pod::new();
    let output = pod.command(AGENT).args(["state", "eth0"]).output().unwrap();
    let state: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(state["devices"].as_array().unwrap().len(), 1);
    assert_eq!(state["devices"][0]["name"], "eth0");
    assert!(!pod.command(AGENT).args(["state", "vx0"]).output().unwrap().status.success());
}

#[test]
fn a_pod_has_joined_once_an_interface_of_ours_is_up() {
    let pod = Pod::new();
    let joined = || pod.command(AGENT).arg("joined").status().unwrap().success();
    pod.session().run(json!([add_link(), {"set_alias": {"link": "vx0", "alias": "prefix/net"}}]));
    assert!(!joined());
    pod.session().run(json!([{"set_up": {"link": "vx0", "up": true}}]));
    assert!(joined());
    pod.sees("ip link set vx0 alias other");
    assert!(!joined());
}

#[test]
fn a_pod_is_let_go_by_hand_and_obeys_any_controller_afterwards() {
    let pod = Pod::new();
    pod.session().ask(&json!({"do": {"id": 1, "epoch": 7, "session": 3}}));
    let mut ready = pod.command(AGENT).arg("ready").spawn().unwrap();
    assert!(pod.command(AGENT).arg("complete").status().unwrap().success());
    assert!(ready.wait().unwrap().success());
    assert_eq!(pod.sees("cat /sys/class/net/lo/ifalias"), "complete");
    assert_eq!(pod.session().run(json!([add_link()]))["failures"], json!([]));
}
