package dev.slackline.mcp.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.slackline.mcp.access.AccessSettings.Writing;
import dev.slackline.queue.config.ConfigurationException;
import dev.slackline.queue.config.Settings;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the settings allow. */
class ChannelRulesTest {

    private static final Conversation GENERAL = new Conversation("C0000001", "general", false);
    private static final Conversation SECRET = new Conversation("C0000002", "secret", false);
    private static final Conversation DIRECT = new Conversation("D0000003", "", true);

    @Test
    void whatIsAllowedByNameExcludesEverythingElse() {
        ChannelRules rules = ChannelRules.parse(List.of("#General", "dm"));

        assertThat(rules.permit(GENERAL)).isTrue();
        assertThat(rules.permit(DIRECT)).isTrue();
        assertThat(rules.permit(SECRET)).isFalse();
        assertThat(rules.permitElsewhere()).isFalse();
    }

    @Test
    void whatIsDeniedStaysSoByNameAndById() {
        assertThat(ChannelRules.parse(List.of("!#secret")).permit(SECRET)).isFalse();
        assertThat(ChannelRules.parse(List.of("!C0000002", "#secret")).permit(SECRET))
                .isFalse();
        assertThat(ChannelRules.parse(List.of("!dm")).permit(DIRECT)).isFalse();
        assertThat(ChannelRules.parse(List.of("!#secret")).permit(GENERAL)).isTrue();
    }

    @Test
    void aDirectConversationIsNoChannelWhateverItIsCalled() {
        assertThat(ChannelRules.parse(List.of("#general")).permit(new Conversation("D0000009", "general", true)))
                .isFalse();
    }

    @Test
    void writingIsOffUnlessItIsSaid() {
        assertThat(policy(Map.of()).writes()).isFalse();
        assertThat(policy(Map.of("MCP_WRITE", "on")).mayWrite(GENERAL)).isTrue();
        Policy some = policy(Map.of("MCP_WRITE", "!#secret"));
        assertThat(some.mayWrite(GENERAL)).isTrue();
        assertThat(some.mayWrite(SECRET)).isFalse();
        assertThat(some.readOnly().mayWrite(GENERAL)).isFalse();
    }

    @Test
    void aChannelThatMayNotBeReadMayNotBeWritten() {
        assertThat(policy(Map.of("MCP_WRITE", "on", "MCP_CHANNELS", "!#secret")).mayWrite(SECRET))
                .isFalse();
    }

    @Test
    void aMistakeIsNoPermission() {
        for (String wrong : List.of(",", "ON", "true", "#", "!", "general", "#a b", "!!#general")) {
            assertThatThrownBy(() -> policy(Map.of("MCP_WRITE", wrong)))
                    .as(wrong)
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("MCP_WRITE");
        }
        assertThat(new Writing(false, ChannelRules.ALL))
                .isEqualTo(AccessSettings.WRITE.parser().apply("off"));
    }

    private static Policy policy(Map<String, String> settings) {
        return AccessSettings.policy(Settings.parse(settings, AccessSettings.ALL));
    }
}
