//! Port security: what nft would make of it, and what it reports.

use super::{Pod, filter};
use serde_json::{Value, json};

const SCRIPT: &str = include_str!("security.nft");

fn six() -> Value {
    json!({"vni": 100, "port": 8472, "ipv6": true})
}

fn senders(ipv6: bool) -> Value {
    let (own, other) = if ipv6 { ("fd00::2", "fd00::3") } else { ("10.0.0.2", "10.0.0.3") };
    json!({"filter": if ipv6 { six() } else { filter() }, "exempt": [other], "macs": [[own, "72:78:00:00:00:02"]],
        "ips": [[own, "10.1.0.2"], [own, "fe80::7078:ff:fe00:2"]]})
}

fn all() -> Value {
    json!([{"put_security": {"filter": filter(), "mode": "on"}}, {"put_security": {"filter": six(), "mode": "log"}},
        {"permit": senders(false)}, {"permit": senders(true)}])
}

#[test]
fn it_is_as_nft_would_make_it() {
    let (pod, other) = (Pod::new(), Pod::new());
    let mut session = pod.session();
    session.does(all());
    let shown = "nft list table inet kube-vxlan-controller";
    assert_eq!(other.sees(&format!("nft -f - <<'@' 2>&1\n{SCRIPT}\n@")), "");
    let list = pod.sees(shown);
    assert_eq!(list, other.sees(shown));
    assert!(list.contains("goto") && list.contains("0x727800000002"), "{list}");
    session.does(json!([{"del_security": filter()}]));
    assert!(!pod.sees(shown).contains("ipv4-"), "{}", pod.sees(shown));
    session.does(json!([{"forbid": senders(true)}]));
    assert!(!pod.sees(shown).contains("elements"), "{}", pod.sees(shown));
    session.does(json!([{"del_security": six()}]));
    assert!(!pod.sees(shown).contains("vni"), "{}", pod.sees(shown));
}

#[test]
fn what_nft_made_is_reported_and_taken_over() {
    let pod = Pod::new();
    pod.sees("ip link add vx0 type vxlan id 100 dstport 8472 dev eth0");
    pod.sees(&format!("nft -f - <<'@'\n{SCRIPT}\n@"));
    let list = pod.sees("nft list table inet kube-vxlan-controller");
    let mut session = pod.session();
    let table = json!([{"link": "vx0", "filter": filter()}]);
    let ask = json!({"state": true, "digests": table, "lists": table});
    let told = session.ask(&json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": ask}}))["done"].clone();
    assert_eq!(told["failures"], json!([]));
    let own = senders(false);
    for part in ["exempt", "macs", "ips"] {
        assert_eq!(told["lists"][0][part], own[part], "{told}");
    }
    let name = "vni100-port8472-ipv4";
    let lines = format!(
        "{name}-exempt 10.0.0.3\n{name}-ipv4 10.0.0.2 0xa010002\n\
         {name}-ipv6 10.0.0.2 0xfe80000000000000707800fffe000002\n{name}-mac 10.0.0.2 0x727800000002"
    );
    let sum = pod.sees(&format!("echo '{lines}' | sha256sum | cut -d ' ' -f 1"));
    assert_eq!(told["digests"], json!([["vx0", sum]]));
    let filters = &told["state"]["filters"];
    assert_eq!((&filters["security"], &filters["redirects"]), (&json!(true), &json!(true)));
    let gate = filters["chains"].as_array().unwrap().iter().find(|chain| chain[0] == format!("{name}-security"));
    assert_eq!(gate, Some(&json!([format!("{name}-security"), ["security=on"]])));
    assert_eq!(filters["caught"], json!([]));
    session.does(all());
    assert_eq!(pod.sees("nft list table inet kube-vxlan-controller"), list);
}

#[test]
fn one_more_sender_reads_no_table() {
    let pod = Pod::new();
    pod.session().run(all());
    let seen = super::cost::calls(
        &pod,
        &json!({"do": {"id": 1, "epoch": 1, "session": 1, "ops": [{"permit": senders(false)}]}}),
    );
    assert!(!super::cost::has_dump(&seen), "{seen:#?}");
}
