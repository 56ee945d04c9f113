package io.github.kubevxlan.certs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CaBundleTest {
    private final TestClock clock = new TestClock();
    private final CertAuthority authority = new CertAuthority(clock, new SecureRandom());
    private final X509Certificate first = newCa(Duration.ofDays(1));
    private final X509Certificate second = newCa(Duration.ofDays(2));

    @Test
    void keepsTheOrderAndEachAuthorityOnce() {
        CaBundle bundle = CaBundle.merge(clock.instant(), List.of(second, first, second));

        assertEquals(List.of(second, first), bundle.authorities());
    }

    @Test
    void dropsWhatHasExpiredOnceItsLastSecondIsOver() {
        clock.advance(Duration.ofDays(1));
        assertEquals(
                List.of(first, second),
                CaBundle.merge(clock.instant(), List.of(first, second)).authorities());

        clock.advance(Duration.ofSeconds(1));

        assertEquals(
                List.of(second),
                CaBundle.merge(clock.instant(), List.of(first, second)).authorities());
    }

    @Test
    void keepsTheFirstOfTooMany() {
        List<X509Certificate> many = Stream.generate(() -> newCa(Duration.ofDays(1)))
                .limit(CaBundle.MAX_AUTHORITIES + 1)
                .toList();

        assertEquals(
                many.subList(0, CaBundle.MAX_AUTHORITIES),
                CaBundle.merge(clock.instant(), many).authorities());
    }

    @Test
    void isTheSameAfterPrintingAndParsing() throws DamagedPem {
        CaBundle bundle = new CaBundle(List.of(first, second));

        assertEquals(bundle, CaBundle.parse("test", bundle.pem()));
    }

    private X509Certificate newCa(Duration life) {
        return authority.issueCa(life).certificate();
    }
}
