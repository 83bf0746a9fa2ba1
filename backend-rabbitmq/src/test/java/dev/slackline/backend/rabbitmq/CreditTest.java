package dev.slackline.backend.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CreditTest {

    private final Credit credit = new Credit(256);
    private long now;

    @Test
    void whatIsAskedForIsGrantedUpToTheWindow() {
        assertThat(credit.missing(10, now)).isEqualTo(10);
        assertThat(new Credit(256).missing(100_000, now)).isEqualTo(256);
    }

    @Test
    void whatIsGrantedAndNotUsedIsNotAskedForAgain() {
        credit.grant(10);
        assertThat(credit.missing(10, now)).isZero();
        use(4);
        assertThat(credit.missing(6, now)).isZero();
    }

    @Test
    void anAcknowledgementUnderWayMakesRoomByItself() {
        credit.grant(64);
        use(64);
        assertThat(credit.missing(1, now)).isZero();
        credit.giveBack(credit.epoch());
        assertThat(credit.missing(1, now)).isZero();
        assertThat(credit.isStuck()).isFalse();
    }

    @Test
    void whoHoldsEverythingAndAsksForMoreGetsItAfterAMoment() {
        credit.grant(64);
        use(64);
        assertThat(credit.missing(3, now)).isZero();
        assertThat(credit.isStuck()).isTrue();
        now += Credit.STUCK.toNanos();
        assertThat(credit.missing(3, now)).isEqualTo(3);
    }

    @Test
    void muchMoreThanAtFirstIsGrantedAtOnce() {
        credit.grant(1);
        assertThat(credit.missing(1000, now)).isEqualTo(255);
    }

    @Test
    void whatCameOnRevokedConsumersCountsNoMore() {
        credit.grant(10);
        int before = credit.epoch();
        use(10);
        credit.revoke();
        assertThat(credit.missing(5, now)).isEqualTo(5);
        credit.grant(5);
        credit.giveBack(before);
        assertThat(credit.missing(5, now)).isZero();
    }

    private void use(int count) {
        for (int i = 0; i < count; i++) {
            credit.use(credit.epoch());
        }
    }
}
