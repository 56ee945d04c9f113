package io.github.kubevxlan.e2e;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An option and its change. Every network is 10.90.N.0/24 and fd00:90:N::/64, N being the row's number; the other member
 * has the address 2 in both, and in 10.91.N.0/24 and fd00:91:N::/64, where routes lead.
 *
 * @param options what the definition says besides {@code id}, and what after its edit
 * @param own what the annotation says besides the network's name, and what after its edit
 * @param more lines of the kernel before, besides those that all have
 * @param change lines that go, with {@code -} before them, and lines that come, with {@code +}
 * @param reach what is pinged: before and, after the edit, the same or another, or nothing
 */
record OptionRow(int number, Edit options, Edit own, List<String> more, List<String> change, Edit reach) {
    /** Definition, its edit, annotation, its edit, further lines before, change, pinged before, pinged after. */
    private static final String TABLE = """
        id=V | id=W | ip=A/24 | = | | -vni V, +vni W | B | B
        id=V | = | ip=A/24 | ip=A/24 id=V | | | B | B
        id=V | id=V name=lab-N | ip=A/24 | = | | -name opt-N, +name lab-N | B | B
        id=V | = | ip=A/24;6A/64 route=R/24:B | ip=A/24;6A/64 route=R/24:B name=data-N | address 6A/64, route R/24 via B metric 0 | -name opt-N, +name data-N | 6B | C
        id=V | id=V type=vxlan | ip=A/24 | ip=A/24 type=vxlan | | | B | B
        id=V | = | ip=A/24 | ip=A/24 dev=under0 | | -dev eth0, +dev under0 | B | -
        id=V | id=V dev=eth0 | ip=A/24 | ip=A/24 dev=eth0 | | | B | B
        id=V | id=V up=false | ip=A/24 | = | | -up, +down | B | -
        id=V | = | ip=A/24 route=R/24:B | ip=A/24 route=R/24:B up=false | route R/24 via B metric 0 | -up, +down, -route R/24 via B metric 0 | C | -
        id=V up=false | = | ip=A/24;6A/64 up | ip=A/24;6A/64 up=true | address 6A/64 | | 6B | 6B
        id=V | = | ip=A/24 | ip=10.90.N.7/24 | | -address A/24, +address 10.90.N.7/24 | B | B
        id=V | = | ip=A/24 | ip=A/25 | | -address A/24, +address A/25 | B | B
        id=V | = | ip=A/24 | ip=A/24;6A/64 | | +address 6A/64 | B | 6B
        id=V | = | ip=A/24 | ip=A/24;10.90.N.3/24;10.92.N.1/24 | | +address 10.90.N.3/24, +address 10.92.N.1/24 | B | B
        id=V | = | ip=A/24;10.90.N.3/24;10.90.N.4/24 | ip=10.90.N.3/24;10.90.N.4/24 | address 10.90.N.3/24, address 10.90.N.4/24 | -address A/24 | B | B
        id=V | = | ip=A/24 | | | -address A/24 | B | -
        id=V | id=V ip=10.93.N.1/24 | ip=A/24 | = | | | B | B
        id=V | = | ip=A/24 | ip=A/24 route=R/24:B | | +route R/24 via B metric 0 | B | C
        id=V | = | ip=A/24;6A/64 | ip=A/24;6A/64 route=[6R/64]:[6B] | address 6A/64 | +route 6R/64 via 6B metric 1024 | B | 6C
        id=V | = | ip=A/24 route=R/24:10.90.N.9 | ip=A/24 route=R/24:B | route R/24 via 10.90.N.9 metric 0 | -route R/24 via 10.90.N.9 metric 0, +route R/24 via B metric 0 | B | C
        id=V | = | ip=A/24 route=R/24:B | ip=A/24 route=R/24:B;10.94.N.0/24:10.90.N.9 | route R/24 via B metric 0 | +route 10.94.N.0/24 via 10.90.N.9 metric 0 | C | C
        id=V | = | ip=A/24;10.90.N.3/24 route=R/24:B | ip=10.90.N.3/24 route=R/24:B | address 10.90.N.3/24, route R/24 via B metric 0 | -address A/24 | C | C
        id=V | id=V route=10.94.N.0/24:10.90.N.9 | ip=A/24 | = | | +route 10.94.N.0/24 via 10.90.N.9 metric 0 | B | B
        id=V | id=V metric=500 route=0.0.0.0/0:10.90.N.9 | ip=A/24 | = | | +route default via 10.90.N.9 metric 500 | B | B
        id=V | = | ip=A/24 route=R/24:B metric=5 | ip=A/24 route=R/24:B metric=7 | route R/24 via B metric 5 | -route R/24 via B metric 5, +route R/24 via B metric 7 | C | C
        id=V | = | ip=A/24 route=R/24:B metric=5 | ip=A/24 route=R/24:B | route R/24 via B metric 5 | -route R/24 via B metric 5, +route R/24 via B metric 0 | C | C
        id=V | id=V metric=9 | ip=A/24 route=R/24:B | = | route R/24 via B metric 0 | -route R/24 via B metric 0, +route R/24 via B metric 9 | C | C
        id=V | id=V mtu=1400 | ip=A/24;6A/64 route=R/24:B | = | address 6A/64, route R/24 via B metric 0 | -mtu 1450, +mtu 1400 | C | 6B
        id=V | = | ip=A/24 mtu=auto | ip=A/24 mtu=1300 | | -mtu 1450, +mtu 1300 | B | B
        id=V | id=V dstport=8473 | ip=A/24 route=R/24:B | = | route R/24 via B metric 0 | -port 14789, +port 8473 | C | C
        id=V | id=V ttl=9 tos=184 learning=false txqueuelen=55 | ip=A/24 route=R/24:B | = | route R/24 via B metric 0 | +ttl 9, +tos 0xb8, +nolearning, +txqueuelen 55 | C | C
        id=V ttl=9 tos=inherit learning=false | = | ip=A/24;6A/64 | ip=A/24 | address 6A/64, ttl 9, tos 0x1, nolearning | -address 6A/64 | 6B | B
        id=V ttl=9 tos=inherit learning=false txqueuelen=0 | id=V | ip=A/24 | = | ttl 9, tos 0x1, nolearning, txqueuelen 0 | -ttl 9, -tos 0x1, -nolearning, -txqueuelen 0 | B | B
        id=V | id=V checksum=false | ip=A/24 route=R/24:B | = | route R/24 via B metric 0 | +nochecksum | C | C
        id=V | id=V peer=192.0.2.9 | ip=A/24 | = | | +to 192.0.2.9 | B | B
        id=V peer=192.0.2.9 | id=V peer=192.0.2.7;192.0.2.8 | ip=A/24 | = | to 192.0.2.9 | -to 192.0.2.9, +to 192.0.2.7, +to 192.0.2.8 | B | B
        """;

