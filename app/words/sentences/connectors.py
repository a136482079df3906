"""Sentences for what went wrong at a network: what it means, and what to do now."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # Passing; Kuliss goes on by itself.
    "network_down": N_("The network could not be reached. Nothing was sent; Kuliss tries again."),
    "no_answer": N_("The network gave no answer. Kuliss looks what became of it."),
    "network_trouble": N_("The network has trouble of its own. Kuliss tries again."),
    "unclear_answer": N_("The network's answer does not tell whether it was done. Kuliss looks."),
    "rate_limited": N_("The network asks us to wait. Kuliss goes on when it may."),
    "link_unreachable": N_(
        "The network could not open the link in the post. Look whether the address opens for everyone."
    ),
    "preparing": N_("The network is taking the pictures or the video and works at them. Kuliss asks again."),
    "picture_not_fetched": N_(
        "The network could not fetch a picture from Kuliss. "
        "Whoever looks after Kuliss sees whether its address opens from outside."
    ),
    "bucket_trouble": N_(
        "The place outside that networks fetch pictures from does not answer. Kuliss tries again."
    ),
    "picture_waits": N_("Kuliss is too busy to cut the pictures to size. It tries again."),
    "quota_used": N_("The network takes no more posts on this channel today. Kuliss goes on when it may."),
    "upload_broken": N_("The video did not arrive whole at the network. Kuliss goes on sending it."),
    "process_lost": N_("Kuliss was stopped in the middle of it. It looks what became of it."),
    # A person must go to the network.
    "token_invalid": N_("The network no longer accepts our sign-in. Connect the channel again."),
    "token_expired": N_("Our sign-in at the network has run out. Connect the channel again."),
    "password_changed": N_(
        "The person who connected the channel has a new password at the network. Connect the channel again."
    ),
    "app_removed": N_("Kuliss was removed from the list of apps at the network. Connect the channel again."),
    "checkpoint": N_(
        "The network wants to know that it is you. Sign in there in a browser, then connect the channel anew."
    ),
    "role_lost": N_(
        "The person who connected the channel has no role on the page any more. "
        "Somebody who has one connects it again."
    ),
    "permission_missing": N_(
        "A permission is missing. Connect the channel again, and leave every permission ticked."
    ),
    "page_not_seen": N_("The page is not there any more, or not for our eyes. Look at it at the network."),
    "page_not_authorised": N_(
        "The network wants the page's managers to confirm who they are. Do that there, then connect it again."
    ),
    "app_setup": N_(
        "The network does not accept our app. Compare its number and secret with the app's page at Meta."
    ),
    # The content or the account is refused.
    "blocked_for_now": N_(
        "The network has stopped posting on this page for a while. The page itself tells why."
    ),
    "posting_too_fast": N_("The network says that this page posts too often. Give it a later time."),
    "duplicate_text": N_("The network says that the same text was posted before. Change the text."),
    "photos_already_posted": N_("The network says that these pictures were posted before."),
    "photo_refused": N_("The network does not take the picture. Change it."),
    "picture_shape": N_("The network does not take a picture of this shape. Crop it."),
    "picture_too_heavy": N_("The network says that the picture is too big. Choose another one."),
    "video_refused": N_(
        "The network can't work with this video. Save it again as MP4 with H.264 and AAC, and choose it anew."
    ),
    "said_too_big": N_("The network says that the video is too big. Save it smaller or make it shorter."),
    "said_too_short": N_("The network says that the video is too short. Choose a longer one."),
    "said_too_long": N_("The network says that the video is too long. Make it shorter."),
    "said_too_small": N_("The network says that the video has too few pixels. Choose a sharper one."),
    "cover_refused": N_("The network does not take the video's cover. Choose another moment or picture."),
    "text_refused": N_(
        "The network does not take the text: it is too long, or has too many hashtags or mentions. Change it."
    ),
    "not_offered": N_("The network does not let a program do this. Do it there by hand."),
    "link_refused": N_("The network does not take the link. Change it, or leave it out."),
    "content_refused": N_("The network says that this is against its rules. Change the post."),
    "network_changed": N_("The network no longer offers this. Tell whoever looks after Kuliss."),
    "refused": N_("The network said no. Its own words stand in the story below."),
    "post_gone": N_("The post is not at the network any more, or not for our eyes."),
    # Ours.
    "picture_lost": N_("A picture's file is gone or damaged on our side. Add the picture again."),
    "too_old": N_("What was laid ready had become too old. Kuliss lays it ready once more."),
    "no_yes": N_("Nobody said yes to it before its time had passed."),
}
