package dev.slackline.backend.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgresql://bot:s%40cret@db:5433/work?connectTimeout=7",
                "postgres://bot:s%40cret@db:5433/work?connectTimeout=7",
                "jdbc:postgresql://bot:s%40cret@db:5433/work?connectTimeout=7"
            })
    void everyUsualFormIsUnderstood(String url) {
        Target target = Target.parse(url);
        assertThat(target.jdbcUrl()).isEqualTo("jdbc:postgresql://db:5433/work?connectTimeout=7");
        assertThat(target.user()).isEqualTo("bot");
        assertThat(target.password()).isEqualTo("s@cret");
    }

    @Test
    void userAndPasswordMayBeLeftOut() {
        Target target = Target.parse("postgresql://db/work");
        assertThat(target.jdbcUrl()).isEqualTo("jdbc:postgresql://db/work");
        assertThat(target.user()).isNull();
        assertThat(target.password()).isNull();
    }

    @Test
    void ofSeveralHostsThePrimaryIsMeant() {
        assertThat(Target.parse("postgresql://a:1,b:2/work").jdbcUrl()).endsWith("/work?targetServerType=primary");
        assertThat(Target.parse("postgresql://a:1,b:2/work?targetServerType=any")
                        .jdbcUrl())
                .endsWith("/work?targetServerType=any");
    }

    @Test
    void aPasswordIsNeverShown() {
        Target target = Target.parse("postgresql://bot:hush@db:5433/work");
        assertThat(target.toString() + target.place()).contains("db:5433/work").doesNotContain("hush");
    }

    @ParameterizedTest
    @ValueSource(strings = {"db", "mysql://db/work", "postgresql://db", "postgresql://db/", "postgresql://db:no/work"})
    void whatNamesNoDatabaseIsRefused(String url) {
        assertThatThrownBy(() -> Target.parse(url))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("postgresql://user@host:5432/database");
    }
}
