package io.github.kubevxlan.cli.view;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;

/** Prints records as JSON and YAML: every field, in the order of its record, the same text for the same values. */
public final class Documents {
    private Documents() {}

    /** Indented JSON, its last line ended. */
    public static String json(Object document) {
        return print(new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT), document) + "\n";
    }

    /** YAML with the same fields. */
    public static String yaml(Object document) {
        return print(
                new ObjectMapper(new YAMLFactory().disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)), document);
    }

    private static String print(ObjectMapper mapper, Object document) {
        try {
            return mapper.writeValueAsString(document);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("records of texts, numbers and lists can be printed", e);
        }
    }
}
