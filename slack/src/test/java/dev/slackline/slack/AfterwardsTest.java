package dev.slackline.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

class AfterwardsTest {

    private final List<String> done = new ArrayList<>();
    private final Executor connections = Afterwards.or(task -> {
        done.add("on another thread:");
        task.run();
    });

    @Test
    void whatIsLeftWithinTheWorkIsDoneAfterIt() {
        Afterwards.run(() -> {
            connections.execute(() -> done.add("afterwards"));
            done.add("work");
        });
        assertThat(done).containsExactly("work", "afterwards");
    }

    @Test
    void outsideOfTheWorkTheExecutorHasIt() {
        connections.execute(() -> done.add("task"));
        Afterwards.run(() -> connections.execute(() -> connections.execute(() -> done.add("task of a task"))));
        assertThat(done).containsExactly("on another thread:", "task", "on another thread:", "task of a task");
    }

    @Test
    void oneThatFailsKeepsNoOtherFromItsTurn() {
        Afterwards.run(() -> {
            connections.execute(() -> {
                throw new IllegalStateException("broken");
            });
            connections.execute(() -> done.add("the next"));
        });
        assertThat(done).containsExactly("the next");
    }

    @Test
    void workThatFailsKeepsNobodyFromTheirTurn() {
        assertThatThrownBy(() -> Afterwards.run(() -> {
                    connections.execute(() -> done.add("afterwards"));
                    throw new IllegalStateException("broken");
                }))
                .hasMessage("broken");
        assertThat(done).containsExactly("afterwards");
    }
}
