package io.github.kubevxlan.controller.plan;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.Segment;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Prints scripts for the POSIX shell in the agent. All that varies is a typed value whose text has no meaning to a shell
 * or to a batch file, so there is nothing to quote.
 *
 * <p>A script is one compound command: the shell reads it to its end before it starts, so a cut connection never leaves
 * half a script done. Changes go to one {@code ip -batch}, one {@code bridge -batch} and at most two {@code nft -f}, however
 * many they are, and to another two for each link that is made.
 */
public final class ScriptBuilder {
    private static final String PREAMBLE = """
        PATH=/usr/sbin:/sbin:/usr/bin:/bin; export PATH; LC_ALL=C; export LC_ALL
        ip=/sbin/ip; [ -x $ip ] || ip=$(command -v ip)
        bridge=/sbin/bridge; [ -x $bridge ] || bridge=$(command -v bridge)
        nft=$(command -v nft) && $nft -c -f - >/dev/null 2>&1 <<'@nft' || nft=
        %s
        @nft
        digest() {
        { $bridge fdb show dev "$1" | awk '/^(%s|%s:)/&&/ permanent/{for(i=2;i<NF;i++)if($i=="dst")print $1,$(i+1)}'
        $ip neigh show dev "$1" nud permanent | awk '$3~/^%s:/{print $1,$3}'
        [ -z "$nft" ] || [ "$2" = - ] || $nft list set inet %s "$2" 2>/dev/null | awk -v name="$2" '
        {gsub(/[,{}]/," ");for(i=1;i<=NF;i++)if($i~/^[0-9a-f:.]+$/&&$i~/[:.]/)print name,$i}'
        shift 2; printf '%%s\\n' "$@"; } |
        sort | sha256sum
        }
        filters() {
        [ -n "$nft" ] && { $nft -j -t list table inet %s 2>/dev/null || echo '{"nftables":[]}'; }
        }
        fence() {
        exec 9</dev/shm && { ! command -v flock >/dev/null || flock -w 5 9 2>/dev/null || flock -n 9; } || return 2
        read -r mark term session rest </sys/class/net/lo/ifalias
        case "$term" in ''|*[!0-9]*) term=0;; esac
        case "$session" in ''|*[!0-9]*) session=0;; esac
        [ "$term" -lt "$1" ] || { [ "$term" -eq "$1" ] && [ "$session" -le "$2" ]; } || return 1
        [ "$term $session" = "$1 $2" ] || $ip link set dev lo alias "${mark:-%s} $1 $2" || :
        }
        """.formatted(
            NftScript.sample(), Entry.ALL_ZERO, Macs.PREFIX, Macs.PREFIX, Filter.TABLE, Filter.TABLE, Marks.PENDING);

    /** Where a pod's containers share one process namespace, the agent is not process 1; its mounts are our own. */
    private static final String END = """
        [ $rc != 0 ] || for process in /proc/[0-9]*; do
        [ $process/ns/mnt -ef /proc/self/ns/mnt ] && read -r name <$process/comm && [ "$name" = agent ] &&
        kill "${process#/proc/}"
        done
        """;

    private ScriptBuilder() {}

    /**
     * Prints a script. It takes the agent's lock, and does nothing but say {@code @nonce fenced 1} if a later sender was
     * there before, {@code @nonce fenced 2} if it can't have the lock.
     *
     * @param nonce letters and digits that no agent can foresee; {@code @nonce end STATUS} is the last line of output
     */
    public static String print(Script script, String nonce, Sender sender) {
        StringBuilder text = new StringBuilder("(\n");
        text.append("fence ")
                .append(sender)
                .append(" || { echo \"@")
                .append(nonce)
                .append(" fenced $?\"; exit 1; }\nrc=0\n");
        script.batches().forEach(batch -> print(text, batch, nonce));
        if (script.mark()) {
            text.append("[ $rc != 0 ] || $ip link set dev lo alias '")
                    .append(Marks.COMPLETE)
                    .append(' ')
                    .append(sender)
                    .append("'\n");
        }
        report(text, script, nonce);
        text.append(") </dev/null 2>&1; rc=$?; echo \"@").append(nonce).append(" end $rc\"\n");
        if (script.end()) {
            text.append(END);
        }
        return text.toString();
    }

    /**
     * Prints what is sent once when a session opens: where the programs are, how a table becomes a digest, how an
     * earlier sender is kept out, and the pod's addresses to be printed, {@code ip -o addr show}.
     */
    public static String opening(String nonce) {
        return PREAMBLE + "$ip -o addr show </dev/null 2>&1; echo \"@" + nonce + " end $?\"\n";
    }

    /** Without {@code -force} a program stops at its first failure. */
    private static void print(StringBuilder text, Batch batch, String nonce) {
        boolean makes = batch.makes().isPresent();
        print(text, "$nft -f", "rc=1", batch.forNft(), nonce);
        print(
                text,
                makes ? "made=1; $ip -batch" : "$ip -force -batch",
                makes ? "{ rc=1; made=; }" : "rc=1",
                batch.forIp(),
                nonce);
        print(text, (makes ? "[ -z \"$made\" ] || " : "") + "$bridge -force -batch", "rc=1", batch.forBridge(), nonce);
    }

    private static void print(StringBuilder text, String command, String otherwise, List<NetOp> ops, String nonce) {
        if (ops.isEmpty()) {
            return;
        }
        text.append(command)
                .append(" - <<'@")
                .append(nonce)
                .append("' || ")
                .append(otherwise)
                .append('\n');
        ops.forEach(op -> text.append(line(op)).append('\n'));
        text.append('@').append(nonce).append('\n');
    }

