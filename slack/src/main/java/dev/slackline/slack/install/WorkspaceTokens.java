package dev.slackline.slack.install;

import dev.slackline.slack.api.SlackApi;
import dev.slackline.slack.api.SlackApiException;
import dev.slackline.slack.api.SlackToken;
import dev.slackline.slack.api.SlackTokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of installed workspaces, exchanged before they expire: by one thread of one process at a time, because Slack takes a
 * refresh token once. Thread-safe.
 */
public final class WorkspaceTokens implements SlackTokens, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(WorkspaceTokens.class);

    /** Slack's live for twelve hours. */
    private static final Duration BEFORE_EXPIRY = Duration.ofMinutes(30);

    private final Installations installations;
    private final SlackTokens others;
    private final @Nullable OAuth oauth;
    private final InstantSource clock;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "slackline-slack-tokens");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<String, CompletableFuture<SlackToken>> refreshes = new ConcurrentHashMap<>();
    /** Tokens of which Slack has said that they have expired. */
    private final Set<String> expired = ConcurrentHashMap.newKeySet();

    /**
     * Tokens of workspaces.
     *
     * @param others where a workspace that is not among the installations has its token
     * @param slack what exchanges tokens, without a token of its own; closed by the caller
     */
    public WorkspaceTokens(
            Installations installations,
            SlackTokens others,
            SlackApi slack,
            InstallSettings settings,
            InstantSource clock) {
        this.installations = installations;
        this.others = others;
        this.oauth = settings.isInstallable() ? new OAuth(slack, settings, clock) : null;
        this.clock = clock;
    }

    @Override
    public CompletionStage<SlackToken> token(String team, Kind kind) {
        Optional<Installation> installation = installation(team);
        if (installation.isEmpty()) {
            return others.token(team, kind);
        }
        String workspace = installation.get().team();
        Credential credential = credential(installation.get(), kind);
        if (credential == null) {
            return CompletableFuture.failedFuture(SlackApiException.notInstalled(workspace));
        }
        if (!isDue(credential)) {
            return CompletableFuture.completedFuture(new SlackToken(workspace, credential.token()));
        }
        return refreshes.compute(
                workspace + "/" + kind,
                (name, running) -> running == null || running.isDone() ? refresh(workspace, kind, name) : running);
    }

    @Override
    public boolean expired(SlackToken token) {
        boolean renewable = oauth != null
                && installations
                        .find(token.workspace())
                        .filter(found -> isRenewable(found.bot(), token) || isRenewable(found.user(), token))
                        .isPresent();
        if (renewable) {
            expired.add(token.value());
        }
        return renewable;
    }

    /** Exchanges no more tokens. Idempotent. */
    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Optional<Installation> installation(String team) {
        if (team.isEmpty()) {
            Set<String> teams = installations.teams();
            return teams.size() == 1 ? installations.find(teams.iterator().next()) : Optional.empty();
        }
        return installations.find(team);
    }

    private boolean isDue(Credential credential) {
        Instant expiry = credential.expiresAt();
        return oauth != null
                && credential.rotates()
                && (expired.contains(credential.token())
                        || (expiry != null && expiry.minus(BEFORE_EXPIRY).isBefore(clock.instant())));
    }

    private CompletableFuture<SlackToken> refresh(String team, Kind kind, String name) {
        CompletableFuture<SlackToken> refresh =
                CompletableFuture.supplyAsync(() -> installations.alone(team, () -> refreshed(team, kind)), threads);
        refresh.whenCompleteAsync((token, error) -> refreshes.remove(name, refresh), threads);
        return refresh;
    }

    /** Another process may have been faster. */
    private SlackToken refreshed(String team, Kind kind) {
        Credential old =
                installations.find(team).map(found -> credential(found, kind)).orElse(null);
        OAuth slack = oauth;
        if (old == null || slack == null) {
            throw SlackApiException.notInstalled(team);
        }
        if (!isDue(old)) {
            return new SlackToken(team, old.token());
        }
        try {
            Credential fresh = slack.refreshed(old).join();
            installations.change(
                    team,
                    found -> found.map(installation ->
                            kind == Kind.USER ? installation.withUser(fresh) : installation.withBot(fresh)));
            expired.remove(old.token());
            return new SlackToken(team, fresh.token());
        } catch (CompletionException e) {
            Instant expiry = old.expiresAt();
            boolean good = !expired.contains(old.token()) && expiry != null && expiry.isAfter(clock.instant());
            log.warn("a token could not be renewed team={} still_good={} cause=\"{}\"", team, good, reason(e));
            if (good) {
                return new SlackToken(team, old.token());
            }
            throw e.getCause() instanceof SlackApiException failure ? failure : e;
        }
    }

    private static @Nullable String reason(CompletionException e) {
        return e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
    }

    private static boolean isRenewable(@Nullable Credential credential, SlackToken token) {
        return credential != null && credential.rotates() && credential.token().equals(token.value());
    }

    private static @Nullable Credential credential(Installation installation, Kind kind) {
        return kind == Kind.USER ? installation.user() : installation.bot();
    }
}
