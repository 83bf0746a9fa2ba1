package dev.slackline.mcp.protocol;

import dev.slackline.mcp.Caller;
import dev.slackline.mcp.Catalog;
import dev.slackline.mcp.InputNeededException;
import dev.slackline.mcp.NoSuchResourceException;
import dev.slackline.mcp.Peer;
import dev.slackline.mcp.Prompt;
import dev.slackline.mcp.Resource;
import dev.slackline.mcp.Tool;
import dev.slackline.mcp.ToolCall;
import dev.slackline.mcp.ToolResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the methods that every version of the protocol has, from a catalogue. What fails inside is logged here, and the
 * client learns no more than that. Thread-safe.
 */
public final class Methods {

    private static final Logger log = LoggerFactory.getLogger(Methods.class);
    private static final String CALL = "tools/call";
    private static final int MOST_COMPLETIONS = 100;

    /** Answers one method. */
    private interface Method {
        CompletionStage<Map<String, Object>> answer(Map<String, Object> params, Caller caller, Peer peer);
    }

    private final Map<String, Tool> tools;
    private final Map<String, ToolInput> inputs;
    private final Map<String, Resource> resources;
    private final List<Template> templates;
    private final Map<String, Prompt> prompts;
    private final Map<String, Method> methods;

    /** Of one catalogue. */
    public Methods(Catalog catalog) {
        tools = byName(catalog.tools(), Tool::name);
        inputs = tools.values().stream().collect(Collectors.toMap(Tool::name, ToolInput::new));
        resources = byName(catalog.resources(), Resource::uri);
        templates = catalog.templates().stream().map(Template::of).toList();
        prompts = byName(catalog.prompts(), Prompt::name);
        methods = Map.of(
                "tools/list",
                this::listTools,
                CALL,
                this::callTool,
                "resources/list",
                (params, caller, peer) -> list(
                        "resources",
                        catalog.resources().stream().map(Wire::resource).toList(),
                        params),
                "resources/templates/list",
                (params, caller, peer) -> list(
                        "resourceTemplates",
                        catalog.templates().stream().map(Wire::template).toList(),
                        params),
                "resources/read",
                this::readResource,
                "prompts/list",
                (params, caller, peer) -> list(
                        "prompts", catalog.prompts().stream().map(Wire::prompt).toList(), params),
                "prompts/get",
                this::writePrompt,
                "completion/complete",
                (params, caller, peer) -> complete(params));
    }

    /** Whether there is such a method. */
    public boolean know(String method) {
        return methods.containsKey(method);
    }

    /** The methods there are. */
    public Iterable<String> names() {
        return methods.keySet();
    }

    /** Whether a caller may send a message: all but the call of a tool that is there, and not for this caller. */
    public boolean permit(Message message, Caller caller) {
        Tool tool = message.method().equals(CALL) && message.params().get("name") instanceof String name
                ? tools.get(name)
                : null;
        return tool == null || caller.access().permits(tool.effect());
    }

    /** Whether there is something to read under an address, or may be. */
    public boolean haveResource(String uri) {
        return reader(uri) != null;
    }

    /**
     * Answers a request.
     *
     * @return the result; fails with an {@link RpcException} or an {@link InputNeededException}, and with nothing else
     */
    public CompletionStage<Map<String, Object>> answer(
            String method, Map<String, Object> params, Caller caller, Peer peer) {
        Method found = methods.get(method);
        if (found == null) {
            return failed(new RpcException(RpcException.METHOD_NOT_FOUND, "there is no such method"));
        }
        try {
            return found.answer(params, caller, peer)
                    .exceptionallyCompose(error -> failed(presentable(method, params, error)));
        } catch (RuntimeException e) {
            return failed(presentable(method, params, e));
        }
    }

    private CompletionStage<Map<String, Object>> listTools(Map<String, Object> params, Caller caller, Peer peer) {
        return list(
                "tools",
                tools.values().stream()
                        .filter(tool -> caller.access().permits(tool.effect()))
                        .map(Wire::tool)
                        .toList(),
                params);
    }

    private CompletionStage<Map<String, Object>> callTool(Map<String, Object> params, Caller caller, Peer peer) {
        String name = text(params, "name");
        Tool tool = tools.get(name);
        if (tool == null) {
            throw RpcException.invalid("there is no such tool; tools/list names them");
        }
        if (!caller.access().permits(tool.effect())) {
            throw RpcException.invalid("this token may not call the tool " + name + "; it may only read");
        }
        Object given = params.get("arguments");
        Map<String, Object> arguments = given == null ? Map.of() : Message.map(given);
        if (arguments == null) {
            throw RpcException.invalid("arguments must be an object");
        }
        List<String> problems = Objects.requireNonNull(inputs.get(name)).problems(arguments);
        if (!problems.isEmpty()) {
            return done(Wire.result(
                    ToolResult.error("The arguments are not valid, nothing was done: " + String.join("; ", problems))));
        }
        return tool.action().call(new ToolCall(arguments, caller, peer)).thenApply(Wire::result);
    }