    private static void report(StringBuilder text, Script script, String nonce) {
        Ask ask = script.ask();
        if (ask.devices()) {
            section(text, nonce, "devices", "$ip -d -j addr show");
            section(text, nonce, "routes", "$ip -j route show table all proto " + Marks.ROUTE_PROTO);
            section(text, nonce, "filters", "filters");
        }
        foreign(text, ask, nonce);
        ask.digests().forEach(link -> section(text, nonce, "digest " + link.name(), digest(link)));
        ask.lists().forEach(link -> {
            IfName name = link.name();
            section(text, nonce, "entries " + name, "$bridge -j fdb show dev " + name + " state permanent");
            section(text, nonce, "neighbours " + name, "$ip -j neigh show dev " + name + " nud permanent");
            link.filter()
                    .ifPresent(filter -> section(
                            text,
                            nonce,
                            "admitted " + name,
                            "$nft -j list set inet " + Filter.TABLE + " " + filter + " 2>/dev/null"));
        });
    }

    private static void foreign(StringBuilder text, Ask ask, String nonce) {
        for (String family : List.of("-4", "-6")) {
            List<Cidr> destinations = ask.destinations().stream()
                    .filter(destination -> destination.network().isIpv6() == family.equals("-6"))
                    .toList();
            if (!destinations.isEmpty()) {
                section(text, nonce, "foreign " + family, "$ip " + family + " -j -force -batch - <<'@" + nonce + "'");
                destinations.forEach(destination -> text.append("route show table main exact ")
                        .append(destination)
                        .append('\n'));
                text.append('@').append(nonce).append('\n');
            }
        }
    }

    private static String digest(DesiredLink link) {
        return link.ownAmongAll()
                .map(entry -> " '" + entry.key() + " " + entry.value() + "'")
                .collect(Collectors.joining(
                        "",
                        "digest " + link.name() + " "
                                + link.filter().map(Filter::name).orElse("-"),
                        ""));
    }

    private static void section(StringBuilder text, String nonce, String name, String command) {
        text.append("echo \"@")
                .append(nonce)
                .append(' ')
                .append(name)
                .append("\"; ")
                .append(command)
                .append('\n');
    }

    private static String line(NetOp op) {
        return switch (op) {
            case NetOp.DelLink(IfName link) -> "link del dev " + link;
            case NetOp.Rename(IfName from, IfName to) ->
                "link set dev " + from + " down\nlink set dev " + from + " name " + to;
            case NetOp.AddLink(IfName link, Mac mac, Segment segment, IpAddr local, IfName dev, int mtu) ->
                "link add name " + link + " address " + mac + " mtu " + mtu + " " + underlay(segment, local, dev)
                        + " dstport " + segment.port();
            case NetOp.SetAlias(IfName link, String alias) -> "link set dev " + link + " alias " + alias;
            case NetOp.SetUnderlay(IfName link, Segment segment, IpAddr local, IfName dev) ->
                "link set dev " + link + " " + underlay(segment, local, dev);
            case NetOp.SetMtu(IfName link, int mtu) -> "link set dev " + link + " mtu " + mtu;
            case NetOp.SetMac(IfName link, Mac mac) -> "link set dev " + link + " address " + mac;
            case NetOp.SetUp(IfName link, boolean up) -> "link set dev " + link + (up ? " up" : " down");
            case NetOp.DelAddress(IfName link, InterfaceAddress address) -> "addr del " + address + " dev " + link;
            case NetOp.PutAddress(IfName link, InterfaceAddress address) ->
                "addr replace " + address + " dev " + link + " metric " + Marks.ADDRESS_METRIC
                        + (address.address().isIpv6() ? " nodad" : "");
            case NetOp.DelRoute(IfName link, Route route) -> "route del " + route(link, route);
            case NetOp.AddRoute(IfName link, Route route, var metric) ->
                "route add " + route(link, route) + (metric.isPresent() ? " metric " + metric.getAsInt() : "");
            case NetOp.PutEntry(IfName link, Entry entry) -> put(link, entry);
            case NetOp.DelEntry(IfName link, Entry entry) -> del(link, entry);
            case NetOp.PutFilter(Filter filter) -> NftScript.put(filter);
            case NetOp.DelFilter(Filter filter) -> NftScript.del(filter);
            case NetOp.DelFilters() -> NftScript.delAll();
        };
    }

    private static String put(IfName link, Entry entry) {
        return switch (entry) {
            case Entry.Flood(IpAddr vtep) -> "fdb append " + Entry.ALL_ZERO + " dev " + link + " dst " + vtep;
            case Entry.Unicast(Mac mac, IpAddr vtep) -> "fdb replace " + mac + " dev " + link + " dst " + vtep;
            case Entry.Neighbour(IpAddr ip, Mac mac) ->
                "neigh replace " + ip + " lladdr " + mac + " dev " + link + " nud permanent";
            case Entry.Admitted(Filter filter, IpAddr vtep) -> NftScript.admit(filter, vtep);
        };
    }

    private static String del(IfName link, Entry entry) {
        return switch (entry) {
            case Entry.Flood(IpAddr vtep) -> "fdb del " + Entry.ALL_ZERO + " dev " + link + " dst " + vtep;
            case Entry.Unicast(Mac mac, IpAddr vtep) -> "fdb del " + mac + " dev " + link + " dst " + vtep;
            case Entry.Neighbour(IpAddr ip, var mac) -> "neigh del " + ip + " dev " + link;
            case Entry.Admitted(Filter filter, IpAddr vtep) -> NftScript.expel(filter, vtep);
        };
    }

    private static String underlay(Segment segment, IpAddr local, IfName dev) {
        return "type vxlan id " + segment.vni() + " local " + local + " dev " + dev;
    }

    private static String route(IfName link, Route route) {
        return route.destination() + " via " + route.gateway() + " dev " + link + " proto " + Marks.ROUTE_PROTO;
    }
}
