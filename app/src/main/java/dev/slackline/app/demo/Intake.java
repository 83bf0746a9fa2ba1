package dev.slackline.app.demo;

/** The two ways in, as the ledger calls them. */
enum Intake {
    HTTP("over HTTP"),
    SOCKET_MODE("over Socket Mode");

    private final String words;

    Intake(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
