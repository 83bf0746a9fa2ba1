package dev.slackline.mcp.slack;

import static dev.slackline.mcp.Tool.Effect.ADDS;
import static dev.slackline.mcp.Tool.Effect.READS;
import static dev.slackline.mcp.slack.Shape.list;
import static dev.slackline.mcp.slack.Shape.object;
import static dev.slackline.mcp.slack.Shape.text;
import static dev.slackline.mcp.slack.Shape.texts;
import static dev.slackline.mcp.slack.Shapes.SHARED_FILE;
import static dev.slackline.mcp.slack.Shapes.THE_CHANNEL;
import static dev.slackline.mcp.slack.SlackTool.named;

import dev.slackline.mcp.slack.SlackToolsSettings.FileAccess;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Files: which there are, and if the operator wants it, what stands in them. */
final class FileTools {

    private static final Field FILE = Field.text("file", 50, "F…, from a message, a list or a search.");

    private FileTools() {}

    static List<SlackTool> all(SlackToolsSettings settings) {
        List<SlackTool> tools = new ArrayList<>(List.of(files(), info()));
        if (settings.files() != FileAccess.OFF) {
            tools.add(read(settings.maxFileSize()));
        }
        if (settings.files() == FileAccess.ON) {
            tools.add(upload(settings));
        }
        return tools;
    }

    private static SlackTool files() {
        return named("slack_list_files", READS, "List files", "Files that were shared, newest first.")
                .takes(Fields.CHANNEL.optional(), Fields.USER.optional())
                .does((given, slack) -> Numbered.call(given, slack, "files.list", "")
                        .thenApply(answer -> Numbered.placed(answer, "files")))
                .returns(list("files", SHARED_FILE), text("next_cursor"))
                .numbered(100, 20)
                .formatted();
    }

    private static SlackTool info() {
        return named("slack_file_info", READS, "Look at a file", "Name, kind, size and places of a file.")
                .takes(FILE)
                .does((given, slack) -> info(given.text("file"), slack).thenApply(file -> Map.of("info", file)))
                .returns(object("info", SHARED_FILE).must())
                .formatted();
    }

    private static SlackTool read(long max) {
        return named(
                        "slack_read_file",
                        READS,
                        "Read a file",
                        "What stands in a file of text, or a picture, of " + max + " bytes at most.")
                .takes(FILE)
                .does((given, slack) ->
                        info(given.text("file"), slack).thenCompose(file -> Downloads.read(file, slack)))
                .returns(
                        text("file").from("id").must(),
                        text("name"),
                        text("mimetype"),
                        texts("channels").must(),
                        text("text"))
                .formatted();
    }

    private static SlackTool upload(SlackToolsSettings settings) {
        List<Field> fields = new ArrayList<>(List.of(
                Fields.CHANNEL.as("channel_id"),
                Field.text("filename", 255, "Its name, with an ending that says what it is.")
                        .kept(),
                Field.text("content", 1_000_000, "The text that shall stand in it.")
                        .optional()
                        .kept()));
        settings.uploadFolder()
                .ifPresent(folder -> fields.add(Field.text(
                                "path",
                                1_000,
                                "Instead of content: a file in the folder for uploads, by its path there.")
                        .optional()
                        .kept()));
        fields.add(
                Field.text("comment", 4_000, "What is said with it.").optional().as("initial_comment"));
        fields.add(Fields.THREAD.optional());
        return named(
                        "slack_upload_file",
                        ADDS,
                        "Upload a file",
                        "Shares a file of " + settings.maxFileSize() + " bytes at most in a channel or a thread.")
                .takes(fields.toArray(Field[]::new))
                .does((given, slack) ->
                        Uploads.content(given, settings).thenCompose(bytes -> upload(given, bytes, slack)))
                .returns(THE_CHANNEL, text("file").must());
    }

    private static CompletableFuture<Map<String, Object>> upload(Given given, byte[] bytes, Slack slack) {
        Map<String, Object> announced = Map.of("filename", given.text("filename"), "length", bytes.length);
        return slack.call("files.getUploadURLExternal", announced).thenCompose(place -> {
            String id = Slack.text(place, "file_id");
            Map<String, Object> arguments = given.forSlack();
            arguments.put("files", List.of(Map.of("id", id, "title", given.text("filename"))));
            return slack.api()
                    .upload(Slack.text(place, "upload_url"), bytes)
                    .thenCompose(unused -> slack.call("files.completeUploadExternal", arguments))
                    .thenApply(answer -> Map.of("file", id));
        });
    }

    /** A file as Slack describes it, with all the places where it is shared under one name. */
    static CompletableFuture<Map<String, Object>> info(String id, Slack slack) {
        return slack.call("files.info", Map.of("file", id)).thenApply(answer -> {
            Map<String, Object> file = new LinkedHashMap<>(Slack.object(answer, "file"));
            file.put("channels", Directory.places(file));
            return file;
        });
    }
}
