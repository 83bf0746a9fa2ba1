package dev.slackline.mcp.access;

import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceTemplate;
import dev.slackline.mcp.Tool;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/** Lets an {@link Audit} hear of every call of what minds its own permissions. */
public final class Audited {

    private final Audit audit;

    private Audited(Audit audit) {
        this.audit = audit;
    }

    /** The same catalog, audited; for one that a {@link Guard} is not over, which audits by itself. */
    public static Catalog over(Catalog catalog, Audit audit) {
        Audited audited = new Audited(audit);
        return new Catalog(
                catalog.tools().stream().map(audited::tool).toList(),
                catalog.resources().stream().map(audited::resource).toList(),
                catalog.templates().stream().map(audited::template).toList(),
                catalog.prompts());
    }

    private Tool tool(Tool tool) {
        return tool.with(call -> heard(
                call.caller().name(),
                tool.name(),
                () -> tool.action().call(call),
                result -> result.isError() ? Audit.Outcome.FAILED : Audit.Outcome.DONE));
    }

    private Resource resource(Resource resource) {
        return resource.with(reader(resource.name(), resource.reader()));
    }

    private ResourceTemplate template(ResourceTemplate template) {
        return template.with(reader(template.name(), template.reader()));
    }

    private Resource.Reader reader(String name, Resource.Reader reader) {
        return (uri, caller) ->
                heard(caller.name(), name, () -> reader.read(uri, caller), contents -> Audit.Outcome.DONE);
    }

    private <T> CompletionStage<T> heard(
            String caller, String what, Supplier<CompletionStage<T>> call, Function<T, Audit.Outcome> outcome) {
        long start = System.nanoTime();
        return soon(call)
                .whenComplete((result, error) -> audit.ended(new Audit.Call(
                        caller,
                        what,
                        "",
                        error == null ? outcome.apply(result) : Audit.Outcome.BROKEN,
                        Duration.ofNanos(System.nanoTime() - start))));
    }

    /** What is thrown becomes a failed future, and so is heard of. */
    private static <T> CompletionStage<T> soon(Supplier<CompletionStage<T>> call) {
        try {
            return call.get();
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }
}
