package io.github.kubevxlan.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.kubevxlan.cli.view.Listing;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutputOptionsTest {
    @Test
    void notesMoveNoCursor() {
        StringWriter err = new StringWriter();
        Terminal terminal =
                new Terminal(new PrintWriter(PrintWriter.nullWriter()), new PrintWriter(err), false, Progress.none());
        Listing<String> listing = Listing.of("PodList", List.of(), List.of("an agent said \u001b[2J\nno"));

        new OutputOptions().print(terminal, new Result(listing, (_, _) -> "", ExitCodes.FINE));

        assertEquals("note: an agent said ?[2J no" + System.lineSeparator(), err.toString());
    }
}
