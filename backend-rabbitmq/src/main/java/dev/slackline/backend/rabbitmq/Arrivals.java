package dev.slackline.backend.rabbitmq;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Consumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;

/** Hears of one consumer for its member. Called by one thread of the client library at a time, and returns at once. */
final class Arrivals implements Consumer {

    private final Member member;
    private final int epoch;

    Arrivals(Member member, int epoch) {
        this.member = member;
        this.epoch = epoch;
    }

    @Override
    public void handleDelivery(String consumerTag, Envelope envelope, BasicProperties properties, byte[] body) {
        member.arrived(epoch, envelope.getDeliveryTag(), envelope.getRoutingKey(), properties, body);
    }

    @Override
    public void handleCancel(String consumerTag) {
        member.cancelled();
    }

    @Override
    public void handleConsumeOk(String consumerTag) {}

    @Override
    public void handleCancelOk(String consumerTag) {}

    @Override
    public void handleRecoverOk(String consumerTag) {}

    @Override
    public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {}
}
