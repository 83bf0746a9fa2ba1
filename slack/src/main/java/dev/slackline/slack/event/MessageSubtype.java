package dev.slackline.slack.event;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every subtype of {@link EventType#MESSAGE} today, with the fields it carries. Unknown ones pass through.
 */
public enum MessageSubtype {
    ASSISTANT_APP_THREAD("assistant_app_thread", "channel user text ts"),
    BOT_ADD("bot_add", "channel user text ts bot_id"),
    BOT_MESSAGE(
            "bot_message",
            "channel channel_type streaming_state ts text bot_id username icons user attachments blocks edited thread_ts"),
    BOT_REMOVE("bot_remove", "channel user text ts bot_id"),
    CHANNEL_ARCHIVE("channel_archive", "team user channel channel_type text ts"),
    CHANNEL_CONVERT_TO_PRIVATE("channel_convert_to_private", "channel user text ts"),
    CHANNEL_CONVERT_TO_PUBLIC("channel_convert_to_public", "channel user text ts"),
    CHANNEL_JOIN("channel_join", "team user inviter channel channel_type text ts"),
    CHANNEL_LEAVE("channel_leave", "team user channel channel_type text ts"),
    CHANNEL_NAME("channel_name", "team user name old_name channel channel_type text ts"),
    CHANNEL_POSTING_PERMISSIONS("channel_posting_permissions", "user channel channel_type text ts"),
    CHANNEL_PURPOSE("channel_purpose", "user channel channel_type text purpose ts"),
    CHANNEL_TOPIC("channel_topic", "user channel channel_type text topic ts"),
    CHANNEL_UNARCHIVE("channel_unarchive", "team user channel channel_type text ts"),
    DOCUMENT_MENTION("document_mention", "channel user text ts"),
    EKM_ACCESS_DENIED("ekm_access_denied", "channel channel_type ts text user"),
    FILE_COMMENT("file_comment", "channel text ts file comment"),
    FILE_MENTION("file_mention", "channel user text ts file"),
    FILE_SHARE(
            "file_share",
            "text attachments blocks files upload display_as_bot x_files user parent_user_id ts thread_ts channel channel_type"),
    GROUP_ARCHIVE("group_archive", "channel user text ts"),
    GROUP_JOIN("group_join", "channel user text ts inviter"),
    GROUP_LEAVE("group_leave", "channel user text ts"),
    GROUP_NAME("group_name", "channel user text ts old_name name"),
    GROUP_PURPOSE("group_purpose", "channel user text ts purpose"),
    GROUP_TOPIC("group_topic", "channel user text ts topic"),
    GROUP_UNARCHIVE("group_unarchive", "channel user text ts"),
    HUDDLE_THREAD("huddle_thread", "channel user text ts room"),
    ME_MESSAGE("me_message", "channel channel_type user text ts"),
    MESSAGE_CHANGED("message_changed", "hidden channel channel_type ts message previous_message"),
    MESSAGE_DELETED("message_deleted", "hidden channel channel_type ts deleted_ts previous_message"),
    MESSAGE_REPLIED("message_replied", "hidden channel channel_type ts message"),
    PINNED_ITEM("pinned_item", "channel user text ts item item_type"),
    REMINDER_ADD("reminder_add", "channel user text ts"),
    REPLY_BROADCAST("reply_broadcast", "channel user text ts thread_ts root"),
    THREAD_BROADCAST(
            "thread_broadcast", "text attachments blocks user ts thread_ts root client_msg_id channel channel_type"),
    TOMBSTONE("tombstone", "channel user text ts"),
    UNPINNED_ITEM("unpinned_item", "channel user text ts item item_type");

    private static final Map<String, MessageSubtype> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(subtype -> subtype.subtype, Function.identity()));

    private final String subtype;
    private final String carries;

    MessageSubtype(String subtype, String carries) {
        this.subtype = subtype;
        this.carries = carries;
    }

    /** The subtype of this name, if it is known here. */
    public static Optional<MessageSubtype> of(String subtype) {
        return Optional.ofNullable(BY_NAME.get(subtype));
    }

    /** As Slack writes it: {@code channel_join}. */
    public String subtype() {
        return subtype;
    }

    /** The fields of the inner event, some of them optional. */
    public List<String> carries() {
        return List.of(carries.split(" ", -1));
    }

    /** The key under which such messages are in the queue: {@code event.message.channel_join}. */
    public String key() {
        return EventType.MESSAGE.key() + "." + subtype;
    }
}
