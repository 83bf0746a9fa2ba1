package dev.slackline.mcp;

/** A piece of what an agent reads. Binary data is in base64. */
public sealed interface Content {

    /** Plain text. */
    record Text(String text) implements Content {}

    /** A picture. */
    record Image(String data, String mimeType) implements Content {}

    /** A sound. */
    record Audio(String data, String mimeType) implements Content {}

    /** What a resource holds, in place. */
    record Embedded(ResourceContents contents) implements Content {}
}
