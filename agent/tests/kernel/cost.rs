//! What a change costs the kernel and the machine, seen by its system calls.

use super::{AGENT, Pod, Session, add_link, filter};
use serde_json::{Value, json};
use std::fs;

const DUMP: u16 = 0x300; // NLM_F_ROOT and NLM_F_MATCH

/// What `strace` saw of a session that was asked that, a call a line, bytes in hexadecimal.
pub fn calls(pod: &Pod, line: &Value) -> Vec<String> {
    let file = pod.sees("mktemp");
    let mut command = pod.command("strace");
    command.args([
        "-f",
        "-qq",
        "-xx",
        "-s",
        "16",
        "-e",
        "trace=write,sendto,sendmsg,process",
        "-o",
        &file,
        AGENT,
        "session",
    ]);
    let mut session: Session = Pod::start(command);
    let done = session.ask(line);
    assert_eq!(done["done"]["failures"], json!([]), "{done}");
    drop(session);
    let seen = fs::read_to_string(&file).unwrap();
    fs::remove_file(&file).unwrap();
    seen.lines().map(str::to_string).collect()
}

/// The flags of the first message of each that was written to a socket; answers go to descriptor 1.
fn flags(calls: &[String]) -> Vec<u16> {
    let written = calls.iter().filter_map(|call| call.split_once("write(").map(|(_, rest)| rest));
    written
        .filter(|rest| !rest.starts_with("1,"))
        .map(|rest| {
            let text = rest.split('"').nth(1).unwrap_or_default();
            let bytes: Vec<u8> = text.split("\\x").skip(1).map(|byte| u8::from_str_radix(byte, 16).unwrap()).collect();
            u16::from_ne_bytes([bytes[6], bytes[7]])
        })
        .collect()
}

pub fn has_dump(calls: &[String]) -> bool {
    flags(calls).iter().any(|flags| flags & DUMP == DUMP)
}

fn processes(calls: &[String]) -> usize {
    calls.iter().filter(|call| ["execve(", "fork(", "clone(", "clone3("].iter().any(|name| call.contains(name))).count()
}

#[test]
fn one_more_peer_and_one_less_start_no_process_and_read_no_table() {
    let pod = Pod::new();
    pod.session().run(json!([add_link(), {"put_filter": filter()}]));
    let peer = json!({"link": "vx0", "flood": ["10.0.0.2"], "unicast": [["72:78:00:00:00:02", "10.0.0.2"]]});
    let vteps = json!({"filter": filter(), "vteps": ["10.0.0.2"]});
    for ops in [json!([{"admit": vteps}, {"put_entries": peer}]), json!([{"del_entries": peer}, {"expel": vteps}])] {
        let seen = calls(&pod, &json!({"do": {"id": 1, "epoch": 1, "session": 1, "ops": ops}}));
        assert_eq!(processes(&seen), 1, "the agent's own: {seen:#?}");
        assert!(flags(&seen).len() > 2 && !has_dump(&seen), "{seen:#?}");
    }
    let whole = calls(&pod, &json!({"do": {"id": 1, "epoch": 1, "session": 1, "ask": {"state": true}}}));
    assert!(has_dump(&whole), "a state is a dump: {whole:#?}");
}
