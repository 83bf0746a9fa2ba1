package dev.slackline.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                " { \"a\" : -0 , \"b\":1e308, \"c\":9223372036854775808 }\n",
                "{\"a\":1,\"a\":2}",
                "{\"nul\":\"\\u0000\",\"emoji\":\"😀é\"}",
            })
    void bytesAreKeptAsTheyAre(String json) {
        assertThat(Payload.parse(json).text()).isEqualTo(json);
    }

    @Test
    void fiveHundredLevelsAreFine() {
        String deep = "{\"a\":".repeat(500) + "1" + "}".repeat(500);
        assertThat(Payload.parse(deep).text()).isEqualTo(deep);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "[]", "1", "\"text\"", "null", "{", "{}{}", "{\"a\":}", "{a:1}", "nonsense", "{\"a\":1,}"})
    void whatIsNoObjectIsRefused(String json) {
        assertThatThrownBy(() -> Payload.parse(json)).isInstanceOf(SerializationException.class);
    }

    @Test
    void whatIsNotUtf8IsRefused() {
        byte[] latin = {'{', '"', 'a', '"', ':', '"', (byte) 0xe9, '"', '}'};
        assertThatThrownBy(() -> Payload.parse(latin)).hasMessageContaining("UTF-8");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void jsonInAnotherEncodingIsRefused(String charset) {
        byte[] bytes = " {\"a\":1}".getBytes(Charset.forName(charset));
        assertThatThrownBy(() -> Payload.parse(bytes)).isInstanceOf(SerializationException.class);
    }

    @Test
    void aByteOrderMarkIsRefused() {
        assertThatThrownBy(() -> Payload.parse("\ufeff{}")).isInstanceOf(SerializationException.class);
    }

    @Test
    void theErrorDoesNotQuoteThePayload() {
        assertThatThrownBy(() -> Payload.parse("{\"token\":hunter2}"))
                .hasMessageContaining("near byte")
                .extracting(Throwable::getMessage)
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void aMapBecomesJsonAndBack() {
        Map<String, Object> map = Map.of("text", "hi", "n", 3, "on", true);
        assertThat(Payload.of(map).asMap()).isEqualTo(map);
    }

    @Test
    void aMapThatIsNoJsonIsRefused() {
        Map<String, Object> loop = new java.util.HashMap<>();
        loop.put("self", loop);
        assertThatThrownBy(() -> Payload.of(loop)).isInstanceOf(SerializationException.class);
    }

    @Test
    void whatHoldsNothingThatCouldBeWrittenIsRefusedRatherThanWrittenEmpty() {
        for (Object nothing : List.of(new Object(), InputStream.nullInputStream())) {
            assertThatThrownBy(() -> Payload.of(Map.of("x", nothing))).isInstanceOf(SerializationException.class);
        }
        assertThat(Payload.of(Map.of("x", Map.of())).text()).isEqualTo("{\"x\":{}}");
    }

    @Test
    void itsTextFormHidesTheContent() {
        assertThat(Payload.parse("{\"token\":\"hunter2\"}")).hasToString("Payload[19 bytes]");
    }
}
