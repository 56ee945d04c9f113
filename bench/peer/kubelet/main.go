// Command kubelet stands in for the kubelets of a cluster whose pods are network namespaces that a bench made: it answers
// exec alone, by the API server's WebSocket protocol (v4.channel.k8s.io), and starts the agent's program in the pod's
// namespaces after as long as a real exec takes.
//
//	kubelet ADDRESS CERTIFICATE KEY MEMBERS AGENT DELAY
//
// MEMBERS is a folder with a file for each pod, which holds the number of a process in its namespaces. GET /stats tells what
// was asked so far; GET /watch?text=T counts from now on the pods that answered a request with that text.
package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

const (
	guid     = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11" // RFC 6455 section 1.3
	protocol = "v4.channel.k8s.io"
	stdin    = 0
	stdout   = 1
	status   = 3
	binaries = 0x82
	closing  = 8
	ping     = 9
	mostLine = 8 << 20
)

// Stats is what was asked so far. Times are Unix seconds.
type Stats struct {
	Execs    int     `json:"execs"`
	Open     int     `json:"open"`
	Requests int     `json:"requests"`
	Bytes    int     `json:"bytes"`
	First    float64 `json:"first"`
	Last     float64 `json:"last"`
	Matched  int     `json:"matched"`
	LastOne  float64 `json:"lastMatched"`
}

type kubelet struct {
	members, agent string
	delay          time.Duration

	lock    sync.Mutex
	stats   Stats
	text    string
	matched map[string]bool
}

func main() {
	if len(os.Args) != 7 {
		log.Fatal("usage: kubelet ADDRESS CERTIFICATE KEY MEMBERS AGENT DELAY")
	}
	delay, err := time.ParseDuration(os.Args[6])
	if err != nil {
		log.Fatal(err)
	}
	k := &kubelet{members: os.Args[4], agent: os.Args[5], delay: delay, matched: map[string]bool{}}
	mux := http.NewServeMux()
	mux.HandleFunc("/exec/", k.exec)
	mux.HandleFunc("/stats", k.tell)
	mux.HandleFunc("/watch", k.watch)
	server := &http.Server{Addr: os.Args[1], Handler: mux, TLSNextProto: nil, ErrorLog: log.New(io.Discard, "", 0)}
	server.Protocols = new(http.Protocols)
	server.Protocols.SetHTTP1(true)
	log.Fatal(server.ListenAndServeTLS(os.Args[2], os.Args[3]))
}

func (k *kubelet) tell(w http.ResponseWriter, _ *http.Request) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.stats.Matched = len(k.matched)
	_ = json.NewEncoder(w).Encode(k.stats)
}

func (k *kubelet) watch(_ http.ResponseWriter, r *http.Request) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.text = r.URL.Query().Get("text")
	k.matched = map[string]bool{}
	k.stats.First = 0
}

// exec takes /exec/NAMESPACE/POD/CONTAINER; the command's arguments follow the program, which is ours.
func (k *kubelet) exec(w http.ResponseWriter, r *http.Request) {
	words := strings.Split(r.URL.Path, "/")
	command := r.URL.Query()["command"]
	if len(words) != 5 || len(command) == 0 {
		http.Error(w, "no pod or command", http.StatusBadRequest)
		return
	}
	pod := words[3]
	k.lock.Lock()
	k.stats.Execs++
	k.note(&k.stats.First, k.stats.First == 0)
	k.lock.Unlock()
	pid, err := os.ReadFile(filepath.Join(k.members, pod))
	if err != nil {
		http.Error(w, "container not found", http.StatusInternalServerError)
		return
	}
	time.Sleep(k.delay)
	holder := "/proc/" + strings.TrimSpace(string(pid)) + "/ns/"
	program := exec.Command("nsenter", append([]string{"--net=" + holder + "net", "--mount=" + holder + "mnt", k.agent},
		command[1:]...)...)
	if err := k.serve(w, r, pod, program); err != nil {
		log.Printf("%s: %v", pod, err)
	}
}

func (k *kubelet) note(at *float64, wanted bool) {
	if wanted {
		*at = float64(time.Now().UnixNano()) / 1e9
	}
}

