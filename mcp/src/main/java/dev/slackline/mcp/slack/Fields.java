package dev.slackline.mcp.slack;

/** The arguments that many tools have. */
final class Fields {

    static final String FORMAT_NAME = "response_format";
    static final String DETAILED = "detailed";

    static final Field CHANNEL = Field.text(
            "channel", 300, "#name, @person for a direct message, a channel id, or the address of a message in it.");

    static final Field MESSAGE = Field.ts("ts", "The ts of the message, such as 1700000000.000100.");

    static final Field THREAD = Field.ts("thread_ts", "The ts of the message that the thread hangs on.");

    static final Field TEXT = Field.text(
            "text",
            40_000,
            "In Slack's mrkdwn: *bold*, _italic_, <https://x|link>, <@U…>. Best below 4,000 characters.");

    static final Field BLOCKS = Field.objects(
                    "blocks", 50, "Block Kit blocks; the text is then what notifications show.")
            .optional();

    static final Field USER = Field.user("user", "@name, an id, or a mention.");

    static final Field CURSOR =
            Field.text("cursor", 500, "next_cursor of the page before.").optional();

    static final Field FORMAT = Field.choice(
                    FORMAT_NAME, "concise: what is needed, long texts cut; detailed: everything.", "concise", DETAILED)
            .kept();

    private Fields() {}

    /** How many to a page. */
    static Field limit(int max, int fallback) {
        return Field.number("limit", 1, max, "How many at most.").or((long) fallback);
    }
}
