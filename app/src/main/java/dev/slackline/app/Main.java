package dev.slackline.app;

final class Main {
    private Main() {}
}
