package main

import (
	"sync/atomic"
	"time"
)

func closed(s settings) (map[string]any, error) {
	end := time.Now().Add(s.length)
	var sent atomic.Int64
	isOver := func() bool { return time.Now().After(end) }
	if s.requests > 0 {
		isOver = func() bool { return sent.Load() >= int64(s.requests) }
	}
	return measured(s, func(number int, seen *sample) {
		session := &session{address: s.address}
		defer session.close()
		for i := number; !isOver() && len(seen.failures) < 10; i++ {
			begun := time.Now()
			err := session.post(s.bodies[i%len(s.bodies)])
			seen.add(time.Since(begun), err)
			sent.Add(1)
		}
	})
}

// open keeps to its times whether or not answers come: a request that had to wait for a connection counts from the
// time it was due, so that a server that stands still for a while is not spared the requests of that while.
func open(s settings) (map[string]any, error) {
	sessions := make([]session, s.connections)
	for i := range sessions {
		sessions[i].address = s.address
		if err := sessions[i].post(s.bodies[0]); err != nil {
			return nil, err
		}
		defer sessions[i].close()
	}
	var next atomic.Int64
	begun := time.Now().Add(10 * time.Millisecond)
	last := int64(s.rate * s.length.Seconds())
	return measured(s, func(number int, seen *sample) {
		for {
			i := next.Add(1) - 1
			if i >= last {
				return
			}
			due := begun.Add(time.Duration(float64(i) / s.rate * float64(time.Second)))
			time.Sleep(time.Until(due))
			err := sessions[number].post(s.bodies[int(i)%len(s.bodies)])
			seen.add(time.Since(due), err)
		}
	})
}

// bursts opens all connections at once, every half a second at most, and closes them after one request each.
func bursts(s settings) (map[string]any, error) {
	begun := time.Now()
	count := int(s.length / (500 * time.Millisecond))
	return measured(s, func(number int, seen *sample) {
		for i := range count {
			due := begun.Add(time.Duration(i) * 500 * time.Millisecond)
			time.Sleep(time.Until(due))
			session := &session{address: s.address}
			err := session.post(s.bodies[number%len(s.bodies)])
			seen.add(time.Since(due), err)
			session.close()
		}
	})
}
