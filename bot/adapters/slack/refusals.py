"""What a refusal of Slack means for a post: whose fault it is.

the message's   malformed: a plainer one is tried, then it is given up      Refused (Permanent)
the message is  deleted, too old to be edited                               Uneditable
the token's     revoked, expired, without a scope: every channel waits      Barred
the channel's   archived, gone, closed to us, and all codes not known here  Barred
"""

from __future__ import annotations

from typing import Final

from bot.adapters.slack.api import Refused
from bot.domain.errors import Barred, Permanent, Uneditable

#: Slack's codes for a message that it cannot show.
MALFORMED: Final = frozenset(
    "invalid_blocks invalid_blocks_format msg_blocks_too_long msg_too_long metadata_too_large"
    " invalid_metadata_format invalid_metadata_schema no_text invalid_arguments invalid_arg_name"
    " invalid_array_arg invalid_attachments too_many_attachments invalid_charset"
    " invalid_form_data invalid_json json_not_object invalid_post_type".split()
)
#: A message that was there, for good or for now.
_UNEDITABLE: Final = frozenset(
    "message_not_found cant_update_message edit_window_closed is_inactive".split()
)
_TOKEN: Final = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired missing_scope"
    " no_permission not_allowed_token_type org_login_required two_factor_setup_required"
    " ekm_access_denied team_access_not_granted enterprise_is_restricted".split()
)
#: What a channel that is posted to may all the same refuse: to be read back.
UNREADABLE: Final = frozenset(
    "missing_scope not_in_channel no_permission not_allowed_token_type"
    " method_not_supported_for_channel_type".split()
)
_FIX: Final = {
    "not_in_channel": "invite the bot to the channel",
    "channel_not_found": "invite the bot, or write the channel's id",
    "is_archived": "unarchive the channel, or name another",
}


def meaning(error: Refused) -> Permanent | Barred:
    """What is to be done about ``error``."""
    if error.code in MALFORMED:
        return error
    if error.code in _UNEDITABLE:
        return Uneditable(str(error))
    fix = f"; {_FIX[error.code]}" if error.code in _FIX else ""
    return Barred(f"{error}{fix}", token=error.code in _TOKEN)
