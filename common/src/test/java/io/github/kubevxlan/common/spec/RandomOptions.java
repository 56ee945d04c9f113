package io.github.kubevxlan.common.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Texts for tests, the same for the same seed. */
final class RandomOptions {
    private final Random random;

    RandomOptions(long seed) {
        random = new Random(seed);
    }

    String networks() {
        return IntStream.range(0, random.nextInt(6))
                .mapToObj(i -> "net" + i + options())
                .collect(Collectors.joining(pick("\n", ", ", ",\n")));
    }

    /** Characters and words that mean something here, in any order. */
    String noise() {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(60);
        for (int i = 0; i < length; i++) {
            text.append(pick(
                    "vxeth0",
                    "up",
                    "=",
                    ",",
                    "\n",
                    " ",
                    "\t",
                    ";",
                    "id",
                    "ip=",
                    "10.0.0.1/8",
                    "route=",
                    ":",
                    "[",
                    "]",
                    "fd00::1",
                    "/",
                    "-",
                    "\u0000",
                    "\ud800",
                    "é",
                    "9".repeat(40),
                    "default",
                    "mtu=auto",
                    "\r",
                    "name="));
        }
        return text.toString();
    }

    private String options() {
        List<String> all = new ArrayList<>(List.of(
                "up=" + random.nextBoolean(),
                "id=" + (1 + random.nextInt(16_777_215)),
                "name=if" + random.nextInt(100),
                "dev=eth" + random.nextInt(3),
                "ip=" + several("10." + random.nextInt(256) + ".0.%d/" + random.nextInt(30)),
                "route=" + several("10.%d.0.0/16:192.168.0." + random.nextInt(1, 255)),
                "metric=" + (1 + random.nextInt(Integer.MAX_VALUE)),
                "mtu=" + pick("auto", "1400", "68"),
                "mac=72:78:00:00:00:0" + random.nextInt(10),
                "type=vxlan"));
        java.util.Collections.shuffle(all, random);
        String separator = pick(" ", "\n  ", " \t");
        return all.subList(0, random.nextInt(all.size())).stream()
                .map(option -> separator + option)
                .collect(Collectors.joining());
    }

    private String several(String format) {
        return IntStream.rangeClosed(1, 1 + random.nextInt(3))
                .mapToObj(format::formatted)
                .collect(Collectors.joining(";"));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
