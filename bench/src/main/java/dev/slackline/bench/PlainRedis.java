package dev.slackline.bench;

import io.lettuce.core.Consumer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.XGroupCreateArgs;
import io.lettuce.core.XReadArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SynchronizedHistogram;

/**
 * Lettuce with Redis Streams as its documentation uses them: {@code XADD} pipelined with a bounded number in flight; {@code
 * XREADGROUP} of as many, then {@code XACK} and {@code XDEL} for each, pipelined and written together, or one of both for
 * all of them.
 */
final class PlainRedis implements PlainClient {

    private static final String STREAM = "plain";
    private static final String GROUP = "default";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    PlainRedis(InetSocketAddress server) {
        client = RedisClient.create(RedisURI.create(server.getHostString(), server.getPort()));
        connection = client.connect();
        connection.sync().xgroupCreate(StreamOffset.from(STREAM, "$"), GROUP, XGroupCreateArgs.Builder.mkstream());
    }

    @Override
    public String name() {
        return "lettuce";
    }

    @Override
    public Measured publish(double seconds, int inFlight, Messages messages) throws Exception {
        Histogram latencies = new SynchronizedHistogram(Measured.newHistogram());
        Semaphore slots = new Semaphore(inFlight);
        RedisAsyncCommands<String, String> redis = connection.async();
        long published = 0;
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            slots.acquire();
            long began = System.nanoTime();
            String payload = new String(messages.next(), StandardCharsets.UTF_8);
            redis.xadd(STREAM, Map.of("payload", payload)).whenComplete((id, error) -> {
                latencies.recordValue((System.nanoTime() - began) / 1000);
                if (error == null) { // one that fails leaves a slot too few, and is noticed at the end
                    slots.release();
                }
            });
            published++;
        }
        if (!slots.tryAcquire(inFlight, 30, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the server did not confirm everything");
        }
        return new Measured(published, (System.nanoTime() - start) / 1e9, latencies);
    }

    @Override
    public Measured consume(double seconds, int prefetch) throws Exception {
        Semaphore unanswered = new Semaphore(prefetch);
        AtomicLong last = new AtomicLong(System.nanoTime());
        AtomicLong acknowledged = new AtomicLong();
        RedisAsyncCommands<String, String> redis = connection.async();
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        connection.setAutoFlushCommands(false);
        try {
            List<StreamMessage<String, String>> read = read(redis, prefetch);
            while (!read.isEmpty() && System.nanoTime() < end) {
                for (StreamMessage<String, String> message : read) {
                    if (!unanswered.tryAcquire()) {
                        connection.flushCommands();
                        unanswered.acquire();
                    }
                    redis.xack(STREAM, GROUP, message.getId());
                    redis.xdel(STREAM, message.getId()).whenComplete((deleted, error) -> {
                        last.set(System.nanoTime());
                        acknowledged.addAndGet(error == null ? deleted : 0);
                        unanswered.release();
                    });
                }
                read = read(redis, prefetch);
            }
            unanswered.acquire(prefetch);
        } finally {
            connection.setAutoFlushCommands(true);
        }
        return new Measured(acknowledged.get(), (last.get() - start) / 1e9, Measured.newHistogram());
    }

    @Override
    public boolean settlesManyAtOnce() {
        return true;
    }

    @Override
    public Measured consumeTogether(double seconds, int prefetch) throws Exception {
        RedisAsyncCommands<String, String> redis = connection.async();
        long acknowledged = 0;
        long start = System.nanoTime();
        long last = start;
        long end = start + (long) (seconds * 1e9);
        while (System.nanoTime() < end) {
            List<StreamMessage<String, String>> read = read(redis, prefetch);
            if (read.isEmpty()) {
                break;
            }
            String[] ids = read.stream().map(StreamMessage::getId).toArray(String[]::new);
            RedisFuture<Long> acked = redis.xack(STREAM, GROUP, ids);
            redis.xdel(STREAM, ids).get();
            acknowledged += acked.get();
            last = System.nanoTime();
        }
        return new Measured(acknowledged, (last - start) / 1e9, Measured.newHistogram());
    }

    @SuppressWarnings("unchecked") // the client takes an array of streams
    private List<StreamMessage<String, String>> read(RedisAsyncCommands<String, String> redis, int count)
            throws Exception {
        XReadArgs options = XReadArgs.Builder.count(count).block(200);
        RedisFuture<List<StreamMessage<String, String>>> read =
                redis.xreadgroup(Consumer.from(GROUP, "one"), options, StreamOffset.lastConsumed(STREAM));
        connection.flushCommands();
        return read.get();
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