    static final List<OptionRow> ALL = read();

    /** Before and after. */
    record Edit(String before, String after) {}

    private static List<OptionRow> read() {
        List<String> lines = TABLE.lines().toList();
        return IntStream.range(0, lines.size())
                .mapToObj(i -> read(i + 1, lines.get(i)))
                .toList();
    }

    String network() {
        return "opt-" + number;
    }

    String definition() {
        return options.before();
    }

    String editedDefinition() {
        return options.after();
    }

    String annotation() {
        return own.before();
    }

    String editedAnnotation() {
        return own.after();
    }

    /** The other member's, with every address that is pinged. */
    String otherAnnotation() {
        return words("up ip=B/24;6B/64;C/24;6C/64", number);
    }

    String target() {
        return reach.before();
    }

    Optional<String> targetAfter() {
        return reach.after().equals("-") ? Optional.empty() : Optional.of(reach.after());
    }

    /** Whether the change is one that the kernel does not make in place. */
    boolean isNewLink() {
        return change.stream()
                .anyMatch(line -> line.startsWith("-vni") || line.startsWith("-port") || line.endsWith("nochecksum"));
    }

    /** What the link is like before, with one other member. */
    SortedSet<String> before(String peer) {
        SortedSet<String> lines = new TreeSet<>(more);
        Stream.of("name opt-N", "vni V", "port 14789", "mtu 1450", "dev eth0", "up", "address A/24", "to " + peer)
                .forEach(line -> lines.add(words(line, number)));
        return lines;
    }

    /** And what after the edit. */
    SortedSet<String> after(String peer) {
        SortedSet<String> lines = before(peer);
        for (String line : change) {
            boolean fits = line.startsWith("-") ? lines.remove(line.substring(1)) : lines.add(line.substring(1));
            if (!fits) {
                throw new IllegalStateException(line + " is no change of " + lines);
            }
        }
        return lines;
    }

    @Override
    public String toString() {
        return "%d: %s, then %s; %s, then %s"
                .formatted(number, options.before(), options.after(), own.before(), own.after());
    }

    private static OptionRow read(int number, String line) {
        List<String> cells = Arrays.stream(line.split("\\|", -1))
                .map(cell -> words(cell.strip(), number))
                .toList();
        return new OptionRow(
                number,
                edit(cells.get(0), cells.get(1)),
                edit(cells.get(2), cells.get(3)),
                list(cells.get(4)),
                list(cells.get(5)),
                new Edit(cells.get(6), cells.get(7)));
    }

    private static Edit edit(String before, String after) {
        return new Edit(before, after.equals("=") ? before : after);
    }

    private static List<String> list(String cell) {
        return Arrays.stream(cell.split(","))
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
    }

    /** What stands for numbers that differ from row to row. */
    private static String words(String text, int number) {
        String words = text;
        for (String[] pair : new String[][] {
            {"6A", "fd00:90:N::1"},
            {"6B", "fd00:90:N::2"},
            {"6C", "fd00:91:N::2"},
            {"6R", "fd00:91:N::"},
            {"A", "10.90.N.1"},
            {"B", "10.90.N.2"},
            {"C", "10.91.N.2"},
            {"R", "10.91.N.0"},
            {"V", Integer.toString(8300 + number)},
            {"W", Integer.toString(8350 + number)},
            {"N", Integer.toString(number)}
        }) {
            words = words.replace(pair[0], pair[1]);
        }
        return words;
    }
}
