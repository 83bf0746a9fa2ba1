package dev.slackline.slack.install;

import dev.slackline.slack.api.SlackApi;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two pages of an installation: {@code /slack/install} sends the browser to Slack, {@code /slack/oauth_redirect} takes it
 * back and keeps the tokens. Other paths are left to other handlers. Nothing of a request is shown again. Thread-safe.
 */
public final class InstallDoor extends Handler.Abstract.NonBlocking {

    private static final Logger log = LoggerFactory.getLogger(InstallDoor.class);
    private static final String START = "/slack/install";
    private static final String RETURN = "/slack/oauth_redirect";
    private static final String COOKIE = "slackline_install";

    private final Installations installations;
    private final InstallSettings settings;
    private final URI authorize;
    private final OAuth oauth;
    private final InstallState state;

    /**
     * A door for the app of the settings.
     *
     * @param slack what exchanges the code; needs no token; closed by the caller
     * @param apiUrl where the Web API is; the page where people allow the app is beside it
     */
    public InstallDoor(
            Installations installations, InstallSettings settings, SlackApi slack, URI apiUrl, InstantSource clock) {
        this.installations = installations;
        this.settings = settings;
        this.authorize = apiUrl.resolve("../oauth/v2/authorize");
        this.oauth = new OAuth(slack, settings, clock);
        this.state = new InstallState(settings.clientSecret(), clock);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        String path = Request.getPathInContext(request);
        if (!path.equals(START) && !path.equals(RETURN)) {
            return false;
        }
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("Referrer-Policy", "no-referrer");
        if (!request.getMethod().equals("GET")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET");
            say(response, callback, HttpStatus.METHOD_NOT_ALLOWED_405, "Open this page in a browser.");
        } else if (path.equals(START)) {
            begin(request, response, callback);
        } else {
            finish(request, response, callback);
        }
        return true;
    }

    private void begin(Request request, Response response, Callback callback) {
        String fresh = state.create();
        List<String> query = new ArrayList<>();
        query.add("client_id=" + encode(settings.clientId()));
        query.add("scope=" + encode(String.join(",", settings.scopes())));
        query.add("user_scope=" + encode(String.join(",", settings.userScopes())));
        query.add("state=" + encode(fresh));
        if (!settings.redirectUrl().isEmpty()) {
            query.add("redirect_uri=" + encode(settings.redirectUrl()));
        }
        cookie(request, response, fresh, InstallState.LIFE.toSeconds());
        response.getHeaders().put(HttpHeader.LOCATION, authorize + "?" + String.join("&", query));
        response.setStatus(HttpStatus.FOUND_302);
        callback.succeeded();
    }

    private void finish(Request request, Response response, Callback callback) {
        Fields query = Request.extractQueryParameters(request);
        boolean ours = state.isValid(query.getValue("state"), kept(request));
        String code = query.getValue("code");
        cookie(request, response, "", 0);
        if (!ours) {
            say(
                    response,
                    callback,
                    HttpStatus.BAD_REQUEST_400,
                    "This installation was not begun in this browser, or too" + " long ago. Begin again at " + START
                            + ".");
        } else if (code == null) {
            say(response, callback, HttpStatus.OK_200, "The app was not installed.");
        } else {
            oauth.installation(code)
                    .thenAcceptAsync(installations::save)
                    .whenComplete((nothing, error) -> finished(response, callback, error));
        }
    }

    private static void finished(Response response, Callback callback, @Nullable Throwable error) {
        if (error == null) {
            log.info("the app was installed to a workspace");
            say(response, callback, HttpStatus.OK_200, "The app is installed. You may close this page.");
        } else {
            Throwable cause = error.getCause() == null ? error : error.getCause();
            log.warn("an installation failed cause=\"{}\"", cause.getMessage());
            say(
                    response,
                    callback,
                    HttpStatus.BAD_GATEWAY_502,
                    "Slack did not complete the installation. Begin again at " + START
                            + "; the log of the app says more.");
        }
    }

    private void cookie(Request request, Response response, String value, long seconds) {
        boolean secure = request.isSecure() || settings.redirectUrl().startsWith("https:");
        response.getHeaders()
                .add(
                        HttpHeader.SET_COOKIE,
                        COOKIE + "=" + value + "; Path=/slack; HttpOnly; SameSite=Lax; Max-Age=" + seconds
                                + (secure ? "; Secure" : ""));
    }

    private static @Nullable String kept(Request request) {
        return Request.getCookies(request).stream()
                .filter(cookie -> cookie.getName().equals(COOKIE))
                .map(cookie -> cookie.getValue())
                .findFirst()
                .orElse(null);
    }

    private static void say(Response response, Callback callback, int status, String text) {
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.write(true, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), callback);
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
