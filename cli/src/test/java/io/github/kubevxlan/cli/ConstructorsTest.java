package io.github.kubevxlan.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Of all modules: this one comes last, and has the others on its class path, but for the program's. */
class ConstructorsTest {
    private static final int MOST = 5;
    private static final Path PROGRAM = Path.of("../app/target/classes");

    @Test
    void whatBelongsTogetherIsARecordNotAPosition() {
        Set<String> longer = classes()
                .filter(type -> type.getConstructors().stream().anyMatch(one -> positions(one) > MOST))
                .map(ConstructorsTest::name)
                .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(Set.of(), longer, "classes with a constructor of more than " + MOST + " parameters");
    }

    @Test
    void everyModuleIsLookedAt() {
        Set<String> modules =
                classes().map(type -> name(type).replaceFirst("\\..*", "")).collect(Collectors.toSet());

        modules.remove("app"); // it need not be built before this one
        assertEquals(Set.of("common", "certs", "webhook", "controller", "cli"), modules);
    }

    private static Stream<JavaClass> classes() {
        JavaClasses others = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.github.kubevxlan");
        return Stream.concat(others.stream(), new ClassFileImporter().importPath(PROGRAM).stream())
                .filter(type -> !type.isAnonymousClass());
    }

    /** Those that a caller writes: the compiler adds an enum's name and number, and an inner class's outer one. */
    private static int positions(JavaConstructor constructor) {
        JavaClass type = constructor.getOwner();
        int added = type.isEnum() ? 2 : type.isInnerClass() ? 1 : 0;
        return constructor.getRawParameterTypes().size() - added;
    }

    private static String name(JavaClass type) {
        return type.getName().replace("io.github.kubevxlan.", "");
    }
}
