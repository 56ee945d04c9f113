package io.github.kubevxlan.bench;

import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The ConfigMap of networks, read after an edit. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class DefinitionsBench {
    private static final Defaults DEFAULTS = new Defaults(new IfName("eth0"), new Port(14789));

    @Param({"100", "1000"})
    public int size;

    private Map<String, String> data = Map.of();

    @Setup
    public void write() {
        data = IntStream.range(0, size)
                .boxed()
                .collect(Collectors.toMap(
                        number -> "net-" + number,
                        number -> "id=%d subnet=10.%d.%d.0/24 mtu=1400 rate=20mbit txqueuelen=500"
                                .formatted(1000 + number, 100 + number / 250, number % 250)));
        if (parse().usable().size() != size) {
            throw new IllegalStateException("a definition has a mistake");
        }
    }

    @Benchmark
    public Definitions parse() {
        return Definitions.parse(data, DEFAULTS);
    }
}
