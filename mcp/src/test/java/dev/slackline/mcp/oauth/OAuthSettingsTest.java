package dev.slackline.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.mcp.http.McpSettings;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Env;
import dev.slackline.queue.config.Settings;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OAuthSettingsTest {

    private static final String ISSUER = "MCP_OAUTH_ISSUER";
    private static final String KEYS = "MCP_OAUTH_JWKS_URL";
    private static final String RESOURCE = "MCP_OAUTH_RESOURCE";

    private static McpSettings with(Map<String, String> values) {
        return McpSettings.from(Settings.parse(Env.of(values), McpSettings.ALL));
    }

    @Test
    void withThemNoOtherTokenIsNeeded() {
        McpSettings settings = with(Map.of(
                ISSUER,
                "https://login.example",
                KEYS,
                "https://login.example/keys?app=1",
                RESOURCE,
                "https://me.example/mcp"));

        assertThat(settings.isSafeOn("0.0.0.0")).isTrue();
        assertThat(with(Map.of()).oauth()).isEmpty();
        assertThat(with(Map.of()).isSafeOn("0.0.0.0")).isFalse();
    }

    @Test
    void halfOfThemIsAnErrorThatNamesTheOthers() {
        assertThatThrownBy(() -> with(Map.of(RESOURCE, "https://me.example/mcp")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(ISSUER + " is not set")
                .hasMessageContaining(KEYS + " is not set");
    }

    @Test
    void keysAndTokensAreNotTakenOverPlainHttpButOnThisMachine() {
        assertThatThrownBy(() -> with(Map.of(
                        ISSUER,
                        "http://login.example",
                        KEYS,
                        "http://10.0.0.1/keys",
                        RESOURCE,
                        "https://u:p@me.example")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining(ISSUER + ": use an address with https")
                .hasMessageContaining(KEYS + ": use an address with https")
                .hasMessageContaining(RESOURCE + ": use an address with https");
        assertThat(with(Map.of(
                                ISSUER,
                                "http://localhost:1",
                                KEYS,
                                "http://127.0.0.1:2/k",
                                RESOURCE,
                                "http://[::1]:3/mcp"))
                        .oauth())
                .isPresent();
    }

    @Test
    void aScopeThatCouldBreakAHeaderIsRefused() {
        assertThatThrownBy(() -> with(Map.of(
                        ISSUER,
                        "https://login.example",
                        KEYS,
                        "https://login.example/keys",
                        RESOURCE,
                        "https://me.example/mcp",
                        "MCP_OAUTH_READ_SCOPE",
                        "a\" b")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageContaining("MCP_OAUTH_READ_SCOPE");
    }
}
