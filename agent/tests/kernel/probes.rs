//! Echoes and probes of a session over real links: two members whose underlay is a bridge, which can be made narrow.

use super::{Pod, Session, bridged};
use serde_json::{Value, json};
use std::time::Instant;

const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const OTHER: &str = "fedcba9876543210fedcba9876543210";

struct Segment {
    hub: Pod,
    members: Vec<Pod>,
}

impl Segment {
    fn new() -> Segment {
        let (hub, members) = bridged(2);
        let segment = Segment { hub, members };
        for number in 1..=2 {
            let member = segment.member(number);
            let other = 3 - number;
            let made = member.session().run(json!([
                {"add_link": {"link": "vx0", "mac": format!("72:78:00:00:00:0{number}"), "vni": 100, "port": 8472,
                    "local": format!("10.100.0.{number}"), "dev": "eth0", "mtu": 1450}},
                {"set_alias": {"link": "vx0", "alias": "vxlan.travelping.com/lab"}},
                {"set_up": {"link": "vx0", "up": true}},
                {"put_address": {"link": "vx0", "address": format!("10.1.0.{number}/24")}},
                {"put_address": {"link": "vx0", "address": format!("fd01::{number}/64")}},
                {"put_entries": {"link": "vx0", "flood": [format!("10.100.0.{other}")],
                    "unicast": [[format!("72:78:00:00:00:0{other}"), format!("10.100.0.{other}")]]}}]));
            assert_eq!(made["failures"], json!([]));
        }
        segment
    }

    fn member(&self, number: usize) -> &Pod {
        &self.members[number - 1]
    }

    /// A frame that is longer than the MTU of the device that receives it, and a tag's length, is dropped.
    fn is_narrowed(&self, there: u32, back: u32) {
        self.member(2).sees(&format!("ip link set eth0 mtu {there}"));
        self.hub.sees(&format!("ip link set p2 mtu {back}"));
    }
}

fn echo_of(session: &mut Session, token: &str, seconds: u32) -> Value {
    session.ask(&json!({"echo": {"id": 7, "link": "vx0", "address": "10.1.0.2", "from": "10.1.0.1", "token": token,
        "seconds": seconds}}))
}

fn port_of(echo: &Value) -> u64 {
    assert_eq!((&echo["echoing"]["id"], &echo["echoing"]["mtu"]), (&json!(7), &json!(1450)), "{echo}");
    echo["echoing"]["port"].as_u64().unwrap()
}

fn probe(session: &mut Session, port: u64, token: &str) -> Value {
    let answer = session.ask(&json!({"probe": {"id": 8, "link": "vx0", "from": "10.1.0.1", "to": "10.1.0.2",
        "port": port, "token": token, "bytes": 9000}}));
    assert_eq!(answer["probed"]["id"], 8, "{answer}");
    answer["probed"].clone()
}

fn probed(segment: &Segment) -> Value {
    let mut echo = segment.member(2).session();
    let port = port_of(&echo_of(&mut echo, TOKEN, 4));
    probe(&mut segment.member(1).session(), port, TOKEN)
}

#[test]
fn a_sound_path_carries_the_full_size_both_ways() {
    let segment = Segment::new();

    let found = probed(&segment);

    assert_eq!(found["bytes"], 1450, "{found}");
    assert_eq!((&found["sent"], &found["answered"]), (&json!(3), &json!(3)), "{found}");
    assert_eq!(found["rtt_micros"].as_array().unwrap().len(), 3);
    assert_eq!((&found["forward_bytes"], &found["backward_bytes"]), (&json!(1450), &json!(1450)), "{found}");
    assert_eq!((&found["bad_checksums"], &found["peer_bad_checksums"]), (&json!(0), &json!(0)), "{found}");
}

#[test]
fn ipv6_is_measured_too() {
    let segment = Segment::new();
    let mut echo = segment.member(2).session();
    let port = port_of(&echo.ask(&json!({"echo": {"id": 7, "link": "vx0", "address": "fd01::2", "from": "fd01::1",
        "token": TOKEN, "seconds": 4}})));

    let found = segment.member(1).session().ask(&json!({"probe": {"id": 8, "link": "vx0", "from": "fd01::1",
        "to": "fd01::2", "port": port, "token": TOKEN, "bytes": 1450}}))["probed"]
        .clone();

    assert_eq!((&found["answered"], &found["forward_bytes"]), (&json!(3), &json!(1450)), "{found}");
}

#[test]
fn the_real_size_of_a_narrow_path_is_found_and_is_right_again_afterwards() {
    let segment = Segment::new();
    let sizes = |found: &Value| (found["forward_bytes"].as_u64().unwrap(), found["backward_bytes"].as_u64().unwrap());

    segment.is_narrowed(1396, 1500);
    let there = probed(&segment);
    segment.is_narrowed(1500, 1296);
    let back = probed(&segment);
    segment.is_narrowed(1500, 1500);
    let wide = probed(&segment);

    assert_eq!((there["answered"].as_u64(), sizes(&there)), (Some(3), (1350, 1450)), "{there}");
    assert_eq!(sizes(&back), (1450, 1250), "{back}");
    assert_eq!(sizes(&wide), (1450, 1450), "{wide}");
}

#[test]
fn a_cut_path_answers_nothing_and_ends_the_probe() {
    let segment = Segment::new();
    segment.hub.sees("ip link set p2 down");

    let found = probed(&segment);

    assert_eq!((&found["answered"], &found["forward_bytes"]), (&json!(0), &json!(0)), "{found}");
}

