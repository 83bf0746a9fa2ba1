package dev.slackline.bench;

import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** The baseline of the intake: a plain Jetty whose handler reads the body and answers 200. Prints its port. */
final class EmptyServer {

    private EmptyServer() {}

    public static void main(String[] args) throws Exception {
        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Handler.Abstract.NonBlocking() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                Content.Source.consumeAll(
                        request,
                        Callback.from(
                                () -> {
                                    response.setStatus(200);
                                    callback.succeeded();
                                },
                                callback::failed));
                return true;
            }
        });
        server.start();
        System.out.println("ready on http://127.0.0.1:" + connector.getLocalPort());
        server.join();
    }
}
