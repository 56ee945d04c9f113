// Command verify ADDRESS1 ADDRESS2 FILE... posts each review to both webhooks, applies each one's patch, and ends with 1
// where the two pods differ.
package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"reflect"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
)

var client = http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{InsecureSkipVerify: true}}}

type review struct {
	Request struct {
		UID    string          `json:"uid"`
		Object json.RawMessage `json:"object"`
	} `json:"request"`
	Response struct {
		UID     string `json:"uid"`
		Allowed bool   `json:"allowed"`
		Patch   []byte `json:"patch"`
	} `json:"response"`
}

func main() {
	for _, file := range os.Args[3:] {
		if err := compare(os.Args[1], os.Args[2], file); err != nil {
			fmt.Fprintf(os.Stderr, "verify: %s: %v\n", file, err)
			os.Exit(1)
		}
	}
}

func compare(first, second, file string) error {
	body, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	one, err := mutated(first, body)
	if err != nil {
		return err
	}
	other, err := mutated(second, body)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(one, other) {
		return fmt.Errorf("%s and %s make different pods:\n%v\n%v", first, second, one, other)
	}
	return nil
}

func mutated(address string, body []byte) (any, error) {
	answer, err := client.Post("https://"+address+"/mutate", "application/json", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		return nil, err
	}
	var asked, answered review
	if err := json.Unmarshal(body, &asked); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &answered); err != nil {
		return nil, fmt.Errorf("%s: %s: %q", address, answer.Status, text)
	}
	if !answered.Response.Allowed || answered.Response.UID != asked.Request.UID {
		return nil, fmt.Errorf("%s: %s", address, text)
	}
	patch, err := jsonpatch.DecodePatch(answered.Response.Patch)
	if err != nil {
		return nil, err
	}
	pod, err := patch.Apply(asked.Request.Object)
	if err != nil {
		return nil, err
	}
	var tree any
	err = json.Unmarshal(pod, &tree)
	return tree, err
}
