"""Sentences about channels: connecting them, what is missing there, and the Meta app."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    "callback_unknown": N_(
        "This return from the network does not belong to a connection that you began in this browser, "
        "or it is too old, or was used already. Nothing was changed. Begin anew."
    ),
    "sign_in_failed": N_("The network did not accept the sign-in. Nothing was changed. Begin anew."),
    "sign_in_declined": N_("You said no at the network. Nothing was changed."),
    "network_by_hand": N_("There is no sign-in there: add it as a channel that people post to by hand."),
    "no_meta_app": N_("This unit has no Meta app yet. Enter it first, or connect a practice page."),
    "choice_made": N_("Pages and profiles were chosen already. They stand among your channels."),
    "choice_late": N_(
        "The 15 minutes for choosing have passed, and Kuliss has forgotten the sign-in. Nothing was changed. "
        "Begin anew."
    ),
    "choose_a_place": N_("Choose at least one page."),
    "place_unknown": N_("Choose a page from the list."),
    "place_lacks_rights": N_("%(name)s can't be used yet: something is missing there, see below."),
    "channel_taken": N_("%(name)s is connected by another unit already. Ask them to share it with you."),
    "bad_app_id": N_("The number of a Meta app has digits only."),
    "bad_app_secret": N_("The secret of a Meta app has 32 signs. Copy the whole of it."),
    "app_parts_channels": N_("Look at the channels below, and say that you are sure."),
    "app_still_here": N_("Tick “Take this app away” first. Nothing was changed."),
    "other_place": N_(
        "Tick %(name)s, the channel that you wanted to connect again. If it is not among these, sign in at "
        "the network as somebody with a role on it."
    ),
    "channel_other_app": N_(
        "%(name)s was connected by the Meta app %(old)s, and now %(new)s holds. If that is meant, tick that "
        "it shall be connected with the new one; else put the app of before back."
    ),
    "channel_lies_ready": N_(
        "Something lies ready on %(name)s, made by the app of before. Wait until it is out, or hold it, and "
        "try again."
    ),
    "units_not_below": N_("Only units below the channel's own unit can use it."),
    "choose_a_unit": N_("Tick at least one unit, or let only its own unit use it."),
    "name_missing": N_("Give it a name."),
    # what publishing or reading lacks
    "lacks_pages_show_list": N_("The permission to see the list of your pages."),
    "lacks_pages_read_engagement": N_("The permission to read the posts of the page."),
    "lacks_pages_manage_posts": N_("The permission to publish on the page."),
    "lacks_read_insights": N_("The permission to read the page's numbers."),
    "lacks_pages_read_user_content": N_("The permission to count reactions and comments."),
    "lacks_pages_manage_engagement": N_("The permission to write the first comment on the page."),
    "lacks_CREATE_CONTENT": N_(
        "You may not create content on this page. Somebody with full control of it gives you that."
    ),
    "lacks_instagram_basic": N_("The permission to see the Instagram profile."),
    "lacks_instagram_content_publish": N_("The permission to publish on the Instagram profile."),
    "lacks_instagram_manage_insights": N_("The permission to read the Instagram profile's numbers."),
    "lacks_instagram_manage_contents": N_("The permission to take down posts of the Instagram profile."),
    "lacks_instagram_manage_comments": N_("The permission to write the first comment on Instagram."),
    "lacks_other": N_("Something that publishing needs: %(name)s."),
    # how a person's sign-in for a channel is
    "sign_in_in_use": N_("Posts go out with this sign-in."),
    "sign_in_waits": N_("It works, and takes over when the other one ends."),
    "sign_in_ends": N_("It works until %(at)s. Sign in again before then."),
    "sign_in_ended": N_("Its time ended %(at)s. Sign in again."),
    "token_removed": N_("The last sign-in was taken away. Connect the channel again."),
    "app_changed": N_("Another Meta app holds now. Connect the channel again."),
    # how a channel is
    "health_ok": N_("Everything is in order."),
    "health_unasked": N_("Not checked yet."),
    "health_numbers": N_("It can publish. Numbers are not told, because a permission is missing."),
    "health_unreached": N_("Posts can't go out: the network could not fetch a picture from Kuliss."),
    "health_ends": N_("It can publish until %(at)s. Connect it again before then."),
    "health_ended": N_(
        "The time that a sign-in lasts ended %(at)s. Connect it again, or its numbers and posts stop."
    ),
    "practice_down": N_(
        "The practice network is not running. Start it beside Kuliss with: kuliss practice. "
        "Then open this page anew."
    ),
    "practice_silent": N_("The practice network gave no answer. Try once more in a moment."),
    # said after something was done
    "done_connected": N_("Connected. Posts can go there now."),
    "done_connected_not_all": N_(
        "Connected, but not everything can be posted to yet. What to do stands at each channel."
    ),
    "done_reconnected": N_("Connected again."),
    "done_reach_tried": N_("The network is asked to fetch a sample picture. It is seen by nobody."),
    "done_checked": N_("Checked just now."),
    "done_not_checked": N_("The network gave no answer, so nothing new is known."),
    "done_app_saved": N_(
        "The Meta app is stored, its secret sealed. “Look what is done” asks Meta whether both fit."
    ),
    "done_app_parted": N_("The Meta app is stored. The channels that stand still must be connected again."),
    "done_app_removed": N_("The unit has no app of its own any more."),
    "done_sign_in_removed": N_("The sign-in was taken away."),
}
