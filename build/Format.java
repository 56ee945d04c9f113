import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.JavaFormatterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * {@code Format check|fix ROOT}: checks or rewrites every Java source below ROOT, build results aside. What it found to be
 * formatted is noted in {@code build/target/formatted}, and not looked at again by the same formatter and program.
 */
public final class Format {
    private Format() {}

    /** Exits with 1 if a source is not formatted (check) or can't be parsed. */
    public static void main(String[] args) throws Exception {
        boolean fix = args[0].equals("fix");
        Path root = Path.of(args[1]).toRealPath();
        Formatter formatter = Formatter.createFormatter(JavaFormatterOptions.builder()
                .style(JavaFormatterOptions.Style.PALANTIR)
                .build());
        Path notes = root.resolve("build/target/formatted");
        String rules = Formatter.class.getProtectionDomain().getCodeSource().getLocation()
                + Files.readString(root.resolve("build/Format.java"));
        Set<String> known = Files.exists(notes) ? Set.copyOf(Files.readAllLines(notes)) : Set.of();
        Set<String> now = new TreeSet<>();
        List<Path> unformatted = new ArrayList<>();
        for (Path source : sources(root)) {
            String text = Files.readString(source);
            String note = note(rules + text);
            if (!known.contains(note)) {
                String formatted = formatter.formatSourceAndFixImports(text);
                if (!formatted.equals(text)) {
                    unformatted.add(root.relativize(source));
                    if (fix) {
                        Files.writeString(source, formatted);
                    }
                    continue;
                }
            }
            now.add(note);
        }
        Files.createDirectories(notes.getParent());
        Files.write(notes, now);
        unformatted.forEach(source -> System.out.println((fix ? "formatted " : "not formatted: ") + source));
        if (!fix && !unformatted.isEmpty()) {
            System.out.println("Run 'make fmt'.");
            System.exit(1);
        }
    }

    private static String note(String text) throws GeneralSecurityException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        return HexFormat.of().formatHex(digest);
    }

    private static List<Path> sources(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> Stream.of(root.relativize(file).toString().split("/"))
                            .noneMatch(part -> part.equals("target") || part.startsWith(".")))
                    .sorted()
                    .toList();
        }
    }
}
