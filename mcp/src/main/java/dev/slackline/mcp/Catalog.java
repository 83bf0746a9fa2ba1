package dev.slackline.mcp;

import java.util.List;
import java.util.stream.Stream;

/** Everything that a server offers. */
public record Catalog(
        List<Tool> tools, List<Resource> resources, List<ResourceTemplate> templates, List<Prompt> prompts) {

    public Catalog {
        tools = List.copyOf(tools);
        resources = List.copyOf(resources);
        templates = List.copyOf(templates);
        prompts = List.copyOf(prompts);
    }

    /** Both together, this one first. */
    public Catalog and(Catalog other) {
        return new Catalog(
                both(tools, other.tools),
                both(resources, other.resources),
                both(templates, other.templates),
                both(prompts, other.prompts));
    }

    private static <T> List<T> both(List<T> one, List<T> other) {
        return Stream.concat(one.stream(), other.stream()).toList();
    }
}
