package dev.slackline.mcp.slack;

import dev.slackline.mcp.Content;
import dev.slackline.mcp.access.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** What stands in files. */
final class Downloads {

    private Downloads() {}

    /** The file with its {@code text}, or with the picture that it is. */
    static CompletableFuture<Map<String, Object>> read(Map<String, Object> file, Slack slack) {
        String type = Slack.text(file, "mimetype");
        return bytes(file, slack).thenApply(bytes -> {
            Map<String, Object> read = new LinkedHashMap<>(file);
            if (type.startsWith("image/")) {
                read.put(
                        SlackTool.CONTENT, new Content.Image(Base64.getEncoder().encodeToString(bytes), type));
            } else {
                read.put("text", text(bytes));
            }
            return read;
        });
    }

    static CompletableFuture<byte[]> bytes(Map<String, Object> file, Slack slack) {
        long max = slack.settings().maxFileSize();
        if (file.get("size") instanceof Number size && size.longValue() > max) {
            throw new RefusedException("The file is larger than the " + max + " bytes that may be read here.");
        }
        String url = Slack.text(file, "url_private");
        if (url.isEmpty() || Boolean.TRUE.equals(file.get("is_external"))) {
            throw new RefusedException("The content of this file is not at Slack, and cannot be read here.");
        }
        return slack.api().download(slack.settings().team(), url, max);
    }

    static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new RefusedException("The file is neither text nor a picture, and cannot be read here.");
        }
    }
}
