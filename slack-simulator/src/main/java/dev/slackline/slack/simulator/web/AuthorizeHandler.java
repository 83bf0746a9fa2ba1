package dev.slackline.slack.simulator.web;

import dev.slackline.slack.simulator.state.Workspace;
import dev.slackline.slack.simulator.state.World;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/**
 * Where people are sent to install the app, {@code /oauth/v2/authorize}: allowed at once, in the workspace that the
 * parameter {@code team} names or in the first; refused with {@code access_denied} for {@code deny=1}.
 */
public final class AuthorizeHandler extends Handler.Abstract {

    private final World world;

    /** Installs into the workspaces of a world. */
    public AuthorizeHandler(World world) {
        this.world = world;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals("/oauth/v2/authorize")) {
            return false;
        }
        Fields query = Request.extractQueryParameters(request);
        String given = value(query, "redirect_uri");
        String redirect = given.isEmpty() ? world.installations().redirect() : given;
        if (!value(query, "client_id").equals(world.app().clientId()) || !redirect.startsWith("http")) {
            Response.writeError(request, response, callback, HttpStatus.BAD_REQUEST_400);
            return true;
        }
        Workspace workspace =
                world.workspace(value(query, "team")).orElse(world.workspaces().get(0));
        String result = value(query, "deny").isEmpty()
                ? "code=" + encoded(world.installations().allow(workspace, redirect))
                : "error=access_denied";
        String location =
                redirect + (redirect.contains("?") ? "&" : "?") + result + "&state=" + encoded(value(query, "state"));
        response.setStatus(HttpStatus.FOUND_302);
        response.getHeaders().put(HttpHeader.LOCATION, location);
        callback.succeeded();
        return true;
    }

    private static String value(Fields query, String name) {
        String value = query.getValue(name);
        return value == null ? "" : value;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
