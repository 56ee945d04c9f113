package io.github.kubevxlan.webhook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictPatchTest {
    @Test
    void appliesExamplesOfRfc6902() {
        assertPatched("{'foo':'bar','baz':'qux'}", "{'foo':'bar'}", "{'op':'add','path':'/baz','value':'qux'}");
        assertPatched(
                "{'foo':['bar','qux','baz']}", "{'foo':['bar','baz']}", "{'op':'add','path':'/foo/1','value':'qux'}");
        assertPatched("{'foo':['bar',['abc']]}", "{'foo':['bar']}", "{'op':'add','path':'/foo/-','value':['abc']}");
        assertPatched("{'foo':'bar'}", "{'baz':'qux','foo':'bar'}", "{'op':'remove','path':'/baz'}");
        assertPatched("{'foo':['bar','baz']}", "{'foo':['bar','qux','baz']}", "{'op':'remove','path':'/foo/1'}");
        assertPatched("{'a/b':1}", "{'a/b':1,'m~n':2}", "{'op':'remove','path':'/m~0n'}");
        assertPatched("{'m~n':2}", "{'a/b':1,'m~n':2}", "{'op':'remove','path':'/a~1b'}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'op':'add','path':'/bar/baz','value':1}",
                "{'op':'add','path':'/foo/2','value':1}",
                "{'op':'add','path':'/foo/01','value':1}",
                "{'op':'add','path':'/foo/x','value':1}",
                "{'op':'add','path':'/foo/0'}",
                "{'op':'remove','path':'/bar'}",
                "{'op':'remove','path':'/foo/1'}",
                "{'op':'move','path':'/foo/0','from':'/foo'}",
            })
    void refusesWhatRfc6902CallsAnError(String op) {
        assertThrows(
                IllegalArgumentException.class,
                () -> StrictPatch.apply(Json.parse("{'foo':['a']}"), Json.parse("[" + op + "]")));
    }

    private static void assertPatched(String expected, String document, String op) {
        assertEquals(Json.parse(expected), StrictPatch.apply(Json.parse(document), Json.parse("[" + op + "]")));
    }
}
