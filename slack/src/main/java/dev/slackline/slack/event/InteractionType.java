package dev.slackline.slack.event;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Every type of interaction that Slack sends today, with the fields it carries. Unknown ones pass through. */
public enum InteractionType {
    /** Somebody used a button, a menu or another element of a message, a view or the app's home. */
    BLOCK_ACTIONS("block_actions", "actions user team channel container trigger_id response_url message view state"),
    /** Somebody types into a menu whose options come from the app; they must be in the acknowledgement. */
    BLOCK_SUGGESTION("block_suggestion", "action_id block_id value user team channel container message view"),
    /** Somebody submitted a form; errors, and what to show next, must be in the acknowledgement. */
    VIEW_SUBMISSION("view_submission", "view user team trigger_id response_urls"),
    /** Somebody closed a form that asked to be told. */
    VIEW_CLOSED("view_closed", "view user team is_cleared"),
    /** Somebody used a global shortcut. */
    SHORTCUT("shortcut", "callback_id user team trigger_id action_ts"),
    /** Somebody used a shortcut on a message. */
    MESSAGE_ACTION("message_action", "callback_id message message_ts user team channel trigger_id response_url"),
    /** Somebody used a button of an attachment, which is the older form. */
    INTERACTIVE_MESSAGE(
            "interactive_message", "actions callback_id user team channel message_ts response_url trigger_id"),
    /** Somebody submitted a dialog, which is the older form. */
    DIALOG_SUBMISSION("dialog_submission", "submission callback_id state user team channel response_url action_ts"),
    /** Somebody closed a dialog. */
    DIALOG_CANCELLATION("dialog_cancellation", "callback_id state user team channel response_url action_ts"),
    /** A menu of a dialog wants its options; they must be in the acknowledgement. */
    DIALOG_SUGGESTION("dialog_suggestion", "name value callback_id user team channel action_ts"),
    /** Somebody configures a step of a workflow, which is the older form. */
    WORKFLOW_STEP_EDIT("workflow_step_edit", "callback_id workflow_step user team trigger_id action_ts");

    private final String type;
    private final String carries;

    InteractionType(String type, String carries) {
        this.type = type;
        this.carries = carries;
    }

    /** The type of this name, if it is known here. */
    public static Optional<InteractionType> of(String type) {
        return Arrays.stream(values()).filter(each -> each.type.equals(type)).findFirst();
    }

    /** As Slack writes it: {@code block_actions}. */
    public String type() {
        return type;
    }

    /** The fields of the interaction, some of them optional. */
    public List<String> carries() {
        return List.of(carries.split(" ", -1));
    }

    /** The key under which such interactions are in the queue: {@code interaction.block_actions}. */
    public String key() {
        return "interaction." + type;
    }
}
