package dev.slackline.mcp;

/**
 * What a resource holds.
 *
 * @param uri which one
 * @param mimeType {@code application/json}
 * @param text what it holds; in base64 if {@code binary}
 * @param binary whether it is no text
 */
public record ResourceContents(String uri, String mimeType, String text, boolean binary) {}
