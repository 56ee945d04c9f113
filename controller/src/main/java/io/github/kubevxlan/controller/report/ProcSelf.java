package io.github.kubevxlan.controller.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What Linux tells of this process in {@code /proc/self} (proc(5)). */
public final class ProcSelf {
    private ProcSelf() {}

    /** How many entries a folder there has, as {@code fd} or {@code task}; 0 where it can't be read. */
    public static long entries(String folder) {
        try (Stream<Path> entries = Files.list(Path.of("/proc/self", folder))) {
            return entries.count();
        } catch (IOException e) {
            return 0;
        }
    }
}
