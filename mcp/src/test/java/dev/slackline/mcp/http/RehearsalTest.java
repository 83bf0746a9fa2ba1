package dev.slackline.mcp.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.slackline.mcp.ResourceUpdates;
import dev.slackline.mcp.conformance.Fixtures;
import dev.slackline.mcp.protocol.Methods;
import dev.slackline.mcp.protocol.Offer;
import org.junit.jupiter.api.Test;

class RehearsalTest {

    @Test
    void whatClientsSayFirstIsAnsweredInBothEras() {
        Offer offer = new Offer(Fixtures.catalog(), new ResourceUpdates(), "1.0", "How to use it.");

        assertThat(new Rehearsal(offer, new Methods(offer.catalog())).run()).isEqualTo(4);
    }
}
