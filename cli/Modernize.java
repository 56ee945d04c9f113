import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFile.ClassHierarchyResolverOption;
import java.lang.classfile.ClassFile.ConstantPoolSharingOption;
import java.lang.classfile.ClassFile.StackMapsOption;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes jars anew so that the program starts faster. Class files get a later version, their code stays as it is: Java's
 * ahead-of-time cache holds no class whose file is of Java 5, as picocli's are, since they lack the stack maps that this
 * adds. Lists of the classes of Kubernetes objects go: the client reads them all to know an object by the name of its kind,
 * for which no command asks. Its arguments: the jars.
 */
final class Modernize {
    private static final int FIRST_WITH_STACK_MAPS = 50;
    private static final int VERSION = 61;
    /** Where a class file has it (JVMS 4.1). */
    private static final int MAJOR_VERSION = 6;

    private static final String KINDS = "META-INF/services/io.fabric8.kubernetes.api.model.KubernetesResource";

    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            Path old = Path.of(jar);
            Path made = Path.of(jar + ".new");
            modernize(old, made);
            Files.move(made, old, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static void modernize(Path old, Path made) throws IOException {
        try (ZipFile from = new ZipFile(old.toFile());
                ZipOutputStream to = new ZipOutputStream(Files.newOutputStream(made))) {
            ClassFile files = ClassFile.of(
                    StackMapsOption.GENERATE_STACK_MAPS,
                    ConstantPoolSharingOption.NEW_POOL,
                    ClassHierarchyResolverOption.of(ClassHierarchyResolver.ofResourceParsing(name -> open(from, name))
                            .orElse(ClassHierarchyResolver.defaultResolver())));
            for (ZipEntry entry : from.stream().toList()) {
                if (entry.getName().equals(KINDS)) {
                    continue;
                }
                byte[] bytes = from.getInputStream(entry).readAllBytes();
                to.putNextEntry(new ZipEntry(entry.getName()));
                to.write(entry.getName().endsWith(".class") ? modernized(files, bytes) : bytes);
                to.closeEntry();
            }
        }
    }

    private static byte[] modernized(ClassFile files, byte[] bytes) {
        if (ByteBuffer.wrap(bytes).getShort(MAJOR_VERSION) >= FIRST_WITH_STACK_MAPS) {
            return bytes;
        }
        ClassTransform transform = (builder, element) -> {
            switch (element) {
                case ClassFileVersion _ -> builder.withVersion(VERSION, 0);
                case MethodModel method ->
                    builder.transformMethod(
                            method, MethodTransform.transformingCode((code, instruction) -> code.with(instruction)));
                default -> builder.with(element);
            }
        };
        return files.transformClass(files.parse(bytes), transform);
    }

    private static InputStream open(ZipFile jar, ClassDesc name) {
        String descriptor = name.descriptorString();
        ZipEntry entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
