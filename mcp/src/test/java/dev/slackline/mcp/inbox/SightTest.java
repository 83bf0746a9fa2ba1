package dev.slackline.mcp.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.access.ChannelRules;
import dev.slackline.mcp.access.Conversation;
import dev.slackline.mcp.access.Conversations;
import dev.slackline.slack.event.SlackEvent;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

class SightTest {

    private final CompletableFuture<Conversation> answer = new CompletableFuture<>();
    private final AtomicInteger asked = new AtomicInteger();
    private final Conversations conversations = new Conversations() {
        @Override
        public CompletionStage<Conversation> find(String reference, boolean writes) {
            asked.incrementAndGet();
            return answer;
        }

        @Override
        public CompletionStage<List<Conversation>> ofFile(String id) {
            return CompletableFuture.completedFuture(List.of());
        }
    };

    @Test
    void withoutRulesEverythingIsSeenAndNothingAsked() {
        assertThat(Sight.of(ChannelRules.ALL, conversations)).isSameAs(Inbox.EVERYTHING);
    }

    @Test
    void anEventIsSeenOnceItsChannelIsKnownToBeOpen() {
        Predicate<SlackEvent> sight = Sight.of(ChannelRules.parse(List.of("#open")), conversations);
        SlackEvent event = SlackEvent.of(Mentions.of("C1", "U1", "hello"));

        assertThat(sight.test(event)).isFalse();
        answer.complete(new Conversation("C1", "open", false));

        assertThat(sight.test(event)).isTrue();
        assertThat(asked).hasValue(1);
    }

    @Test
    void whatIsDeniedOrCannotBeFoundIsNotSeen() {
        SlackEvent event = SlackEvent.of(Mentions.of("C1", "U1", "hello"));
        Predicate<SlackEvent> denying = Sight.of(ChannelRules.parse(List.of("!#secret")), conversations);
        assertThat(denying.test(event)).isFalse();
        answer.complete(new Conversation("C1", "secret", false));
        assertThat(denying.test(event)).isFalse();

        answer.obtrudeException(new IllegalStateException("no such channel"));
        assertThat(Sight.of(ChannelRules.parse(List.of("!#secret")), conversations)
                        .test(event))
                .isFalse();
    }
}
