package dev.slackline.mcp.access;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/** Takes out of a structured result what comes from conversations that must not be read. Thread-safe. */
final class Sieve {

    private final Policy policy;
    private final Conversations conversations;

    Sieve(Policy policy, Conversations conversations) {
        this.policy = policy;
        this.conversations = conversations;
    }

    /** The same without it; fails with a {@link RefusedException} if nothing is left. */
    CompletionStage<Map<String, Object>> pass(Map<String, Object> result) {
        if (policy.readable().permitAll()) {
            return CompletableFuture.completedFuture(result);
        }
        Set<String> places = new HashSet<>();
        collect(result, places);
        return hidden(places).thenApply(hidden -> {
            Sifting sifting = new Sifting(hidden, policy.readable().permitElsewhere());
            if (sifting.hides(result)) {
                throw new RefusedException("This comes from a channel that is not open to you (MCP_CHANNELS).");
            }
            return sifting.sift(result);
        });
    }

    /** Those that must not be read; one that cannot be found is among them. */
    private CompletionStage<Set<String>> hidden(Set<String> places) {
        Set<String> hidden = ConcurrentHashMap.newKeySet();
        CompletableFuture<?>[] looks = places.stream()
                .map(place -> conversations
                        .find(place, false)
                        .thenApply(policy::mayRead)
                        .exceptionally(unknown -> false)
                        .thenAccept(readable -> {
                            if (!readable) {
                                hidden.add(place);
                            }
                        })
                        .toCompletableFuture())
                .toArray(CompletableFuture[]::new);
        return CompletableFuture.allOf(looks).thenApply(unused -> hidden);
    }

    private static void collect(Object value, Set<String> places) {
        if (value instanceof Map<?, ?> map) {
            if (map.get(Places.CHANNEL) instanceof String place) {
                places.add(place);
            }
            if (map.get(Places.CHANNELS) instanceof List<?> several) {
                several.forEach(each -> {
                    if (each instanceof String place) {
                        places.add(place);
                    }
                });
            }
            map.values().forEach(each -> collect(each, places));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> collect(each, places));
        }
    }

    /** One result on its way through. */
    private record Sifting(Set<String> hidden, boolean elsewhere) {

        boolean hides(Object value) {
            if (!(value instanceof Map<?, ?> map)) {
                return false;
            }
            if (map.get(Places.CHANNEL) instanceof String place) {
                return hidden.contains(place);
            }
            if (map.get(Places.CHANNELS) instanceof List<?> places && isPlaces(places)) {
                return places.isEmpty() ? !elsewhere : places.stream().allMatch(hidden::contains);
            }
            return false;
        }

        Map<String, Object> sift(Map<?, ?> map) {
            Map<String, Object> kept = new LinkedHashMap<>();
            map.forEach((name, value) -> {
                if (!hides(value)) {
                    kept.put(String.valueOf(name), siftValue(value));
                }
            });
            return kept;
        }

        private Object siftValue(Object value) {
            if (value instanceof Map<?, ?> map) {
                return sift(map);
            }
            if (value instanceof List<?> list) {
                List<Object> kept = new ArrayList<>();
                for (Object each : list) {
                    if (!hides(each) && !(each instanceof String place && hidden.contains(place))) {
                        kept.add(siftValue(each));
                    }
                }
                return kept;
            }
            return value;
        }

        /** A list of channels may also be one of objects, each of which says for itself where it belongs. */
        private static boolean isPlaces(List<?> list) {
            return list.stream().allMatch(String.class::isInstance);
        }
    }
}
