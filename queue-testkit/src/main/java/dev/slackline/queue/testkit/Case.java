package dev.slackline.queue.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** A test method of the kit, and the ids of the cases of the {@link Catalogue} that it checks. */
@Test
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Case {

    /** The ids, 1 to 79. They stay the same over all versions of the kit. */
    int[] value();
}
