//! `agent echo` and `agent probe` with each other, over the loopback.

use serde_json::Value;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};

const AGENT: &str = env!("CARGO_BIN_EXE_agent");
const TOKEN: &str = "0123456789abcdef";

fn echo(address: &str) -> (Child, u64, impl BufRead) {
    let mut echo = Command::new(AGENT)
        .args(["echo", address, TOKEN])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut output = BufReader::new(echo.stdout.take().unwrap());
    let mut line = String::new();
    output.read_line(&mut line).unwrap();
    let port = serde_json::from_str::<Value>(&line).unwrap()["port"].as_u64().unwrap();
    (echo, port, output)
}

fn probe(address: &str, port: u64, token: &str) -> Value {
    let output = Command::new(AGENT)
        .args(["probe", address, address, &port.to_string(), token, "3", "1", "1400"])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

#[test]
fn every_packet_is_answered_and_counted() {
    let (mut echo, port, mut output) = echo("127.0.0.1");

    let found = probe("127.0.0.1", port, TOKEN);

    assert_eq!(found["sent"], 3);
    assert_eq!(found["answered"], 3);
    assert_eq!(found["rttMicros"].as_array().unwrap().len(), 3);
    assert_eq!(found["forwardBytes"], 1400);
    assert_eq!(found["backwardBytes"], 1400);
    drop(echo.stdin.take());
    let mut rest = String::new();
    output.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "{\"received\":3}\n");
    assert!(echo.wait().unwrap().success());
}

#[test]
fn a_probe_with_another_token_is_not_answered() {
    let (mut echo, port, _output) = echo("127.0.0.1");

    let found = probe("127.0.0.1", port, "fedcba9876543210");

    assert_eq!(found["answered"], 0);
    assert_eq!(found["forwardBytes"], 0);
    echo.kill().unwrap();
    echo.wait().unwrap();
}
