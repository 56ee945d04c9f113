package main

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"time"
)

const firstRequests = 1000

// start measures a new process on the cores that its command asks for; it is killed in the end.
func start(s settings) (map[string]any, error) {
	command := exec.Command(s.command[0], s.command[1:]...)
	command.Stdout, command.Stderr = os.Stderr, os.Stderr
	begun := time.Now()
	if err := command.Start(); err != nil {
		return nil, err
	}
	defer func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	}()
	s.pid = command.Process.Pid
	probe := &http.Client{Timeout: time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	for !isReady(probe, s.ready) {
		if time.Since(begun) > time.Minute {
			return nil, fmt.Errorf("%s: not ready after a minute", s.command)
		}
		time.Sleep(2 * time.Millisecond)
	}
	ready := time.Since(begun)
	used, err := cpu(s.pid)
	if err != nil {
		return nil, err
	}
	s.requests = firstRequests
	figures, err := closed(s)
	if err == nil {
		figures["ready_ms"] = ready.Seconds() * 1000
		figures["ready_cpu"] = used
	}
	return figures, err
}

func isReady(client *http.Client, url string) bool {
	answer, err := client.Get(url)
	if err != nil {
		return false
	}
	_ = answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// cpu is what a process has used, in seconds; 0 for none.
func cpu(pid int) (float64, error) {
	if pid == 0 {
		return 0, nil
	}
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, err
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	sum := 0.0
	for _, field := range fields[11:13] {
		ticks, err := strconv.ParseFloat(string(field), 64)
		if err != nil {
			return 0, err
		}
		sum += ticks / 100
	}
	return sum, nil
}
