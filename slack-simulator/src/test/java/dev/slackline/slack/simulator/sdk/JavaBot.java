package dev.slackline.slack.simulator.sdk;

import static com.slack.api.model.block.Blocks.actions;
import static com.slack.api.model.block.Blocks.asBlocks;
import static com.slack.api.model.block.Blocks.input;
import static com.slack.api.model.block.composition.BlockCompositions.plainText;
import static com.slack.api.model.block.element.BlockElements.asElements;
import static com.slack.api.model.block.element.BlockElements.button;
import static com.slack.api.model.block.element.BlockElements.plainTextInput;
import static com.slack.api.model.view.Views.view;
import static com.slack.api.model.view.Views.viewSubmit;
import static com.slack.api.model.view.Views.viewTitle;

import com.slack.api.Slack;
import com.slack.api.SlackConfig;
import com.slack.api.bolt.App;
import com.slack.api.bolt.AppConfig;
import com.slack.api.bolt.context.builtin.ActionContext;
import com.slack.api.bolt.context.builtin.SlashCommandContext;
import com.slack.api.bolt.context.builtin.ViewSubmissionContext;
import com.slack.api.bolt.request.builtin.BlockActionRequest;
import com.slack.api.bolt.request.builtin.SlashCommandRequest;
import com.slack.api.bolt.request.builtin.ViewSubmissionRequest;
import com.slack.api.bolt.response.Response;
import com.slack.api.methods.SlackApiException;
import com.slack.api.model.event.AppMentionEvent;
import com.slack.api.model.event.MessageEvent;
import com.slack.api.model.view.View;
import com.slack.api.model.view.ViewState;
import dev.slackline.slack.simulator.SlackSimulator;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;

/** A bot on Bolt for Java, as its documentation writes one. */
final class JavaBot {

    private JavaBot() {}

    /** An instance of the SDK that calls a simulator. */
    static Slack sdk(SlackSimulator slack) {
        SlackConfig config = new SlackConfig();
        config.setMethodsEndpointUrlPrefix(slack.apiUrl().toString());
        return Slack.getInstance(config);
    }

    static App app(SlackSimulator slack) {
        App app = new App(AppConfig.builder()
                .slack(sdk(slack))
                .singleTeamBotToken(slack.botToken())
                .build());
        app.event(AppMentionEvent.class, (event, ctx) -> {
            AppMentionEvent mention = event.getEvent();
            ctx.client()
                    .chatPostMessage(post -> post.channel(mention.getChannel())
                            .threadTs(mention.getTs())
                            .text("Hello <@" + mention.getUser() + ">"));
            return ctx.ack();
        });
        app.event(MessageEvent.class, (event, ctx) -> {
            if (event.getEvent().getText().contains("approve")) {
                ctx.say(asBlocks(actions(decision -> decision.blockId("decision")
                        .elements(asElements(button(approve ->
                                approve.actionId("approve").value("1.4.2").text(plainText("Approve"))))))));
            }
            return ctx.ack();
        });
        app.blockAction("approve", JavaBot::approve);
        app.command(
                "/echo",
                (command, ctx) -> ctx.ack("echo " + command.getPayload().getText()));
        app.command("/deploy", JavaBot::deploy);
        app.viewSubmission("deploy", JavaBot::submitted);
        return app;
    }

    private static Response approve(BlockActionRequest request, ActionContext ctx) throws IOException {
        String version = request.getPayload().getActions().get(0).getValue();
        ctx.respond(answer ->
                answer.replaceOriginal(true).text(version + " approved by <@" + ctx.getRequestUserId() + ">"));
        return ctx.ack();
    }

    private static Response deploy(SlashCommandRequest request, SlashCommandContext ctx)
            throws IOException, SlackApiException {
        View modal = view(deploy -> deploy.type("modal")
                .callbackId("deploy")
                .privateMetadata(request.getPayload().getChannelId())
                .title(viewTitle(title -> title.type("plain_text").text("Deploy")))
                .submit(viewSubmit(submit -> submit.type("plain_text").text("Go")))
                .blocks(asBlocks(input(what -> what.blockId("what")
                        .label(plainText("Version"))
                        .element(plainTextInput(version -> version.actionId("version")))))));
        ctx.client()
                .viewsOpen(open ->
                        open.triggerId(request.getPayload().getTriggerId()).view(modal));
        return ctx.ack();
    }

    private static Response submitted(ViewSubmissionRequest request, ViewSubmissionContext ctx)
            throws IOException, SlackApiException {
        View view = request.getPayload().getView();
        String version = view.getState().getValues().values().stream()
                .flatMap(block -> block.values().stream())
                .map(ViewState.Value::getValue)
                .collect(Collectors.joining());
        if (!Character.isDigit(version.charAt(0))) {
            return ctx.ackWithErrors(Map.of("what", "A version begins with a digit"));
        }
        String user = request.getPayload().getUser().getId();
        ctx.client()
                .chatPostMessage(
                        post -> post.channel(view.getPrivateMetadata()).text("<@" + user + "> deploys " + version));
        return ctx.ack();
    }
}
