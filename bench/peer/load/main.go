// Command load sends reviews to a webhook and prints what it measured as JSON on one line.
//
//	load closed -address A -connections 16 -seconds 4 FILE...   each connection sends its next request at once
//	load open -address A -rate 500 -seconds 6 FILE...           requests at fixed times; late ones count from their time
//	load bursts -address A -connections 128 -seconds 4 FILE...  new connections, all at once, each with one request
//	load start -address A -ready URL FILE... -- COMMAND...      a new process until it is ready, its first 1,000 requests
//
// CPU is utime and stime of the process -pid.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"
)

type settings struct {
	address     string
	ready       string
	connections int
	rate        float64
	length      time.Duration
	requests    int
	pid         int
	bodies      [][]byte
	command     []string
}

func main() {
	if err := run(os.Args[1], os.Args[2:]); err != nil {
		fmt.Fprintln(os.Stderr, "load:", err)
		os.Exit(1)
	}
}

func run(kind string, arguments []string) error {
	var s settings
	flags := flag.NewFlagSet(kind, flag.ExitOnError)
	flags.StringVar(&s.address, "address", "", "host and port")
	flags.StringVar(&s.ready, "ready", "", "URL of the readiness probe")
	flags.IntVar(&s.connections, "connections", 16, "open at once")
	flags.Float64Var(&s.rate, "rate", 0, "requests a second")
	flags.IntVar(&s.requests, "requests", 0, "end after so many, not after -seconds")
	flags.IntVar(&s.pid, "pid", 0, "the server's")
	seconds := flags.Float64("seconds", 4, "how long")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	s.length = time.Duration(*seconds * float64(time.Second))
	files := flags.Args()
	if end := slices.Index(files, "--"); end >= 0 {
		files, s.command = files[:end], files[end+1:]
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		s.bodies = append(s.bodies, request(s.address, body))
	}
	measure := map[string]func(settings) (map[string]any, error){
		"closed": closed, "open": open, "bursts": bursts, "start": start,
	}[kind]
	if measure == nil {
		return fmt.Errorf("%s: allowed: closed, open, bursts, start", kind)
	}
	figures, err := measure(s)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(figures)
}

// measured runs one worker for each connection, and sums up what they took and what the server used meanwhile.
func measured(s settings, worker func(number int, seen *sample)) (map[string]any, error) {
	before, err := cpu(s.pid)
	if err != nil {
		return nil, err
	}
	samples := make([]sample, s.connections)
	begun := time.Now()
	var group sync.WaitGroup
	for number := range s.connections {
		group.Go(func() { worker(number, &samples[number]) })
	}
	group.Wait()
	took := time.Since(begun)
	after, err := cpu(s.pid)
	if err != nil {
		return nil, err
	}
	var all sample
	for _, each := range samples {
		all.times = append(all.times, each.times...)
		all.failures = append(all.failures, each.failures...)
	}
	if len(all.times) == 0 {
		return nil, fmt.Errorf("no request was answered: %v", all.failures)
	}
	figures := all.figures()
	figures["seconds"] = took.Seconds()
	figures["rate"] = float64(len(all.times)) / took.Seconds()
	figures["cpu_ms"] = (after - before) * 1000 / float64(len(all.times))
	return figures, nil
}

type sample struct {
	times    []time.Duration
	failures []error
}

func (s *sample) add(took time.Duration, err error) {
	if err != nil {
		s.failures = append(s.failures, err)
		return
	}
	s.times = append(s.times, took)
}

func (s *sample) figures() map[string]any {
	slices.Sort(s.times)
	at := func(share float64) float64 {
		return float64(s.times[min(len(s.times)-1, int(share*float64(len(s.times))))].Microseconds()) / 1000
	}
	figures := map[string]any{
		"requests": len(s.times), "failed": len(s.failures),
		"p50": at(.5), "p99": at(.99), "p999": at(.999), "max": at(1),
	}
	if len(s.failures) > 0 {
		figures["failure"] = s.failures[0].Error()
	}
	return figures
}