#[test]
fn broken_checksums_of_both_ends_are_counted() {
    let segment = Segment::new();
    let mut echo = segment.member(2).session();
    let port = port_of(&echo_of(&mut echo, TOKEN, 4));
    // A packet to the echo's own port, whose checksum is wrong.
    let broken = format!(
        "import socket,struct
s=socket.socket(socket.AF_INET,socket.SOCK_RAW,socket.IPPROTO_UDP)
s.sendto(struct.pack('!HHHH',4444,{port},12,1)+b'oops',('10.1.0.2',0))"
    );
    let script = segment.member(1).command("python3").args(["-c", &broken]).output().unwrap();
    assert!(script.status.success(), "{script:?}");

    let found = probe(&mut segment.member(1).session(), port, TOKEN);

    assert_eq!((&found["answered"], &found["peer_bad_checksums"]), (&json!(3), &json!(1)), "{found}");
}

#[test]
fn a_stranger_gets_no_answer() {
    let segment = Segment::new();
    let mut echo = segment.member(2).session();
    let port = port_of(&echo_of(&mut echo, TOKEN, 4));
    let mut session = segment.member(1).session();

    assert_eq!(probe(&mut session, port, OTHER)["answered"], 0, "another token");
    segment.member(1).sees("ip address add 10.1.0.9/24 dev vx0");
    let from_another = session.ask(&json!({"probe": {"id": 8, "link": "vx0", "from": "10.1.0.9", "to": "10.1.0.2",
        "port": port, "token": TOKEN, "bytes": 1450}}));
    assert_eq!(from_another["probed"]["answered"], 0, "another address");
    assert_eq!(probe(&mut session, port, TOKEN)["answered"], 3);
}

#[test]
fn nothing_is_open_outside_the_segment() {
    let segment = Segment::new();
    let mut echo = segment.member(2).session();
    let port = port_of(&echo_of(&mut echo, TOKEN, 4));

    let listening = segment.member(2).sees("ss -Hlunp");
    assert!(listening.contains(&format!("10.1.0.2%vx0:{port}")), "{listening}");
    segment.member(1).sees("ip route add 10.1.0.2/32 via 10.100.0.2 dev eth0; ip link set vx0 down");
    let outside = segment
        .member(1)
        .command("python3")
        .args([
            "-c",
            &format!(
                "import socket
s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.bind(('0.0.0.0',0)); s.settimeout(0.5)
s.sendto(b'{TOKEN}00000001002c',('10.1.0.2',{port}))
try: print(s.recv(99))
except OSError: print('nothing')"
            ),
        ])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&outside.stdout).trim(), "nothing");
    for (link, address) in [("eth0", "10.100.0.2"), ("vx0", "10.100.0.2"), ("lo", "127.0.0.1"), ("vx9", "10.1.0.2")] {
        let refused = echo.ask(&json!({"echo": {"id": 7, "link": link, "address": address, "from": "10.1.0.1",
            "token": TOKEN, "seconds": 4}}));
        assert_eq!(refused["refused"]["reason"], "kernel", "{link} {address}: {refused}");
    }
    segment.member(2).sees("ip link set vx0 alias somebody");
    assert_eq!(echo_of(&mut echo, TOKEN, 4)["refused"]["reason"], "kernel", "a link that is not ours");
}

#[test]
fn echoes_are_few_end_by_themselves_and_with_the_session() {
    let segment = Segment::new();
    let mut session = segment.member(2).session();
    let sockets = || segment.member(2).sees("ss -Hlun | grep -c %vx0");
    for _ in 0..16 {
        port_of(&echo_of(&mut session, TOKEN, 10));
    }
    assert_eq!(sockets(), "16");
    assert_eq!(echo_of(&mut session, TOKEN, 10)["refused"]["reason"], "busy");
    assert_eq!(session.run(json!([]))["failures"], json!([]), "the session goes on");
    drop(session);
    assert_eq!(sockets(), "0");

    let mut session = segment.member(2).session();
    port_of(&echo_of(&mut session, TOKEN, 1));
    let begun = Instant::now();
    while sockets() != "0" {
        assert!(begun.elapsed().as_secs() < 30, "the echo does not end");
    }
    for seconds in [0, 11, 255] {
        assert_eq!(echo_of(&mut session, TOKEN, seconds)["refused"]["reason"], "malformed", "{seconds}");
    }
    assert_eq!(echo_of(&mut session, "short", 1)["refused"]["reason"], "malformed");
}

#[test]
fn an_echo_ends_with_its_probe_and_makes_room_while_others_wait_for_theirs() {
    let segment = Segment::new();
    let mut session = segment.member(2).session();
    let sockets = || segment.member(2).sees("ss -Hlun | grep %vx0 | sed 's/.*vx0:\\([0-9]*\\).*/\\1/'");
    let waiting = port_of(&echo_of(&mut session, OTHER, 10));
    let port = port_of(&echo_of(&mut session, TOKEN, 10));
    assert_eq!(sockets().lines().count(), 2);

    probe(&mut segment.member(1).session(), port, TOKEN);
    let begun = Instant::now();
    while sockets().lines().count() == 2 {
        assert!(begun.elapsed().as_secs() < 30, "the echo does not end");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }

    assert_eq!(sockets(), waiting.to_string());
}

#[test]
fn a_hello_says_that_this_agent_knows_probes() {
    let pod = Pod::new();
    let hello = pod.session().ask(&json!({"hello": {"protocol": 1}}));
    assert_eq!(hello["hello"]["probes"], json!(true), "{hello}");
}
