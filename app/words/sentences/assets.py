"""Sentences about pictures: why one is not taken, how it is described, where it is used."""

from app.foundation.i18n import N_

SENTENCES: dict[str, str] = {
    # what the reader of pictures refuses (foundation.images.Unreadable)
    "picture_unreadable": N_("This picture can't be read. Open it on your device, save it anew, send that."),
    "picture_kind": N_("%(kind)s is not taken. Send the picture as JPEG, PNG, WebP, AVIF or HEIC."),
    "picture_animated": N_("This picture moves. Send one still picture."),
    "picture_too_big": N_("This file is larger than %(most)s MB. Send a smaller copy."),
    "picture_too_many_pixels": N_("This picture has more than %(most)s million pixels. Send a smaller copy."),
    "picture_too_small": N_(
        "This picture is too small: each side needs %(least)s pixels. Send a larger one."
    ),
    "picture_too_slow": N_("Reading this picture takes too long. Save it anew as JPEG and send that."),
    # what the reader of videos refuses (foundation.videos.NotTaken)
    "video_container": N_("%(kind)s is not taken. Export the video as MP4, with H.264 and AAC."),
    "video_codec": N_("The pictures in this video are %(kind)s. Export it as MP4 with H.264 or HEVC."),
    "video_sound_codec": N_("The sound in this video is %(kind)s. Export it as MP4 with AAC sound."),
    "video_locked": N_("This video is copy-protected. Choose one that is not."),
    "video_no_picture": N_("There is only sound in this file. Export it as a video with a picture."),
    "video_empty": N_("This video is zero seconds long. Export it again and send that."),
    "video_hours": N_("This video is longer than %(most)s hours. Cut it into parts."),
    "video_pixels_few": N_(
        "This video is too small: %(side)s pixels, each side needs %(least)s. Export it larger."
    ),
    "video_pixels_many": N_(
        "This video is too large: %(side)s pixels on one side, at most %(most)s are taken. Export it smaller."
    ),
    "video_cut_off": N_("This video ends too early: a part of the file is missing. Export or copy it again."),
    "video_damaged": N_("This video is damaged. Play it on your device; if it plays there, export it again."),
    "video_unreadable": N_("This file can't be read as a video. Export it as MP4 and send that."),
    "video_too_heavy": N_("This video takes more memory than there is. Export it smaller, 1920 × 1080."),
    "video_too_slow": N_("Reading this video takes too long now. Try again later, or export it smaller."),
    "no_video": N_("This is a picture, not a video."),
    "no_moment": N_("Write the moment in seconds, for example 2.5."),
    "bad_moment": N_("Choose a moment between 0 and %(most)s seconds."),
    "cover_not_usable": N_("Choose a picture from the picture library that this unit may use."),
    "cover_twice": N_("Choose one: a moment of the video, or a picture."),
    "store_full": N_(
        "There is no room for more pictures. Tell whoever looks after Kuliss, then send it again."
    ),
    # on the way in
    "file_missing": N_("Choose a picture."),
    "too_many_uploads": N_("You have %(most)s uploads under way. Finish some first, or wait a day."),
    "wrong_offset": N_("%(offset)s bytes have come. Go on from there."),
    "upload_too_long": N_("This is more than the %(size)s bytes that were announced. Begin the upload anew."),
    "upload_unfinished": N_("Only %(offset)s of %(size)s bytes have come. Send the rest first."),
    "upload_being_read": N_("It is being read, %(percent)s %% so far. Ask again in a moment."),
    "upload_finished": N_("This upload is finished; its picture is in the library."),
    "chunk_empty": N_("There is nothing in this part. Send the next bytes of the file."),
    # how a picture is described
    "alt_and_decorative": N_("It can't be both: describe the picture, or say that it is decorative."),
    "bad_crop": N_("Choose a part that lies within the picture."),
    "bad_focal": N_("Choose a point within the picture."),
    # removed and brought back
    "asset_in_use": N_("It is used in %(posts)s. Take it out there first."),
    "asset_in_use_elsewhere": N_(
        "Posts of units that you don't see use it too. Ask whoever looks after those."
    ),
    "asset_removed": N_("This picture was removed. Bring it back first."),
    "picture_taken_out": N_("It was taken out of the library. Choose another one."),
    "asset_gone": N_("This picture was removed too long ago to bring it back. Send it again."),
    # said after something was done
    "done_asset_added": N_("The picture is in the library."),
    "done_asset_saved": N_("Saved."),
    "done_cover_saved": N_("The cover is changed. Posts that are written already keep the cover they had."),
    "done_asset_removed": N_("Removed. For 30 days it can be brought back."),
    "done_asset_restored": N_("The picture is back."),
}
