"""Sentences about what posts say: their pictures, and what is different on one channel."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # texts
    "too_many_hashtags": N_("%(network)s takes at most %(most)s hashtags in a post, not %(count)s."),
    "too_many_mentions": N_("%(network)s takes at most %(most)s mentions (@) in a post, not %(count)s."),
    # pictures
    "picture_not_yours": N_("This unit can't use picture %(place)s. Choose another one."),
    "picture_gone": N_("Picture %(place)s was taken out of the library. Choose another one."),
    "picture_needed": N_("%(network)s posts nothing without a picture. Add one."),
    "too_many_pictures": N_("%(network)s takes at most %(most)s pictures in a post, not %(count)s."),
    # forms of a post
    "format_not_offered": N_("%(network)s has no such form of a post. Choose another one for it."),
    "comment_too_long": N_(
        "The first comment is too long for %(network)s: %(length)s characters, at most %(most)s."
    ),
    # videos
    "no_videos": N_("%(network)s takes no video here. Take it out, or choose another form."),
    "video_needed": N_("A reel on %(network)s is one video. Add one, or choose another form."),
    "only_videos": N_("A reel on %(network)s takes a video and no pictures. Take the pictures out."),
    "not_mixed": N_("%(network)s takes either pictures or a video, not both in one post."),
    "too_many_videos": N_("%(network)s takes at most %(most)s videos in a post, not %(count)s."),
    "captions_missing": N_("Say whether video %(place)s can be followed by those who do not hear it."),
    "video_too_short": N_("The video is too short for %(network)s in this form: at least %(least)s seconds."),
    "video_too_long": N_(
        "The video is too long for %(network)s in this form: at most %(most)s seconds. Shorten it, or choose"
        " another form."
    ),
    "video_too_big": N_(
        "The video is too big for %(network)s: %(size)s megabytes, at most %(most)s. Export it smaller."
    ),
    "video_too_narrow": N_(
        "The video is too narrow for %(network)s in this form (%(width)s × %(height)s). Cut it wider."
    ),
    "video_too_wide": N_(
        "The video is too wide for %(network)s in this form (%(width)s × %(height)s). Film upright, or choose"
        " another form."
    ),
    "video_too_small": N_(
        "The video has too few pixels for %(network)s: its shorter side is %(side)s, at least %(least)s."
    ),
    "video_too_many_pixels": N_(
        "The video is wider than %(network)s takes: %(width)s pixels, at most %(most)s. Export it smaller."
    ),
    "video_frame_rate": N_(
        "The video has %(rate)s pictures a second; %(network)s takes %(least)s to %(most)s. Export it anew."
    ),
    "video_too_dense": N_(
        "The video carries more data a second than %(network)s takes: at most %(most)s megabits. Export it"
        " with a lower bit rate."
    ),
    "too_long_list": N_("A post has at most %(most)s pictures, not %(count)s."),
    "pictures_twice": N_("Give either pictures or their ids, not both."),
    "alt_missing": N_("Say what picture %(place)s shows, or mark it as decorative."),
    "alt_too_long": N_(
        "The description of picture %(place)s is too long: %(length)s characters, at most %(most)s."
    ),
    # on one channel
    "variant_twice": N_("A channel can have only one text of its own."),
    "too_many_variants": N_("At most %(most)s channels can have something of their own."),
    # checks
    "check_described": N_("No picture lacks a description"),
    "check_no_rights": N_("It is not said why we may publish %(name)s"),
    "check_no_rights_more": N_("Say so in the picture library: our own, with permission, under a licence."),
    "check_no_shown": N_("It is not said who can be recognised in %(name)s"),
    "check_no_shown_more": N_("Say it in the picture library: nobody, staff, adults or children."),
    "check_children": N_("Children can be recognised in %(name)s"),
    "check_children_more": N_("Make sure that a parent or guardian has said yes, or choose another picture."),
    "check_link_in_text": N_("Nobody can follow a link in a text on %(network)s"),
    "check_link_in_text_more": N_("Say in words where people find it, for example on the library's website."),
    "check_link_not_sent": N_("The link does not go out on %(network)s"),
    "check_link_not_sent_more": N_("Say in words where people find it."),
    "check_text_not_sent": N_("The text does not go out with a story on %(network)s"),
    "check_text_not_sent_more": N_("What people should read must stand in the picture or the video itself."),
    "check_comment_not_sent": N_("No first comment is written on %(network)s in this form"),
    "check_comment_not_sent_more": N_("It is left out there; everything else goes out."),
    "check_captions_later": N_("The video is not captioned yet"),
    "check_captions_later_more": N_(
        "A public body's videos should have captions when they go out; only live ones may wait."
    ),
    "check_maybe_reel": N_("%(network)s may make a reel of this upright video by itself"),
    "check_maybe_reel_more": N_("Choose the form “Reel” to be sure how it goes out."),
}
