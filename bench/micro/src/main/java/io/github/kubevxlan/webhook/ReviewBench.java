package io.github.kubevxlan.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.kubevxlan.common.net.IfName;
import io.github.kubevxlan.common.net.Port;
import io.github.kubevxlan.common.spec.Defaults;
import io.github.kubevxlan.common.spec.Definitions;
import io.github.kubevxlan.common.spec.Keys;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A pod's review, from the request's bytes to the answer's, beside reading the same bytes as a tree. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ReviewBench {
    private static final int VARIANTS = 8;

    @Param({"4", "20", "100"})
    public int size;

    private final JsonMapper mapper = new JsonMapper();
    private final byte[][] reviews = new byte[VARIANTS][];
    private final Admission admission = new Admission(
            new Keys("vxlan.travelping.com"),
            new AgentSettings(
                    new AgentImage("registry.test/agent:1", "IfNotPresent", List.of()),
                    true,
                    Set.of(),
                    AgentRequirements.DEFAULT),
            AgentMode.NATIVE,
            false);
    private final Definitions definitions = Definitions.parse(
            Map.of("vxeth0", "100", "vxeth1", "101", "vxeth2", "102"),
            new Defaults(new IfName("eth0"), new Port(14789)));
    private int next;

    /** Reads the files that {@code bench/reviews.py} writes, from the folder that {@code micro.reviews} names. */
    @Setup
    public void read() throws IOException {
        Path folder = Path.of(System.getProperty("micro.reviews"));
        for (int variant = 0; variant < VARIANTS; variant++) {
            reviews[variant] = Files.readAllBytes(folder.resolve(size + "-" + variant + ".json"));
        }
        if (!new String(answer(), StandardCharsets.UTF_8).contains("\"patch\"")) {
            throw new IllegalStateException("the pod of the review is not changed");
        }
    }

    @Benchmark
    public byte[] answer() throws IOException {
        try {
            AdmissionRequest request = AdmissionCodec.decode(review());
            Verdict verdict = admission.judge(
                    request.namespace(),
                    ((AdmissionRequest.NewPod) request.subject()).pod(),
                    definitions,
                    NamespaceFacts.NONE);
            return AdmissionCodec.encode(request.uid(), verdict);
        } catch (MalformedReviewException e) {
            throw new IOException(e);
        }
    }

    @Benchmark
    public JsonNode tree() throws IOException {
        return mapper.readTree(review());
    }

    private byte[] review() {
        next = (next + 1) % VARIANTS;
        return reviews[next];
    }
}
