// Package networks reads the networks that a pod names, as far as both peers need it to judge a pod.
package networks

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
)

// Prefix begins the label and the annotations.
const Prefix = "vxlan.travelping.com"

// Judge returns the warnings for a pod with that annotation, or an error that says what is wrong in it.
func Judge(annotation string, definitions map[string]string) ([]string, error) {
	var warnings []string
	seen := map[string]bool{}
	for _, piece := range strings.FieldsFunc(annotation, isSeparator) {
		words := strings.Fields(piece)
		if len(words) == 0 {
			continue
		}
		name := words[0]
		if !isName(name) || seen[name] {
			return nil, fmt.Errorf("network %q: no name, or named twice", name)
		}
		seen[name] = true
		if err := check(name, words[1:], false); err != nil {
			return nil, err
		}
		definition, isDefined := definitions[name]
		if !isDefined {
			warnings = append(warnings, "network "+name+" is not defined: the pod waits for it")
		} else if err := check(name, strings.Fields(definition), true); err != nil {
			return nil, err
		}
	}
	return warnings, nil
}

func isSeparator(r rune) bool { return r == ',' || r == '\n' }

func isName(text string) bool {
	for _, r := range text {
		if !strings.ContainsRune("-._", r) && (r < '0' || r > '9') && (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') {
			return false
		}
	}
	return len(text) <= 253
}

func check(network string, words []string, isDefinition bool) error {
	for _, word := range words {
		key, value, hasValue := strings.Cut(word, "=")
		if err := option(key, value, hasValue, isDefinition); err != nil {
			return fmt.Errorf("network %s: %s: %w", network, key, err)
		}
	}
	return nil
}

func option(key, value string, hasValue, isDefinition bool) error {
	var err error
	switch key {
	case "id", "mtu", "metric", "dstport":
		_, err = strconv.Atoi(value)
	case "ip", "subnet":
		for each := range strings.SplitSeq(value, ";") {
			if _, err = netip.ParsePrefix(each); err != nil {
				break
			}
		}
	case "up", "down":
		if hasValue {
			_, err = strconv.ParseBool(value)
		}
	case "name", "type", "dev", "route", "range", "family", "forwarding", "peer", "namespaces", "default":
	default:
		if _, err = strconv.Atoi(key); err != nil || !isDefinition {
			return fmt.Errorf("not an option")
		}
	}
	return err
}
