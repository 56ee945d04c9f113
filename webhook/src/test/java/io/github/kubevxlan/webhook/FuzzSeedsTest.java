package io.github.kubevxlan.webhook;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Goes through what the fuzzer begins with: inputs that mean something, and those that once broke something. */
class FuzzSeedsTest {
    @ParameterizedTest
    @MethodSource("definitions")
    void definitionsHoldWhatIsPromised(Path seed) throws Exception {
        FuzzDefinitions.fuzzerTestOneInput(Files.readAllBytes(seed));
    }

    @ParameterizedTest
    @MethodSource("annotations")
    void annotationsHoldWhatIsPromised(Path seed) throws Exception {
        FuzzAnnotations.fuzzerTestOneInput(Files.readAllBytes(seed));
    }

    @ParameterizedTest
    @MethodSource("reviews")
    void reviewsHoldWhatIsPromised(Path seed) throws Exception {
        FuzzReviews.fuzzerTestOneInput(Files.readAllBytes(seed));
    }

    static List<Path> definitions() throws IOException {
        return files("FuzzDefinitions");
    }

    static List<Path> annotations() throws IOException {
        return files("FuzzAnnotations");
    }

    static List<Path> reviews() throws IOException {
        return files("FuzzReviews");
    }

    private static List<Path> files(String target) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/fuzz", target))) {
            return files.sorted().toList();
        }
    }
}
