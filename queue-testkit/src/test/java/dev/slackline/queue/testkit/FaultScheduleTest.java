package dev.slackline.queue.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.queue.testkit.FaultSchedule.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FaultScheduleTest {

    private static final List<Fault> ALL = List.of(Fault.values());

    @Test
    void theSameSeedGivesTheSameScheduleAndAnotherOneAnother() {
        FaultSchedule schedule = FaultSchedule.of(new Random(7), Duration.ofMinutes(5), ALL);

        assertThat(FaultSchedule.of(new Random(7), Duration.ofMinutes(5), ALL)).isEqualTo(schedule);
        assertThat(FaultSchedule.of(new Random(8), Duration.ofMinutes(5), ALL)).isNotEqualTo(schedule);
    }

    @Test
    void itTakesAboutAsLongAsItWasTold() {
        Duration told = Duration.ofMinutes(10);
        List<Fault> quick = List.of(Fault.KILL_CONSUMER, Fault.CUT);

        Duration all = FaultSchedule.of(new Random(7), told, quick).steps().stream()
                .map(step -> step.quiet().plus(step.length()))
                .reduce(Duration.ZERO, Duration::plus);

        assertThat(all).isBetween(told, told.plusSeconds(10));
    }

    @Test
    void itHasOnlyTheFaultsItWasGivenAndSaysHowOftenEachComes() {
        FaultSchedule schedule = FaultSchedule.of(new Random(7), Duration.ofMinutes(1), List.of(Fault.KILL_CONSUMER));

        assertThat(schedule.steps()).extracting(FaultSchedule.Step::fault).containsOnly(Fault.KILL_CONSUMER);
        assertThat(schedule).hasToString(schedule.steps().size() + " × kill consumer");
    }
}
