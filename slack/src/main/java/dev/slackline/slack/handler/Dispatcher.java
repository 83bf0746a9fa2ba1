package dev.slackline.slack.handler;

import dev.slackline.queue.DeadLetterException;
import dev.slackline.queue.Delivery;
import dev.slackline.queue.Worker;
import dev.slackline.slack.event.SlackEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Calls the handlers that take a delivery. Thread-safe. */
final class Dispatcher implements Worker.Handler {

    static final Logger log = LoggerFactory.getLogger(Dispatcher.class);

    private final List<Route> routes;
    private final List<Middleware> middleware;
    private final boolean ownToo;
    private final Answering answering;
    private final Slacks slacks;
    private final Parts parts;

    Dispatcher(
            List<Route> routes,
            List<Middleware> middleware,
            boolean ownToo,
            Answering answering,
            Slacks slacks,
            Parts parts) {
        this.routes = routes;
        this.middleware = middleware;
        this.ownToo = ownToo;
        this.answering = answering;
        this.slacks = slacks;
        this.parts = parts;
    }

    @Override
    public void handle(Delivery delivery) throws Exception {
        Optional<String> part = Parts.handlerOf(delivery.message());
        if (part.isPresent()) {
            Parts.throwIfJustFailed(delivery);
            call(named(part.get()), SlackEvent.of(Parts.whole(delivery.message())));
            return;
        }
        SlackEvent event = SlackEvent.of(delivery.message());
        List<Route> taking = taking(event);
        if (!taking.isEmpty() && !(event.isOwn() && !ownToo)) {
            callAll(delivery, event, taking);
        }
    }

    private List<Route> taking(SlackEvent event) throws InterruptedException {
        String key = event.message().key();
        List<Route> ofKey = routes.stream().filter(route -> route.takesKey(key)).toList();
        List<Route> taking = ofKey.stream().filter(route -> route.takes(event)).toList();
        if (ofKey.stream().anyMatch(Route::answers) && taking.stream().noneMatch(Route::answers)) {
            answering.pass(event);
        }
        return taking;
    }

    private void callAll(Delivery delivery, SlackEvent event, List<Route> taking) throws Exception {
        Optional<Route> answerer = taking.stream().filter(Route::answers).findFirst();
        if (answerer.isPresent() && call(answerer.get(), event).isRefusal()) {
            return;
        }
        List<Failure> failures = new ArrayList<>();
        for (Route route : taking) {
            if (!route.answers()) {
                callAlone(route, event, failures);
            }
        }
        if (!failures.isEmpty()) {
            if (taking.size() == 1) {
                throw failures.get(0).cause();
            }
            parts.split(delivery, failures);
        }
    }

    private void callAlone(Route route, SlackEvent event, List<Failure> failures) throws InterruptedException {
        try {
            call(route, event);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            failures.add(new Failure(route.name(), e));
        } catch (Error e) { // fails the attempt like any other exception
            failures.add(new Failure(route.name(), new ExecutionException(e)));
        }
    }

    /** Calls a handler within the middleware; what it throws is what the worker understands. */
    private Answer call(Route route, SlackEvent event) throws Exception {
        Slack slack = slacks.on(event, route.name());
        AtomicReference<Answer> answer = new AtomicReference<>(Answer.nothing());
        try {
            around(0, event, slack, () -> answer.set(route.handler().answer(event, slack)));
            if (route.answers()) {
                answering.give(answer.get(), event, slack);
            }
            return answer.get();
        } catch (Exception e) {
            throw Failure.translated(e);
        }
    }

    private void around(int index, SlackEvent event, Slack slack, Middleware.Next handler) throws Exception {
        if (index == middleware.size()) {
            handler.run();
        } else {
            middleware.get(index).around(event, slack, () -> around(index + 1, event, slack, handler));
        }
    }

    private Route named(String name) {
        return routes.stream()
                .filter(route -> route.name().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new DeadLetterException(
                                "the handler '" + name
                                        + "' that failed at this message is no more; register one of that name and replay it, or drop it"));
    }
}
