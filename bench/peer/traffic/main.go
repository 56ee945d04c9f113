// Command traffic makes traffic between two network namespaces and measures it.
//
//	traffic serve PORT                 takes TCP and UDP on all addresses, until it is ended
//	traffic tcp ADDRESS DURATION      prints bytes a second that the server took
//	traffic udp ADDRESS DURATION SIZE prints datagrams a second that the server took
//	traffic send COUNT ADDRESS...     sends so many datagrams to each, which nobody has to answer
//	traffic ping ADDRESS COUNT        prints the median and the 99th percentile of a round trip, in microseconds
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// The first byte of a datagram says what it is.
const (
	sink  = 's'
	echo  = 'e'
	count = 'c'
)

const (
	mostDatagram = 1 << 16
	warmUp       = 100
	patience     = 2 * time.Second
)

func main() {
	words := os.Args[1:]
	switch {
	case len(words) == 2 && words[0] == "serve":
		serve(words[1])
	case len(words) == 3 && words[0] == "tcp":
		tcp(words[1], duration(words[2]))
	case len(words) == 4 && words[0] == "udp":
		udp(words[1], duration(words[2]), number(words[3]))
	case len(words) > 2 && words[0] == "send":
		send(number(words[1]), words[2:])
	case len(words) == 3 && words[0] == "ping":
		pingPong(words[1], number(words[2]))
	default:
		log.Fatal("usage: traffic serve PORT | tcp ADDRESS DURATION | udp ADDRESS DURATION SIZE | send COUNT ADDRESS... | ping ADDRESS COUNT")
	}
}

func duration(word string) time.Duration { return must(time.ParseDuration(word)) }

func number(word string) int { return must(strconv.Atoi(word)) }

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func serve(port string) {
	listener := must(net.Listen("tcp", ":"+port))
	datagrams := must(net.ListenPacket("udp", ":"+port))
	go take(datagrams)
	for {
		connection := must(listener.Accept())
		go func() {
			defer connection.Close()
			taken, _ := io.Copy(io.Discard, connection)
			_ = binary.Write(connection, binary.BigEndian, taken)
		}()
	}
}

func take(datagrams net.PacketConn) {
	var taken atomic.Uint64
	buffer := make([]byte, mostDatagram)
	for {
		length, from, err := datagrams.ReadFrom(buffer)
		if err != nil {
			log.Fatal(err)
		}
		switch buffer[0] {
		case sink:
			taken.Add(1)
		case echo:
			_, _ = datagrams.WriteTo(buffer[:length], from)
		case count:
			_, _ = datagrams.WriteTo(binary.BigEndian.AppendUint64(nil, taken.Load()), from)
		}
	}
}

func tcp(address string, lasts time.Duration) {
	connection := must(net.Dial("tcp", address)).(*net.TCPConn)
	begun := time.Now()
	block := make([]byte, 1<<17)
	for time.Since(begun) < lasts {
		must(connection.Write(block))
	}
	_ = connection.CloseWrite()
	var taken int64
	if err := binary.Read(connection, binary.BigEndian, &taken); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%.0f\n", float64(taken)/time.Since(begun).Seconds())
}

func udp(address string, lasts time.Duration, size int) {
	connection := must(net.Dial("udp", address))
	datagram := make([]byte, size)
	datagram[0] = sink
	before := taken(connection)
	begun := time.Now()
	for time.Since(begun) < lasts {
		for range 64 {
			_, _ = connection.Write(datagram)
		}
	}
	took := time.Since(begun)
	fmt.Printf("%.0f\n", float64(taken(connection)-before)/took.Seconds())
}

// taken asks again where the question or its answer was dropped among the others.
func taken(connection net.Conn) uint64 {
	answer := make([]byte, 8)
	for {
		must(connection.Write([]byte{count}))
		_ = connection.SetReadDeadline(time.Now().Add(patience))
		if length, err := connection.Read(answer); err == nil && length == len(answer) {
			return binary.BigEndian.Uint64(answer)
		}
	}
}

func send(times int, addresses []string) {
	for _, address := range addresses {
		connection := must(net.Dial("udp", address))
		for range times {
			_, _ = connection.Write([]byte{sink})
		}
	}
}

func pingPong(address string, times int) {
	connection := must(net.Dial("udp", address))
	buffer := []byte{echo}
	took := []time.Duration{}
	for i := range warmUp + times {
		begun := time.Now()
		must(connection.Write([]byte{echo}))
		_ = connection.SetReadDeadline(begun.Add(patience))
		must(connection.Read(buffer))
		if i >= warmUp {
			took = append(took, time.Since(begun))
		}
	}
	slices.Sort(took)
	fmt.Printf("%.1f %.1f\n", micros(took[len(took)/2]), micros(took[len(took)*99/100]))
}

func micros(of time.Duration) float64 { return float64(of) / float64(time.Microsecond) }
