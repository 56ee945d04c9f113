package io.github.kubevxlan.controller.agent.shell;

import io.github.kubevxlan.common.net.Cidr;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.InterfaceAddress;
import io.github.kubevxlan.common.net.IpAddr;
import io.github.kubevxlan.common.net.Mac;
import io.github.kubevxlan.common.net.Route;
import io.github.kubevxlan.common.spec.LinkAttribute;
import io.github.kubevxlan.common.spec.Security;
import io.github.kubevxlan.common.spec.Segment;
import io.github.kubevxlan.controller.agent.FencingToken;
import io.github.kubevxlan.controller.diff.NetOp;
import io.github.kubevxlan.controller.diff.ReportRequest;
import io.github.kubevxlan.controller.diff.Script;
import io.github.kubevxlan.controller.diff.Transaction;
import io.github.kubevxlan.controller.overlay.DesiredLink;
import io.github.kubevxlan.controller.overlay.Entry;
import io.github.kubevxlan.controller.overlay.Filter;
import io.github.kubevxlan.controller.overlay.Macs;
import io.github.kubevxlan.controller.overlay.NftScript;
import io.github.kubevxlan.controller.overlay.OwnershipMarkers;
import io.github.kubevxlan.controller.overlay.Qdisc;
import io.github.kubevxlan.controller.overlay.SecurityScript;
import io.github.kubevxlan.controller.overlay.SenderSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

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
        probe() {
        why=
        nft=$(command -v nft) || { nft=; return 0; }
        words=$($nft -c -f - 2>&1 <<'@nft'
        %s
        @nft
        ) && return
        case "$? $words" in
        12[89]*|1[3-9][0-9]*|2[0-9][0-9]*|*allocate*|*temporarily*|*busy*|*fork*|*buffer*|*Interrupted*|*'open files'*)
        why="nft: $words";;
        esac
        nft=
        }
        probe
        digest() {
        { $bridge fdb show dev "$1" | awk '/^(%s|%s:)/&&/ permanent/{for(i=2;i<NF;i++)if($i=="dst")print $1,$(i+1)}'
        $ip neigh show dev "$1" nud permanent | awk '$3~/^%s:/{print $1,$3}'
        [ -z "$nft" ] || [ "$2" = - ] || $nft list set inet %s "$2" 2>/dev/null | awk -v name="$2" '
        {gsub(/[,{}]/," ");for(i=1;i<=NF;i++)if($i~/^[0-9a-f:.]+$/&&$i~/[:.]/)print name,$i}'
        shift 2; printf '%%s\\n' "$@"; } |
        sort | sha256sum
        }
        filters() {
        [ -z "$why" ] || { echo "$why"; return 1; }
        [ -n "$nft" ] || { echo none; return 0; }
        $nft -j -t list table inet %s 2>/dev/null || echo '{"nftables":[]}'
        }
        ip6() {
        [ ! -d /proc/sys/net/ipv6 ] || $ip -6 "$@"
        }
        rename() {
        $ip link set dev "$1" name "$2" 2>/dev/null || { $ip link set dev "$1" down && $ip link set dev "$1" name "$2"; }
        }
        without_ipv6() {
        for conf in /proc/sys/net/ipv6/conf/*/disable_ipv6; do
        off=; read -r off 2>/dev/null <"$conf" || :
        [ "$off" = 0 ] || { conf=${conf%%/*}; echo "${conf##*/}"; }
        done
        [ -d /proc/sys/net/ipv6/conf ] || echo default
        }
        fence() {
        exec 9</dev/shm && { ! command -v flock >/dev/null || flock -w 5 9 2>/dev/null || flock -n 9; } || return 2
        read -r mark epoch session rest </sys/class/net/lo/ifalias
        case "$epoch" in ''|*[!0-9]*) epoch=0;; esac
        case "$session" in ''|*[!0-9]*) session=0;; esac
        [ "$epoch" -lt "$1" ] || { [ "$epoch" -eq "$1" ] && [ "$session" -le "$2" ]; } || return 1
        [ "$epoch $session" = "$1 $2" ] || $ip link set dev lo alias "${mark:-%s} $1 $2" || :
        }
        """.formatted(
                    NftScript.sample(),
                    Entry.ALL_ZERO,
                    Macs.PREFIX,
                    Macs.PREFIX,
                    Filter.TABLE,
                    Filter.TABLE,
                    OwnershipMarkers.PENDING);

    /** Where a pod's containers share one process namespace, the agent is not process 1; its mounts are our own. */
    private static final String END = """
        [ $rc != 0 ] || for process in /proc/[0-9]*; do
        [ $process/ns/mnt -ef /proc/self/ns/mnt ] && read -r name <$process/comm && [ "$name" = agent ] &&
        kill "${process#/proc/}"
        done
        """;

    /** As a digest has them: the set, the VTEP, and the number beside it, if there is one. */
    private static final String SENDERS = "$1==\"set\"{name=$2;next}/type/{next}{gsub(/[,{}]/,\" \");"
            + "for(i=1;i<=NF;i++)if($i~/^[0-9a-f:.]+$/&&$i~/[:.]./)"
            + "{beside=\"\";if($(i+1)==\".\")beside=\" \" $(i+2);print name,$i beside}}";

    private ScriptBuilder() {}

    /**
     * Prints a script. It takes the agent's lock, and does nothing but say {@code @nonce fenced 1 EPOCH} if a later
     * leader was there before, of that epoch, {@code @nonce fenced 2 0} if it can't have the lock.
     *
     * @param nonce letters and digits that no agent can foresee; {@code @nonce end STATUS} is the last line of output
     */
    public static String print(Script script, String nonce, FencingToken token) {
        StringBuilder text = new StringBuilder();
        if (script.reportRequest().devices()) {
            text.append("[ -n \"$nft\" ] || probe\n");
        }
        text.append("(\nfence ")
                .append(token)
                .append(" || { echo \"@")
                .append(nonce)
                .append(" fenced $? ${epoch:-0}\"; exit 1; }\nrc=0\n");
        if (script.needsTc()) {
            text.append(TcQdisc.FUNCTIONS);
        }
        script.transactions().forEach(transaction -> print(text, transaction, nonce));
        if (script.mark()) {
            text.append("[ $rc != 0 ] || $ip link set dev lo alias '")
                    .append(OwnershipMarkers.COMPLETE)
                    .append(' ')
                    .append(token)
                    .append("'\n");
        }
        report(text, script.reportRequest(), nonce);
        text.append(") </dev/null 2>&1; rc=$?; echo \"@").append(nonce).append(" end $rc\"\n");
        if (script.end()) {
            text.append(END);
        }
        return text.toString();
    }

    /**
     * Prints what is sent once when a session opens: where the programs are, how a table becomes a digest, how an
     * earlier leader is kept out, and the pod's addresses to be printed, {@code ip -o addr show}.
     */
    public static String opening(String nonce) {
        return PREAMBLE + "$ip -o addr show </dev/null 2>&1; echo \"@" + nonce + " end $?\"\n";
    }

    /**
     * Prints a whole script for a shell of its own that only reports, the counters of links and filters besides what is
     * asked ({@code @nonce counters}, {@code @nonce strangers}): it takes no lock, changes nothing, and ends the shell. Its
     * last line of output is {@code @nonce end STATUS}.
     */
    public static String inspection(ReportRequest reportRequest, String nonce) {
        StringBuilder text =
                new StringBuilder(PREAMBLE).append("(\n").append(reportRequest.qdiscs() ? TcQdisc.FUNCTIONS : "");
        report(text, reportRequest, nonce);
        section(text, nonce, "counters", "$ip -s -j link show");
        section(text, nonce, "strangers", "[ -n \"$nft\" ] && $nft -j list counters table inet " + Filter.TABLE);
        return text.append(") </dev/null 2>&1; echo \"@")
                .append(nonce)
                .append(" end $?\"; exit 0\n")
                .toString();
    }

    /** Without {@code -force} a program stops at its first failure. */
    private static void print(StringBuilder text, Transaction transaction, String nonce) {
        boolean makes = transaction.makes().isPresent();
        print(text, "$nft -f", "rc=1", transaction.forNft(), nonce);
        if (makes) {
            text.append("made=1\n");
        }
        List<NetOp> forIp = new ArrayList<>();
        for (NetOp op : transaction.forIp()) {
            if (op instanceof NetOp.Rename(IfName from, IfName to)) {
                text.append("rename ").append(from).append(' ').append(to).append(" || { rc=1; made=; }\n");
            } else {
                forIp.add(op);
            }
        }
        print(
                text,
                makes ? "[ -z \"$made\" ] || $ip -batch" : "$ip -force -batch",
                makes ? "{ rc=1; made=; }" : "rc=1",
                forIp,
                nonce);
        for (NetOp op : transaction.forTc()) {
            text.append(makes ? "[ -z \"$made\" ] || " : "").append(line(op)).append(" || rc=1\n");
        }
        print(
                text,
                (makes ? "[ -z \"$made\" ] || " : "") + "$bridge -force -batch",
                "rc=1",
                transaction.forBridge(),
                nonce);
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

    private static void report(StringBuilder text, ReportRequest reportRequest, String nonce) {
        if (reportRequest.devices()) {
            section(text, nonce, "devices", "$ip -d -j addr show");
            section(text, nonce, "routes", "$ip -j route show table all proto " + OwnershipMarkers.ROUTE_PROTO);
            section(text, nonce, "filters", "filters");
            section(text, nonce, "without-ipv6", "without_ipv6");
            security(text, nonce, reportRequest);
        }
        if (reportRequest.qdiscs()) {
            section(text, nonce, "qdiscs", "qdiscs");
        }
        foreign(text, reportRequest, nonce);
        reportRequest.digests().forEach(link -> section(text, nonce, "digest " + link.name(), digests(link)));
        reportRequest.lists().forEach(link -> {
            IfName name = link.name();
            section(text, nonce, "entries " + name, "$bridge -j fdb show dev " + name + " state permanent");
            section(text, nonce, "neighbours " + name, "$ip -j neigh show dev " + name + " nud permanent");
            link.filter()
                    .ifPresent(filter -> section(
                            text,
                            nonce,
                            "admitted " + name,
                            "$nft -j list set inet " + Filter.TABLE + " " + filter + " 2>/dev/null"));
            link.secured().ifPresent(filter -> section(text, nonce, "senders " + name, sets("-j ", filter)));
        });
    }

    private static void foreign(StringBuilder text, ReportRequest reportRequest, String nonce) {
        for (String family : List.of("-4", "-6")) {
            List<Cidr> destinations = reportRequest.destinations().stream()
                    .filter(destination -> destination.network().isIpv6() == family.equals("-6"))
                    .toList();
            if (!destinations.isEmpty()) {
                section(
                        text,
                        nonce,
                        "foreign " + family,
                        destinations.stream()
                                .map(destination -> "route show table main exact " + destination + "\n")
                                .collect(Collectors.joining(
                                        "",
                                        (family.equals("-6") ? "ip6" : "$ip -4") + " -j -force -batch - <<'@" + nonce
                                                + "'\n",
                                        "@" + nonce)));
            }
        }
    }

    /** Whether nft can do port security is asked where it is wanted alone, and so is whom it refused. */
    private static void security(StringBuilder text, String nonce, ReportRequest reportRequest) {
        Set<Filter> secured = reportRequest.secured();
        secured.stream()
                .findFirst()
                .ifPresent(filter -> section(
                        text,
                        nonce,
                        "security",
                        "[ -n \"$nft\" ] && $nft -c -f - <<'@" + nonce + "'\n" + SecurityScript.sample(filter) + "\n@"
                                + nonce));
        if (!secured.isEmpty()) {
            String sets = secured.stream().map(SecurityScript::caught).collect(Collectors.joining(" "));
            section(
                    text,
                    nonce,
                    "caught",
                    "[ -z \"$nft\" ] || for set in " + sets + "; do $nft -j list set inet " + Filter.TABLE
                            + " $set 2>/dev/null; done");
        }
    }

    private static String sets(String options, Filter filter) {
        return "[ -z \"$nft\" ] || for set in "
                + Stream.of(SenderSet.values()).map(Object::toString).collect(Collectors.joining(" "))
                + "; do $nft " + options + "list set inet " + Filter.TABLE + " " + filter + "-$set 2>/dev/null; done";
    }

    /** Lines of the sets of senders stand behind those for the pod itself, which are not in its tables either. */
    private static String digests(DesiredLink link) {
        return link.secured()
                .map(filter -> "senders=$(" + sets("", filter) + " | awk '" + SENDERS + "'); " + digest(link)
                        + " ${senders:+\"$senders\"}")
                .orElseGet(() -> digest(link));
    }

    private static String digest(DesiredLink link) {
        return link.ownInPeerTable()
                .map(entry -> " '" + entry.key() + " " + entry.value() + "'")
                .collect(Collectors.joining(
                        "",
                        "digest " + link.name() + " "
                                + link.filter().map(Filter::name).orElse("-"),
                        ""));
    }

    private static void section(StringBuilder text, String nonce, String name, String command) {
        text.append("echo \"@%s %s\"; %s\necho \"@%s done $?\"\n".formatted(nonce, name, command, nonce));
    }

    private static String line(NetOp op) {
        return switch (op) {
            case NetOp.DelLink(IfName link) -> "link del dev " + link;
            case NetOp.Rename _ -> throw new IllegalStateException("no line of a transaction: " + op);
            case NetOp.AddLink(
                    IfName link,
                    Mac mac,
                    NetOp.Tunnel(Segment segment, IpAddr local, IfName dev),
                    int mtu,
                    boolean checksum) ->
                "link add name " + link + " address " + mac + " mtu " + mtu + " " + underlay(segment, local, dev)
                        + " dstport " + segment.port()
                        + (checksum ? "" : " " + IpAttributes.words(LinkAttribute.CHECKSUM, 0));
            case NetOp.SetAttributes(IfName link, Segment segment, var attributes) ->
                "link set dev " + link + IpAttributes.words(segment, attributes);
            case NetOp.PutQdisc(IfName link, Qdisc qdisc) -> "put_qdisc " + link + " " + TcQdisc.words(qdisc);
            case NetOp.DelQdisc(IfName link) -> "del_qdisc " + link;
            case NetOp.SetAlias(IfName link, String alias) -> "link set dev " + link + " alias " + alias;
            case NetOp.SetUnderlay(IfName link, Segment segment, IpAddr local, IfName dev) ->
                "link set dev " + link + " " + underlay(segment, local, dev);
            case NetOp.SetMtu(IfName link, int mtu) -> "link set dev " + link + " mtu " + mtu;
            case NetOp.SetMac(IfName link, Mac mac) -> "link set dev " + link + " address " + mac;
            case NetOp.SetUp(IfName link, boolean up) -> "link set dev " + link + (up ? " up" : " down");
            case NetOp.DelAddress(IfName link, InterfaceAddress address) -> "addr del " + address + " dev " + link;
            case NetOp.PutAddress(IfName link, InterfaceAddress address) ->
                "addr replace " + address + " dev " + link + " metric " + OwnershipMarkers.ADDRESS_METRIC
                        + (address.address().isIpv6() ? " nodad" : "");
            case NetOp.DelRoute(IfName link, Route route) -> "route del " + route(link, route);
            case NetOp.AddRoute(IfName link, Route route, var metric) ->
                "route add " + route(link, route) + (metric.isPresent() ? " metric " + metric.getAsInt() : "");
            case NetOp.PutEntry(IfName link, Entry entry) -> put(link, entry);
            case NetOp.DelEntry(IfName link, Entry entry) -> del(link, entry);
            case NetOp.PutFilter(Filter filter) -> NftScript.put(filter);
            case NetOp.DelFilter(Filter filter) -> NftScript.del(filter);
            case NetOp.DelFilters() -> NftScript.delAll();
            case NetOp.PutSecurity(Filter filter, Security mode) -> SecurityScript.put(filter, mode);
            case NetOp.DelSecurity(Filter filter) -> SecurityScript.del(filter);
            case NetOp.SetGuard(var links) -> NftScript.guard(links);
        };
    }

    private static String put(IfName link, Entry entry) {
        return switch (entry) {
            case Entry.Flood(IpAddr vtep) -> "fdb append " + Entry.ALL_ZERO + " dev " + link + " dst " + vtep;
            case Entry.Unicast(Mac mac, IpAddr vtep) -> "fdb replace " + mac + " dev " + link + " dst " + vtep;
            case Entry.Neighbour(IpAddr ip, Mac mac) ->
                "neigh replace " + ip + " lladdr " + mac + " dev " + link + " nud permanent";
            case Entry.Admitted(Filter filter, IpAddr vtep) -> NftScript.admit(filter, vtep);
            case Entry.Permitted sender -> SecurityScript.permit(sender);
        };
    }

    private static String del(IfName link, Entry entry) {
        return switch (entry) {
            case Entry.Flood(IpAddr vtep) -> "fdb del " + Entry.ALL_ZERO + " dev " + link + " dst " + vtep;
            case Entry.Unicast(Mac mac, IpAddr vtep) -> "fdb del " + mac + " dev " + link + " dst " + vtep;
            case Entry.Neighbour(IpAddr ip, var mac) -> "neigh del " + ip + " dev " + link;
            case Entry.Admitted(Filter filter, IpAddr vtep) -> NftScript.expel(filter, vtep);
            case Entry.Permitted sender -> SecurityScript.forbid(sender);
        };
    }

    private static String underlay(Segment segment, IpAddr local, IfName dev) {
        return "type vxlan id " + segment.vni() + " local " + local + " dev " + dev;
    }

    private static String route(IfName link, Route route) {
        return route.destination()
                + route.gateway().map(gateway -> " via " + gateway).orElse("") + " dev " + link + " proto "
                + OwnershipMarkers.ROUTE_PROTO;
    }
}
