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
    "too_long_list": N_("A post has at most %(most)s pictures, not %(count)s."),
    "pictures_twice": N_("Give either pictures or their ids, not both."),
    "alt_missing": N_("Say what picture %(place)s shows, or mark it as decorative."),
    "alt_too_long": N_(
        "The description of picture %(place)s is too long: %(length)s characters, at most %(most)s."
    ),
    # on one channel
    "variant_twice": N_("A channel can have only one text of its own."),
    "too_many_variants": N_("At most %(most)s channels can have a text or pictures of their own."),
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
}
