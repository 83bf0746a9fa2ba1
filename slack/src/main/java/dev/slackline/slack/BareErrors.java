package dev.slackline.slack;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Errors as a status and its name: nothing of the request, no stack trace. */
final class BareErrors implements Request.Handler {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        // a version of HTTP that we do not speak is the client's fault, not a failure of this server
        int status = response.getStatus() == HttpStatus.HTTP_VERSION_NOT_SUPPORTED_505
                ? HttpStatus.BAD_REQUEST_400
                : response.getStatus();
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/plain;charset=utf-8");
        response.write(true, ByteBuffer.wrap(HttpStatus.getMessage(status).getBytes(StandardCharsets.UTF_8)), callback);
        return true;
    }
}