func (k *kubelet) serve(w http.ResponseWriter, r *http.Request, pod string, program *exec.Cmd) error {
	in, err := program.StdinPipe()
	if err != nil {
		return err
	}
	out, err := program.StdoutPipe()
	if err != nil {
		return err
	}
	if err := program.Start(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return err
	}
	defer func() {
		_ = in.Close()
		_ = program.Wait()
	}()
	connection, buffered, err := w.(http.Hijacker).Hijack()
	if err != nil {
		return err
	}
	defer connection.Close()
	digest := sha1.Sum([]byte(r.Header.Get("Sec-WebSocket-Key") + guid))
	fmt.Fprintf(connection, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"+
		"Sec-WebSocket-Protocol: %s\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		protocol, base64.StdEncoding.EncodeToString(digest[:]))
	k.opened(1)
	defer k.opened(-1)
	asked := make(chan bool, 64)
	go k.print(connection, out, pod, asked)
	return k.read(buffered.Reader, in, asked)
}

func (k *kubelet) opened(by int) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.stats.Open += by
}

// print sends each line that the agent prints.
func (k *kubelet) print(to io.Writer, out io.Reader, pod string, asked <-chan bool) {
	reader := bufio.NewReaderSize(out, 1<<16)
	for {
		line, err := reader.ReadBytes('\n')
		if len(line) > 0 {
			if send(to, stdout, line) != nil {
				return
			}
			k.answered(pod, <-asked)
		}
		if err != nil {
			_ = send(to, status, []byte(`{"metadata":{},"status":"Success"}`))
			return
		}
	}
}

func (k *kubelet) answered(pod string, matches bool) {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.note(&k.stats.Last, true)
	if matches {
		k.matched[pod] = true
		k.note(&k.stats.LastOne, true)
	}
}

func (k *kubelet) asks(text []byte) bool {
	k.lock.Lock()
	defer k.lock.Unlock()
	k.stats.Requests++
	k.stats.Bytes += len(text)
	k.note(&k.stats.First, k.stats.First == 0)
	return k.text != "" && strings.Contains(string(text), k.text)
}

// send writes one frame, on one of exec's channels.
func send(to io.Writer, channel byte, text []byte) error {
	length := 1 + len(text)
	frame := []byte{binaries}
	switch {
	case length < 126:
		frame = append(frame, byte(length))
	case length < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, 126), uint16(length))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, 127), uint64(length))
	}
	_, err := to.Write(append(append(frame, channel), text...))
	return err
}

// read gives the agent what comes in, until the client ends the connection.
func (k *kubelet) read(from *bufio.Reader, in io.Writer, asked chan<- bool) error {
	line := []byte{}
	for {
		kind, payload, err := frame(from)
		if err != nil || kind == closing {
			return nil
		}
		if kind == ping || len(payload) == 0 || payload[0] != stdin {
			continue
		}
		line = append(line, payload[1:]...)
		if len(line) > 0 && line[len(line)-1] == '\n' {
			asked <- k.asks(line)
			if _, err := in.Write(line); err != nil {
				return err
			}
			line = line[:0]
		}
	}
}

func frame(from *bufio.Reader) (byte, []byte, error) {
	head := make([]byte, 2)
	if _, err := io.ReadFull(from, head); err != nil {
		return 0, nil, err
	}
	length := uint64(head[1] & 0x7f)
	switch length {
	case 126, 127:
		size := make([]byte, map[uint64]int{126: 2, 127: 8}[length])
		if _, err := io.ReadFull(from, size); err != nil {
			return 0, nil, err
		}
		length = 0
		for _, one := range size {
			length = length<<8 | uint64(one)
		}
	}
	if length > mostLine {
		return 0, nil, fmt.Errorf("a frame of %d bytes", length)
	}
	mask := make([]byte, 4)
	if _, err := io.ReadFull(from, mask); err != nil {
		return 0, nil, err
	}
	payload := make([]byte, length)
	if _, err := io.ReadFull(from, payload); err != nil {
		return 0, nil, err
	}
	for i := range payload {
		payload[i] ^= mask[i%4]
	}
	return head[0] & 0x0f, payload, nil
}
