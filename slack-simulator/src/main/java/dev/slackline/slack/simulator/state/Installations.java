package dev.slackline.slack.simulator.state;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Codes that people get when they install the app, and the tokens that those become. Thread-safe. */
public final class Installations {

    /** How long a token is good while tokens rotate. */
    public static final Duration LIFE = Duration.ofHours(12);

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
    private final InstantSource clock;
    private volatile boolean rotating;
    private volatile String redirect = "";

    Installations(World world, InstantSource clock) {
        this.world = world;
        this.clock = clock;
    }

    /** Whether tokens expire after {@link #LIFE} and have to be refreshed. */
    public void rotating(boolean on) {
        rotating = on;
    }

    /** The address that people are sent back to when the app names none; empty for none. */
    public String redirect() {
        return redirect;
    }

    /** Changes the address that people are sent back to when the app names none. */
    public void redirect(String url) {
        redirect = url;
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
        Grant grant = new Grant(
                Grant.Kind.BOT, workspace, workspace.bot(), world.app().scopes());
        if (rotating) {
            refreshes.put(refresh, workspace);
            world.grants().add(access, grant, clock.instant().plus(LIFE));
        } else {
            world.grants().add(access, grant);
        }
        return new Tokens(access, refresh);
    }
}
