package dev.slackline.backend.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GroupRulesTest {

    private static final Duration SESSION = Duration.ofSeconds(8);

    private final Map<String, String> limits = new HashMap<>(Map.of(
            "group.consumer.min.session.timeout.ms", "6000",
            "group.consumer.min.heartbeat.interval.ms", "1000"));

    private boolean isUsedAt(int level) {
        return GroupRules.suits(new Abilities(Map.of(GroupRules.FEATURE, level), limits), SESSION);
    }

    @Test
    void theNewProtocolIsUsedWhereItIsAsQuickAsTheOlderOne() {
        assertThat(isUsedAt(1)).isTrue();
    }

    @Test
    void brokersThatDoNotHaveItAreNotAskedForIt() {
        assertThat(isUsedAt(0)).isFalse();
    }

    @Test
    void brokersThatNoticeADeadMemberLateAreUsedWithTheOlderOne() {
        limits.put("group.consumer.min.session.timeout.ms", "45000");
        assertThat(isUsedAt(1)).isFalse();
    }

    @Test
    void brokersThatPassPartitionsOnLateAreUsedWithTheOlderOne() {
        limits.put("group.consumer.min.heartbeat.interval.ms", "5000");
        assertThat(isUsedAt(1)).isFalse();
    }

    @Test
    void whatBrokersDoNotTellIsTakenForKafkasOwn() {
        limits.clear();
        assertThat(isUsedAt(1)).isFalse();
    }
}
