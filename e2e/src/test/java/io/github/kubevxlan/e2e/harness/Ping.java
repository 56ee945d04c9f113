package io.github.kubevxlan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** A ping that goes on and on in a pod's app, ten times a second, until it is ended and counted. */
public final class Ping {
    private static final Pattern ANSWER = Pattern.compile(" seq=([0-9]+) ");
    private static final String OUTPUT = "/tmp/ping";

    private final Pod from;
    private final String process;

    private Ping(Pod from, String process) {
        this.from = from;
        this.process = process;
    }

    /** How many packets were sent up to the last one that was answered, and how many of these were. */
    public record Count(int sent, int received) {
        /** How many were not answered. */
        public int lost() {
            return sent - received;
        }
    }

    /** Begins; returns when the first answer has come. */
    public static Ping begin(Pod from, String to) {
        Ping ping = new Ping(
                from,
                Shell.inApp(from, "ping -i 0.1 %s >%s 2>&1 & echo $!".formatted(to, OUTPUT))
                        .strip());
        Await.until(
                "an answer from " + to,
                () -> ping.answers().isEmpty() ? Optional.of("there is none") : Optional.empty());
        return ping;
    }

    /** Ends it after one more answer, so that what was lost before counts. */
    public Count end() {
        int last = answers().last();
        Await.until("one more answer", () -> answers().last() > last ? Optional.empty() : Optional.of("seq " + last));
        Shell.inApp(from, "kill " + process);
        NavigableSet<Integer> answers = answers();
        return new Count(answers.last() + 1, answers.size());
    }

    private NavigableSet<Integer> answers() {
        NavigableSet<Integer> answers = new TreeSet<>();
        ANSWER.matcher(Shell.inApp(from, "cat " + OUTPUT))
                .results()
                .map(answer -> Integer.valueOf(answer.group(1)))
                .forEach(answers::add);
        return answers;
    }
}
