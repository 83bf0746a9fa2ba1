package dev.slackline.slack;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Requests as Slack sends them. */
final class Samples {

    static final String MENTION = """
            {"token":"XXYYZZ","team_id":"T123ABC456","api_app_id":"A123ABC456","event":{"type":"app_mention",\
            "user":"U123ABC456","text":"<@U0LAN0Z89> is it 💡 \\u00e9?","ts":"1515449522.000016",\
            "channel":"C123ABC456","event_ts":"1515449522000016"},"type":"event_callback","event_id":"Ev123ABC456",\
            "event_time":1515449522000016,"authed_users":["U0LAN0Z89"],"number":1.0E+2}""";

    static final String COMMAND = "token=gIkuvaNzQIHg97ATvDxqgjtO&team_id=T0001&team_domain=example"
            + "&channel_id=C2147483705&channel_name=test&user_id=U2147483697&user_name=Steve&command=%2Fweather"
            + "&text=94070+%26+%F0%9F%8C%A7"
            + "&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2F1234%2F5678"
            + "&trigger_id=13345224609.738474920.8088930838d88f008e0";

    static final String BLOCK_ACTIONS =
            "{\"type\":\"block_actions\",\"team\":{\"id\":\"T9TK3CUKW\",\"domain\":\"example\"},"
                    + "\"user\":{\"id\":\"UA8RXUSPL\",\"team_id\":\"T9TK3CUKW\"},\"trigger_id\":\"12321423423.333649436676.d8c1\","
                    + "\"channel\":{\"id\":\"CBR2V3XEX\",\"name\":\"review\"},"
                    + "\"actions\":[{\"action_id\":\"WaXA\",\"action_ts\":\"1548426417.840180\",\"value\":\"a & b + c\"}]}";

    static final String RATE_LIMITED = "{\"token\":\"Jhj5dZrVaK7ZwHHjRyZWjbDl\",\"type\":\"app_rate_limited\","
            + "\"team_id\":\"T123456\",\"minute_rate_limited\":1518467820,\"api_app_id\":\"A123456\"}";

    private Samples() {}

    /** An event callback with this id and inner event. */
    static String event(String id, String inner) {
        return "{\"type\":\"event_callback\",\"team_id\":\"T1\",\"event_id\":\"" + id + "\",\"event\":" + inner + "}";
    }

    /** The form body that carries an interaction. */
    static String interaction(String json) {
        return "payload=" + URLEncoder.encode(json, StandardCharsets.UTF_8);
    }
}
