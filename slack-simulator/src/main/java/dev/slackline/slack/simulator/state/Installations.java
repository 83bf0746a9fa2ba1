package dev.slackline.slack.simulator.state;

import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Codes that people get when they install the app, and the tokens that those become. Thread-safe. */
public final class Installations {

    /**
     * What an installation is given.
     *
     * @param refresh empty if the token never expires
     */
    public record Tokens(String access, String refresh) {

        /** Keeps tokens out of logs. */
        @Override
        public String toString() {
            return "Tokens[…]";
        }
    }

    private record Code(Workspace workspace, String redirect) {}

    private final World world;
    private final Map<String, Code> codes = new ConcurrentHashMap<>();
    private final Map<String, Workspace> refreshes = new ConcurrentHashMap<>();
    private volatile boolean rotating;

    Installations(World world) {
        this.world = world;
    }

    /** Whether tokens expire after twelve hours and have to be refreshed. */
    public void rotating(boolean on) {
        rotating = on;
    }

    /** A code for the app, as after a person allowed it. */
    public String allow(Workspace workspace, String redirect) {
        String code = "1000." + UUID.randomUUID();
        codes.put(code, new Code(workspace, redirect));
        return code;
    }

    /** Uses a code up, for the address that it was given to. */
    public Optional<Workspace> exchange(String code, String redirect) {
        Code found = codes.remove(code);
        return Optional.ofNullable(found)
                .filter(given -> redirect.isEmpty() || redirect.equals(given.redirect))
                .map(Code::workspace);
    }

    /** Uses a refresh token up. */
    public Optional<Workspace> refresh(String token) {
        return Optional.ofNullable(refreshes.remove(token));
    }

    /** Gives the app tokens for a workspace. */
    public Tokens install(Workspace workspace) {
        String secret = workspace.id() + "-" + UUID.randomUUID();
        String refresh = rotating ? "xoxe-1-" + secret : "";
        String access = (rotating ? "xoxe.xoxb-" : "xoxb-") + secret;
        if (rotating) {
            refreshes.put(refresh, workspace);
        }
        world.grants()
                .add(
                        access,
                        new Grant(
                                Grant.Kind.BOT,
                                workspace,
                                workspace.bot(),
                                world.app().scopes()));
        return new Tokens(access, refresh);
    }
}
