package dev.slackline.slack.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class FrameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"a\":1}",
                "{ \"text\" : \"é 💡 \\u00e9 \\\" } ] {\" , \"number\" : 1.0E+2,\n\t\"deep\":[{\"a\":{}}] }",
                "{\"a\":1,\"a\":2}"
            })
    void aPayloadIsCutOutByteForByte(String payload) {
        for (String frame : new String[] {
            "{\"envelope_id\":\"e\",\"payload\":" + payload + ",\"type\":\"events_api\"}",
            " {\n\"😀\":\"é\",\"type\":\"events_api\",\"payload\" : \t" + payload + "\n,\"envelope_id\":\"e\"} ",
            "{\"x\":{\"payload\":{\"not\":\"this\"}},\"payload\":" + payload
                    + ",\"envelope_id\":\"e\",\"type\":\"events_api\"}"
        }) {
            assertThat(new String(envelope(frame).payload(), StandardCharsets.UTF_8))
                    .isEqualTo(payload);
            assertThat(envelope(frame).type()).isEqualTo("events_api");
        }
    }

    @Test
    void retriesAreTold() {
        Frame.Envelope retry = envelope("{\"envelope_id\":\"e\",\"payload\":{},\"type\":\"events_api\","
                + "\"accepts_response_payload\":true,\"retry_attempt\":2,\"retry_reason\":\"timeout\"}");
        assertThat(retry.retryNum()).isEqualTo("2");
        assertThat(retry.retryReason()).isEqualTo("timeout");
        assertThat(retry.acceptsReply()).isTrue();

        Frame.Envelope first = envelope("{\"envelope_id\":\"e\",\"payload\":{},\"type\":\"events_api\","
                + "\"accepts_response_payload\":false,\"retry_attempt\":0,\"retry_reason\":\"\"}");
        assertThat(first.retryNum()).isNull();
        assertThat(first.acceptsReply()).isFalse();
    }

    @Test
    void anEnvelopeWithoutAPayloadIsKeptWhole() {
        String frame = "{\"envelope_id\":\"e\",\"type\":\"novelty\",\"payload\":[1]}";
        assertThat(new String(envelope(frame).payload(), StandardCharsets.UTF_8))
                .isEqualTo(frame);
        assertThat(envelope(frame).type()).isEqualTo("novelty.unreadable");
        assertThat(envelope("{\"envelope_id\":\"e\"}").type()).isEqualTo("unreadable");
    }

    @Test
    void aHelloTellsHowManyConnectionsThereAreAndHowLongThisOneLasts() {
        assertThat(parse("{\"type\":\"hello\",\"num_connections\":3,\"debug_info\":{\"host\":\"h\",\"build_number\":23,"
                        + "\"approximate_connection_time\":18061},\"connection_info\":{\"app_id\":\"A1\"}}"))
                .isEqualTo(new Frame.Hello(3, Duration.ofSeconds(18_061)));
        assertThat(parse("{\"type\":\"hello\",\"num_connections\":null,\"debug_info\":7}"))
                .isEqualTo(new Frame.Hello(0, Duration.ZERO));
        assertThat(parse("{\"type\":\"hello\",\"num_connections\":\"99999999999\"}"))
                .isEqualTo(new Frame.Hello(0, Duration.ZERO));
    }

    @Test
    void aDisconnectTellsWhy() {
        assertThat(parse("{\"type\":\"disconnect\",\"reason\":\"warning\",\"debug_info\":{\"host\":\"h\"}}"))
                .isEqualTo(new Frame.Disconnect("warning"));
        assertThat(parse("{\"type\":\"disconnect\"}")).isEqualTo(new Frame.Disconnect(""));
    }

    @Test
    void whatHasNoEnvelopeIdIsNotToBeAcknowledged() {
        assertThat(parse("{\"type\":\"novelty\"}")).isEqualTo(new Frame.Other("novelty"));
        assertThat(parse("[1]")).isEqualTo(new Frame.Other(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "{\"a\":}", "hello", "{\"payload\":{\"a\":1}"})
    void whatIsNoJsonIsRefused(String text) {
        assertThatThrownBy(() -> parse(text)).isInstanceOf(JacksonException.class);
    }

    private static Frame.Envelope envelope(String json) {
        return (Frame.Envelope) parse(json);
    }

    private static Frame parse(String json) {
        return Frame.parse(json.getBytes(StandardCharsets.UTF_8));
    }
}
