package dev.slackline.app.serve;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Something to read at one path. Holds no thread while the answer is put together. */
final class Page extends Handler.Abstract.NonBlocking {

    private static final Logger log = LoggerFactory.getLogger(Page.class);

    /**
     * What is answered.
     *
     * @param status the HTTP status
     * @param type the content type, without its charset
     * @param text the body
     */
    record Answer(int status, String type, String text) {}

    private final String path;
    private final Supplier<CompletableFuture<Answer>> answer;

    Page(String path, Supplier<CompletableFuture<Answer>> answer) {
        this.path = path;
        this.answer = answer;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        if (!Request.getPathInContext(request).equals(path)) {
            return false;
        }
        if (!request.getMethod().equals("GET") && !request.getMethod().equals("HEAD")) {
            response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
            write(response, callback, new Answer(405, "text/plain", "only GET is answered here\n"));
            return true;
        }
        ask().whenComplete((found, error) -> {
            if (error != null) {
                log.warn("a page could not be put together path={} cause={}", path, error.toString());
            }
            write(
                    response,
                    callback,
                    error == null ? found : new Answer(503, "text/plain", "the queue did not answer\n"));
        });
        return true;
    }

    private CompletableFuture<Answer> ask() {
        try {
            return answer.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private static void write(Response response, Callback callback, Answer answer) {
        response.setStatus(answer.status);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, answer.type + ";charset=utf-8");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
        response.getHeaders().put("X-Content-Type-Options", "nosniff");
        response.write(true, ByteBuffer.wrap(answer.text.getBytes(StandardCharsets.UTF_8)), callback);
    }
}
