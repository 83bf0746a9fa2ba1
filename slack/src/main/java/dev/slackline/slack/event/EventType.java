package dev.slackline.slack.event;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every type of event in Slack's Events API today, with the fields that its inner event carries beside {@code type} and
 * {@code event_ts}. Types that are not here pass through all the same: everything takes their names as well.
 */
public enum EventType {
    AGENT_SESSION_STOPPED("agent_session_stopped", "channel user thread_ts streaming_message_ts"),
    AGENT_SESSION_TITLE_CHANGED("agent_session_title_changed", "channel user team_id thread_ts title previous_title"),
    APP_CONTEXT_CHANGED("app_context_changed", "channel user context"),
    APP_DELETED("app_deleted", "app_id app_name app_owner_id team_id team_domain"),
    APP_HOME_OPENED("app_home_opened", "user channel tab view context"),
    APP_INSTALLED("app_installed", "app_id app_name app_owner_id user_id team_id team_domain"),
    APP_MENTION("app_mention", "channel user text ts thread_ts team bot_id app_id blocks attachments files edited"),
    APP_REQUESTED(
            "app_requested",
            "app_request previous_resolution is_user_app_collaborator user team scopes message date_created"),
    APP_UNINSTALLED("app_uninstalled", ""),
    APP_UNINSTALLED_TEAM("app_uninstalled_team", "app_id app_name app_owner_id team_id team_domain user_id"),
    ASSISTANT_THREAD_CONTEXT_CHANGED("assistant_thread_context_changed", "assistant_thread"),
    ASSISTANT_THREAD_STARTED("assistant_thread_started", "assistant_thread"),
    CALL_REJECTED("call_rejected", "call_id user_id channel_id external_unique_id"),
    CHANNEL_ARCHIVE("channel_archive", "channel user is_moved"),
    CHANNEL_CREATED("channel_created", "channel"),
    CHANNEL_DELETED("channel_deleted", "channel"),
    CHANNEL_HISTORY_CHANGED("channel_history_changed", "latest ts"),
    CHANNEL_ID_CHANGED("channel_id_changed", "old_channel_id new_channel_id"),
    CHANNEL_LEFT("channel_left", "channel actor_id"),
    CHANNEL_RENAME("channel_rename", "channel"),
    CHANNEL_SHARED("channel_shared", "connected_team_id channel"),
    CHANNEL_UNARCHIVE("channel_unarchive", "channel user"),
    CHANNEL_UNSHARED("channel_unshared", "previously_connected_team_id channel is_ext_shared"),
    DND_UPDATED("dnd_updated", "user dnd_status"),
    DND_UPDATED_USER("dnd_updated_user", "user dnd_status"),
    EMAIL_DOMAIN_CHANGED("email_domain_changed", "email_domain"),
    EMOJI_CHANGED("emoji_changed", "names name value old_name new_name"),
    ENTITY_DETAILS_REQUESTED(
            "entity_details_requested",
            "user trigger_id link entity_url app_unfurl_url user_locale external_ref message_ts thread_ts channel"),
    FILE_CHANGE("file_change", "file_id file"),
    FILE_COMMENT_DELETED("file_comment_deleted", "comment file_id file"),
    FILE_CREATED("file_created", "file_id user_id file"),
    FILE_DELETED("file_deleted", "file_id channel_ids"),
    FILE_PUBLIC("file_public", "file_id user_id file"),
    FILE_SHARED("file_shared", "file_id user_id file channel_id"),
    FILE_UNSHARED("file_unshared", "file_id user_id file channel_id"),
    FUNCTION_EXECUTED(
            "function_executed", "function inputs function_execution_id workflow_execution_id bot_access_token"),
    GRID_MIGRATION_FINISHED("grid_migration_finished", "enterprise_id"),
    GRID_MIGRATION_STARTED("grid_migration_started", "enterprise_id"),
    GROUP_ARCHIVE("group_archive", "channel user is_moved"),
    GROUP_CLOSE("group_close", "user channel"),
    GROUP_DELETED("group_deleted", "channel date_deleted actor_id"),
    GROUP_HISTORY_CHANGED("group_history_changed", "latest ts"),
    GROUP_LEFT("group_left", "channel actor_id"),
    GROUP_OPEN("group_open", "user channel"),
    GROUP_RENAME("group_rename", "channel"),
    GROUP_UNARCHIVE("group_unarchive", "channel actor_id"),
    IM_CLOSE("im_close", "user channel"),
    IM_CREATED("im_created", "user channel"),
    IM_HISTORY_CHANGED("im_history_changed", "latest ts"),
    IM_OPEN("im_open", "user channel"),
    INVITE_REQUESTED("invite_requested", "invite_request"),
    LINK_SHARED("link_shared", "channel is_bot_user_member user message_ts thread_ts links unfurl_id source"),
    MEMBER_JOINED_CHANNEL("member_joined_channel", "user channel channel_type team inviter enterprise"),
    MEMBER_LEFT_CHANNEL("member_left_channel", "user channel channel_type team"),
    MESSAGE(
            "message",
            "channel channel_type user text ts thread_ts team bot_id app_id blocks attachments files edited metadata"),
    MESSAGE_METADATA_DELETED(
            "message_metadata_deleted",
            "channel_id previous_metadata app_id bot_id user_id team_id message_ts deleted_ts"),
    MESSAGE_METADATA_POSTED("message_metadata_posted", "app_id bot_id user_id team_id channel_id metadata message_ts"),
    MESSAGE_METADATA_UPDATED(
            "message_metadata_updated",
            "channel_id previous_metadata app_id bot_id user_id team_id message_ts metadata"),
    PIN_ADDED("pin_added", "user channel_id item item_user pin_count pinned_info"),
    PIN_REMOVED("pin_removed", "user channel_id item item_user pin_count pinned_info has_pins"),
    REACTION_ADDED("reaction_added", "user reaction item_user item"),
    REACTION_REMOVED("reaction_removed", "user reaction item_user item"),
    SHARED_CHANNEL_INVITE_ACCEPTED(
            "shared_channel_invite_accepted", "approval_required invite channel teams_in_channel accepting_user"),
    SHARED_CHANNEL_INVITE_APPROVED(
            "shared_channel_invite_approved", "invite channel approving_team_id teams_in_channel approving_user"),
    SHARED_CHANNEL_INVITE_DECLINED(
            "shared_channel_invite_declined", "invite channel declining_team_id teams_in_channel declining_user"),
    SHARED_CHANNEL_INVITE_RECEIVED("shared_channel_invite_received", "invite channel"),
    SHARED_CHANNEL_INVITE_REQUESTED(
            "shared_channel_invite_requested",
            "actor channel_id event_type channel_name channel_type target_users teams_in_channel is_external_limited channel_date_created channel_message_latest_counted_timestamp"),
    STAR_ADDED("star_added", "user item"),
    STAR_REMOVED("star_removed", "user item"),
    SUBTEAM_CREATED("subteam_created", "subteam"),
    SUBTEAM_MEMBERS_CHANGED(
            "subteam_members_changed",
            "subteam_id team_id date_previous_update date_update added_users added_users_count removed_users removed_users_count"),
    SUBTEAM_SELF_ADDED("subteam_self_added", "subteam_id"),
    SUBTEAM_SELF_REMOVED("subteam_self_removed", "subteam_id"),
    SUBTEAM_UPDATED("subteam_updated", "subteam"),
    TEAM_ACCESS_GRANTED("team_access_granted", "team_ids"),
    TEAM_ACCESS_REVOKED("team_access_revoked", "team_ids"),
    TEAM_DOMAIN_CHANGE("team_domain_change", "url domain"),
    TEAM_JOIN("team_join", "user"),
    TEAM_RENAME("team_rename", "name"),
    TOKENS_REVOKED("tokens_revoked", "tokens"),
    USER_CHANGE("user_change", "user"),
    USER_HUDDLE_CHANGED("user_huddle_changed", "user"),
    USER_PROFILE_CHANGED("user_profile_changed", "user"),
    USER_STATUS_CHANGED("user_status_changed", "user"),
    WORKFLOW_DELETED("workflow_deleted", "workflow_id workflow_draft_configuration"),
    WORKFLOW_PUBLISHED("workflow_published", "workflow_id workflow_published_configuration"),
    WORKFLOW_STEP_DELETED(
            "workflow_step_deleted", "workflow_id workflow_draft_configuration workflow_published_configuration"),
    WORKFLOW_STEP_EXECUTE("workflow_step_execute", "callback_id workflow_step"),
    WORKFLOW_UNPUBLISHED("workflow_unpublished", "workflow_id workflow_draft_configuration");

    private static final Map<String, EventType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(type -> type.type, Function.identity()));

    private final String type;
    private final String carries;

    EventType(String type, String carries) {
        this.type = type;
        this.carries = carries;
    }

    /** The type of this name, if it is known here. */
    public static Optional<EventType> of(String type) {
        return Optional.ofNullable(BY_NAME.get(type));
    }

    /** As Slack writes it: {@code app_mention}. */
    public String type() {
        return type;
    }

    /** The fields of the inner event, some of them optional; empty where only the type itself says something. */
    public List<String> carries() {
        return carries.isEmpty() ? List.of() : List.of(carries.split(" ", -1));
    }

    /** The key under which such events are in the queue, those without a subtype: {@code event.app_mention}. */
    public String key() {
        return "event." + type;
    }
}
