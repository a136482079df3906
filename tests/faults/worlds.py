"""What Meta leaves open, as switches of the practice network: kind, harsh, and each answer to a repeat."""

from typing import Any

MILD: dict[str, Any] = {"latency_ms": 30}
# Everything that is uncertain at its worst: repeats make second posts, what happened is told late.
HARSH: dict[str, Any] = {
    "latency_ms": 400,
    "show_answer": "error_1_no_change",
    "shown_created_time": "staged",
    "fresh_seconds": 3,
    "list_lag_seconds": 20,
    "media_lag_seconds": 20,
    "status_lag_seconds": 20,
    "container_seconds": 8,
    "publish_seconds": 4,
    "second_publish": "second_post",
    "simultaneous_publish": "second_post",
    "video_processing_seconds": 25,
    "reel_live_seconds": 20,
    "second_finish": "error",
    "comment_lag_seconds": 20,
    "photo_reuse": "refuse",
}
WORLDS = {"mild": MILD, "harsh": HARSH}
# What a second showing, or a second publishing, may answer.
AGAIN: dict[str, list[dict[str, str]]] = {
    **{
        call: [{"show_answer": answer} for answer in ("success", "error_100", "error_1_no_change")]
        for call in ("show", "video_show")
    },
    "reel": [{"second_finish": answer} for answer in ("success", "error")],
    "story": [{"second_finish": answer} for answer in ("success", "error")],
    "media_publish": [
        {"second_publish": answer}
        for answer in ("second_post", "same_id", "error_100", "error_24_2207008", "error_2207085")
    ],
}
