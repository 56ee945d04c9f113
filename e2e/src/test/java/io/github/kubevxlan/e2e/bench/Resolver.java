package io.github.kubevxlan.e2e.bench;

import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/** Asks a DNS server about a Service, a packet for each question, which takes less than a millisecond. */
final class Resolver {
    private final DirContext server;
    private final String service;

    /** Takes the server's address and the Service's name, as {@code web.shop.svc.cluster.local}. */
    Resolver(String server, String service) {
        Properties settings = new Properties();
        settings.setProperty(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        settings.setProperty(Context.PROVIDER_URL, "dns://" + server);
        try {
            this.server = new InitialDirContext(settings);
        } catch (NamingException e) {
            throw new AssertionError("no DNS server: " + e.getMessage(), e);
        }
        this.service = service;
    }

    /** Whether the Service's name leads to these addresses alone, and each of the hosts' to its own of them, if any. */
    boolean knows(Set<Named> names, Set<String> hosts) {
        return Stream.of("A", "AAAA").allMatch(type -> {
            Set<Named> ofType =
                    names.stream().filter(name -> name.type().equals(type)).collect(Collectors.toSet());
            return ask(type, service).equals(addresses(ofType.stream()))
                    && hosts.stream()
                            .allMatch(host -> ask(type, host + "." + service)
                                    .equals(addresses(ofType.stream()
                                            .filter(name -> name.host().equals(host)))));
        });
    }

    private static Set<String> addresses(Stream<Named> names) {
        return names.map(Named::address).collect(Collectors.toCollection(TreeSet::new));
    }

    @SuppressWarnings("BanJNDI") // the provider for DNS makes strings of what comes, never objects
    private Set<String> ask(String type, String name) {
        try {
            Attribute answer = server.getAttributes(name, new String[] {type}).get(type);
            return answer == null
                    ? Set.of()
                    : Collections.list(answer.getAll()).stream()
                            .map(address -> Named.normal(String.valueOf(address)))
                            .collect(Collectors.toCollection(TreeSet::new));
        } catch (NameNotFoundException e) {
            return Set.of();
        } catch (NamingException e) {
            throw new AssertionError("no answer about " + name + ": " + e.getMessage(), e);
        }
    }
}