    private CompletionStage<Map<String, Object>> readResource(Map<String, Object> params, Caller caller, Peer peer) {
        String uri = text(params, "uri");
        Resource.Reader reader = reader(uri);
        if (reader == null) {
            throw new NoSuchResourceException("there is no such resource; resources/list names them");
        }
        return reader.read(uri, caller).thenApply(contents -> Map.of("contents", List.of(Wire.read(contents))));
    }

    private CompletionStage<Map<String, Object>> writePrompt(Map<String, Object> params, Caller caller, Peer peer) {
        Prompt prompt = prompt(text(params, "name"));
        Map<String, String> arguments = new LinkedHashMap<>();
        Map<String, Object> given = Message.map(params.getOrDefault("arguments", Map.of()));
        if (given == null || !given.values().stream().allMatch(String.class::isInstance)) {
            throw RpcException.invalid("arguments must be an object of strings");
        }
        given.forEach((name, value) -> arguments.put(name, (String) value));
        List<String> missing = prompt.arguments().stream()
                .filter(argument -> argument.required() && !arguments.containsKey(argument.name()))
                .map(Prompt.Argument::name)
                .toList();
        if (!missing.isEmpty()) {
            throw RpcException.invalid("the prompt needs these arguments as well: " + String.join(", ", missing));
        }
        return prompt.writer()
                .write(arguments, caller, peer)
                .thenApply(turns -> Map.of(
                        "description",
                        prompt.description(),
                        "messages",
                        turns.stream().map(Wire::turn).toList()));
    }

    private CompletionStage<Map<String, Object>> complete(Map<String, Object> params) {
        Map<String, Object> ref = Message.map(params.get("ref"));
        Map<String, Object> argument = Message.map(params.get("argument"));
        if (ref == null || argument == null || !(argument.get("value") instanceof String typed)) {
            throw RpcException.invalid("ref and argument are needed");
        }
        String name = text(argument, "name");
        List<String> values = List.of();
        if ("ref/prompt".equals(ref.get("type"))) {
            values = prompt(text(ref, "name")).arguments().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .flatMap(candidate -> candidate.suggestions().stream())
                    .filter(value -> value.startsWith(typed))
                    .limit(MOST_COMPLETIONS)
                    .toList();
        } else if (!"ref/resource".equals(ref.get("type"))) {
            throw RpcException.invalid("ref must be a ref/prompt or a ref/resource");
        }
        return done(Map.of("completion", Map.of("values", values, "total", values.size(), "hasMore", false)));
    }

    /** The whole list: it is short, and one page is one round trip. */
    private static CompletionStage<Map<String, Object>> list(
            String name, List<Map<String, Object>> all, Map<String, Object> params) {
        if (params.get("cursor") != null) {
            throw RpcException.invalid("there is no such cursor: the list has one page");
        }
        return done(Map.of(name, all));
    }

    private Prompt prompt(String name) {
        Prompt prompt = prompts.get(name);
        if (prompt == null) {
            throw RpcException.invalid("there is no such prompt; prompts/list names them");
        }
        return prompt;
    }

    private Resource.@Nullable Reader reader(String uri) {
        Resource resource = resources.get(uri);
        if (resource != null) {
            return resource.reader();
        }
        return templates.stream()
                .filter(template -> template.covers(uri))
                .findFirst()
                .map(template -> template.template().reader())
                .orElse(null);
    }

    private static String text(Map<String, Object> params, String name) {
        if (params.get(name) instanceof String text) {
            return text;
        }
        throw RpcException.invalid(name + " is needed, a string");
    }

    private static RuntimeException presentable(String method, Map<String, Object> params, Throwable thrown) {
        Throwable error =
                thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (error instanceof RpcException || error instanceof InputNeededException) {
            return (RuntimeException) error;
        }
        if (error instanceof NoSuchResourceException) {
            return new RpcException(
                    RpcException.RESOURCE_NOT_FOUND,
                    String.valueOf(error.getMessage()),
                    Map.of("uri", String.valueOf(params.get("uri"))));
        }
        log.error("a request failed inside method={}", method, error);
        return new RpcException(RpcException.INTERNAL_ERROR, "this failed inside the server; its log says why");
    }

    private static CompletionStage<Map<String, Object>> done(Map<String, Object> result) {
        return CompletableFuture.completedFuture(result);
    }

    private static <T> CompletionStage<T> failed(RuntimeException error) {
        return CompletableFuture.failedFuture(error);
    }

    private static <T> Map<String, T> byName(List<T> all, Function<T, String> name) {
        Map<String, T> named = new LinkedHashMap<>();
        for (T each : all) {
            if (named.put(name.apply(each), each) != null) {
                throw new IllegalArgumentException("offered twice: " + name.apply(each));
            }
        }
        return named;
    }
}
