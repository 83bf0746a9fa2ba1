package dev.slackline.mcp.access;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.Content;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.ResourceContents;
import dev.slackline.mcp.ResourceTemplate;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import dev.slackline.mcp.access.Audit.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * Keeps agents to a {@link Policy}, whatever they call: what is not allowed is not in the catalog; a call about a place that
 * it must not touch is refused before it is made; what a result holds of a place that must not be read is taken out; text
 * from Slack is fenced; every call is audited. Thread-safe.
 *
 * <p>It goes by names: an argument {@code channel} is a conversation, and the tool gets its id; {@code file}, {@code canvas}
 * and {@code list} are shared things; a {@code channel} or {@code channels} anywhere in a structured result says where that
 * part of it comes from. The text of a structured result is written here, unless the tool gives one and nothing was taken
 * out of it.
 */
public final class Guard {

    /** Clients give up after a minute, and a call that is admitted later would be made behind their backs. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final JsonMapper JSON = JsonMapper.shared();

    private final Policy policy;
    private final Audit audit;
    private final Predicate<Tool> untrusted;
    private final Admission admission;
    private final Sieve sieve;

    /**
     * A guard.
     *
     * @param untrusted whether results of a tool hold text that people wrote
     */
    public Guard(Policy policy, Conversations conversations, Audit audit, Predicate<Tool> untrusted) {
        this.policy = policy;
        this.audit = audit;
        this.untrusted = untrusted;
        this.admission = new Admission(policy, conversations);
        this.sieve = new Sieve(policy, conversations);
    }

    /** What is allowed of a catalog, guarded. The text of resources is fenced; what it holds is theirs to mind. */
    public Catalog over(Catalog catalog) {
        return new Catalog(
                tools(catalog.tools()),
                catalog.resources().stream().map(this::resource).toList(),
                catalog.templates().stream().map(this::template).toList(),
                catalog.prompts());
    }

    /** The tools that are allowed, guarded. */
    public List<Tool> tools(List<Tool> tools) {
        return tools.stream().filter(policy::offers).map(this::tool).toList();
    }

    private Tool tool(Tool tool) {
        return tool.with(call -> call(tool, call));
    }

    private CompletionStage<ToolResult> call(Tool tool, ToolCall call) {
        long start = System.nanoTime();
        AtomicReference<String> channel = new AtomicReference<>("");
        return soon(() -> admission.admit(tool, call, channel::set))
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .exceptionallyCompose(Guard::tooLate)
                .thenCompose(admitted -> tool.action().call(admitted))
                .thenCompose(result -> result.structured().isEmpty()
                        ? CompletableFuture.completedFuture(result)
                        : sieve.pass(result.structured()).thenApply(kept -> shown(result, kept)))
                .thenApply(result -> untrusted.test(tool) && !result.isError() ? fenced(result) : result)
                .whenComplete((result, error) -> audit.ended(new Audit.Call(
                        call.caller().name(), tool.name(), channel.get(), outcome(result, error), since(start))))
                .exceptionallyCompose(error -> cause(error) instanceof RefusedException refused
                        ? CompletableFuture.completedFuture(ToolResult.error(String.valueOf(refused.getMessage())))
                        : CompletableFuture.failedFuture(cause(error)));
    }

    private static <T> CompletionStage<T> tooLate(Throwable error) {
        return CompletableFuture.failedFuture(
                cause(error) instanceof TimeoutException
                        ? new RefusedException("What this names could not be looked up in Slack within "
                                + PATIENCE.toSeconds() + " s, and nothing was done. Call it again later.")
                        : error);
    }

    private static ToolResult shown(ToolResult result, Map<String, Object> kept) {
        boolean whole = kept.equals(result.structured());
        List<Content> content = whole && !result.content().isEmpty()
                ? result.content()
                : List.of(new Content.Text(JSON.writeValueAsString(kept)));
        return new ToolResult(content, kept, result.isError());
    }

    private static ToolResult fenced(ToolResult result) {
        Fence fence = Fence.fresh();
        return new ToolResult(
                result.content().stream().map(fence::around).toList(), result.structured(), result.isError());
    }

    private Resource resource(Resource resource) {
        return resource.with(reader(resource.name(), resource.reader()));
    }

    private ResourceTemplate template(ResourceTemplate template) {
        return template.with(reader(template.name(), template.reader()));
    }

    private Resource.Reader reader(String name, Resource.Reader reader) {
        return (uri, caller) -> read(name, reader, uri, caller);
    }

    private CompletionStage<ResourceContents> read(String name, Resource.Reader reader, String uri, Caller caller) {
        long start = System.nanoTime();
        return soon(() -> reader.read(uri, caller))
                .thenApply(contents -> contents.binary()
                        ? contents
                        : new ResourceContents(
                                contents.uri(),
                                contents.mimeType(),
                                Fence.fresh().around(contents.text()),
                                false))
                .whenComplete((contents, error) -> audit.ended(new Audit.Call(
                        caller.name(), name, "", error == null ? Outcome.DONE : Outcome.FAILED, since(start))));
    }

    /** What is thrown becomes a failed future, as everything else that goes wrong. */
    private static <T> CompletableFuture<T> soon(java.util.function.Supplier<CompletionStage<T>> work) {
        return CompletableFuture.<Void>completedFuture(null).thenCompose(unused -> work.get());
    }

    private static Outcome outcome(@Nullable ToolResult result, @Nullable Throwable error) {
        if (error != null) {
            return cause(error) instanceof RefusedException ? Outcome.REFUSED : Outcome.BROKEN;
        }
        return result == null || result.isError() ? Outcome.FAILED : Outcome.DONE;
    }

    private static Throwable cause(Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
