package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class SlackSignatureTest {

    /** The example of Slack's own documentation. */
    private static final byte[] BODY = ("token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow"
                    + "&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner"
                    + "&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F"
                    + "T1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121"
                    + ".803a0bc887a14d10d2c447fce8b6703c")
            .getBytes(StandardCharsets.UTF_8);

    private static final String SIGNATURE = "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503";
    private static final long TIME = 1531420618;
    private static final Instant THEN = Instant.ofEpochSecond(TIME);

    private final SlackSignature signature = new SlackSignature(List.of(Door.SECRET));

    @Test
    void signsAsSlackDoes() {
        assertThat(signature.sign(THEN, BODY)).isEqualTo(SIGNATURE);
        assertThat(signature.verify("1531420618", SIGNATURE, BODY, THEN)).isTrue();
    }

    @Test
    void oneChangedByteIsSeen() {
        byte[] changed = BODY.clone();
        changed[17] ^= 1;
        assertThat(signature.verify("1531420618", SIGNATURE, changed, THEN)).isFalse();
        assertThat(signature.verify("1531420619", SIGNATURE, BODY, THEN)).isFalse();
        for (int i = 0; i < SIGNATURE.length(); i++) {
            char other = SIGNATURE.charAt(i) == '0' ? '1' : '0';
            String forged = SIGNATURE.substring(0, i) + other + SIGNATURE.substring(i + 1);
            assertThat(signature.verify("1531420618", forged, BODY, THEN)).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {-301, 301, 3600, -3600, 315_360_000})
    void signaturesFarFromNowAreRefused(long seconds) {
        Instant signed = THEN.plusSeconds(seconds);
        assertThat(verified(signed)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {-300, 0, 300})
    void signaturesNearNowAreAccepted(long seconds) {
        Instant signed = THEN.plusSeconds(seconds);
        assertThat(verified(signed)).isTrue();
    }

    @Test
    void anyOfSeveralSecretsIsAccepted() {
        SlackSignature both = new SlackSignature(List.of("old", "new"));
        for (String secret : List.of("old", "new")) {
            String signed = new SlackSignature(List.of(secret)).sign(THEN, BODY);
            assertThat(both.verify("1531420618", signed, BODY, THEN)).isTrue();
        }
        assertThat(both.verify("1531420618", SIGNATURE, BODY, THEN)).isFalse();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "abc",
                "-1",
                "+1531420618",
                "1531420618.0",
                "1e9",
                " 1531420618",
                "١٥٣١٤٢٠٦١٨",
                "99999999999999999999"
            })
    void timestampsThatAreNoNumberAreRefused(String timestamp) {
        assertThat(signature.verify(timestamp, SIGNATURE, BODY, THEN)).isFalse();
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {"v0=", "v1=a2114d57", "a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503", "v0=é"
            })
    void signaturesOfAnotherFormAreRefused(String other) {
        assertThat(signature.verify("1531420618", other, BODY, THEN)).isFalse();
        assertThat(signature.verify("1531420618", "V0" + SIGNATURE.substring(2).toUpperCase(Locale.ROOT), BODY, THEN))
                .isFalse();
    }

    @Test
    void anEmptySecretIsRefused() {
        assertThatThrownBy(() -> new SlackSignature(List.of())).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SlackSignature(List.of("a", ""))).isInstanceOf(IllegalArgumentException.class);
    }

    private boolean verified(Instant signed) {
        return signature.verify(Long.toString(signed.getEpochSecond()), signature.sign(signed, BODY), BODY, THEN);
    }
}
