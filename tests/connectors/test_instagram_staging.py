"""Laying a post ready at Instagram: containers remembered, looked at, made anew only when nothing is out."""

from datetime import datetime

import pytest

from app.connectors.contract import Outgoing, Picture, Saved, Staged
from app.connectors.failures import NotYet, RateLimited, Reconnect, Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind
from tests.connectors.fake_graph import Memory, answers, error, lost, ok, picture
from tests.connectors.fake_instagram import PROFILE_ID, TEXT, FakeInstagram, access

CONTAINER, PART = RemoteKind.CONTAINER, RemoteKind.PART
ONE = (picture("0-a"),)
TWO = (picture("0-a"), picture("1-b", alt_text=""))
NOT_FETCHED = "Error: the media could not be fetched. 2207052"


def stage(
    server: FakeInstagram, memory: Memory | None = None, pictures: tuple[Picture, ...] = ONE, text: str = TEXT
) -> Staged:
    """One try with all that was remembered before."""
    memory = memory if memory is not None else Memory()
    what = Outgoing(text, "https://library.example", pictures)
    return server.instagram().stage(access(), what, tuple(memory.saved), memory)


def set_state(server: FakeInstagram, state: str, words: str = "") -> None:
    """Every container so far is in this state now."""
    for container in server.containers.values():
        container |= {"state": state, "words": words}


class TestOnePicture:
    """A single image is one container."""

    def test_it_is_fetched_from_us_with_its_description_and_nothing_is_public(self) -> None:
        server, memory, loans = FakeInstagram(), Memory(), list[str]()
        staged = stage(server, memory, (picture("0-a", seen=loans),))
        assert memory.saved == [Saved(CONTAINER, staged.remote_id)]
        sent = server.containers[staged.remote_id]["form"]
        assert sent["image_url"] == loans[0]
        assert (sent["caption"], sent["alt_text"]) == (TEXT, "Aino at her desk")
        assert "library.example" not in str(sent)
        assert staged.text == TEXT
        assert server.media == {}

    def test_what_is_public_before_is_known(self) -> None:
        server = FakeInstagram()
        before = {server.post("one"), server.post("two")}
        assert set(stage(server).known) == before

    def test_while_it_is_worked_at_it_is_asked_again_and_lent_once(self) -> None:
        server, memory, loans = FakeInstagram(script=["IN_PROGRESS"]), Memory(), list[str]()
        pictures = (picture("0-a", seen=loans),)
        for _ in range(3):
            with pytest.raises(NotYet) as caught:
                stage(server, memory, pictures)
            assert caught.value.reason == Reason.PREPARING
        set_state(server, "FINISHED")
        stage(server, memory, pictures)
        assert (len(server.containers), len(loans)) == (1, 1)

    def test_a_saved_one_that_is_ready_is_used(self) -> None:
        server, memory = FakeInstagram(), Memory()
        first = stage(server, memory)
        assert stage(server, memory).remote_id == first.remote_id
        assert len(server.containers) == 1

    def test_a_public_one_is_returned_and_nothing_is_made(self) -> None:
        server, memory = FakeInstagram(), Memory()
        first = stage(server, memory)
        server.instagram().show(access(), first)
        memory(CONTAINER, server._create({}).json()["id"])
        assert stage(server, memory).remote_id == first.remote_id
        assert len(server.containers) == 2

    def test_an_expired_one_is_made_anew(self) -> None:
        server, memory = FakeInstagram(), Memory()
        first = stage(server, memory)
        set_state(server, "EXPIRED")
        assert stage(server, memory).remote_id != first.remote_id

    def test_one_that_is_not_told_now_makes_nothing(self) -> None:
        server, memory = FakeInstagram(), Memory()
        stage(server, memory)
        server.faults = [answers(error(2))]
        with pytest.raises(RetryLater):
            stage(server, memory)
        assert len(server.containers) == 1

    def test_a_lost_answer_is_unsure_and_the_next_try_makes_another(self) -> None:
        server, memory = FakeInstagram(faults=[lost(True)]), Memory()
        with pytest.raises(Unsure):
            stage(server, memory)
        stage(server, memory)
        assert (len(server.containers), len(memory.saved)) == (2, 1)

    def test_a_post_without_a_picture_is_refused(self) -> None:
        with pytest.raises(Rejected):
            stage(FakeInstagram(), pictures=())

    def test_without_words_there_is_no_caption(self) -> None:
        server = FakeInstagram()
        staged = stage(server, text="")
        assert "caption" not in server.containers[staged.remote_id]["form"]


class TestNotSeen:
    """A container that is answered as missing: it comes and goes, so it is asked twice."""

    def test_once_is_not_believed(self) -> None:
        server, memory = FakeInstagram(), Memory()
        first = stage(server, memory)
        server.faults = [answers(error(100, 33))]
        assert stage(server, memory).remote_id == first.remote_id

    def test_twice_and_nothing_like_it_public_means_a_new_one(self) -> None:
        server, memory = FakeInstagram(), Memory()
        first = stage(server, memory)
        server.faults = [answers(error(100, 33))] * 2
        assert stage(server, memory).remote_id != first.remote_id

    def test_twice_and_the_same_words_public_means_that_nothing_is_made(self) -> None:
        server, memory = FakeInstagram(), Memory()
        first = stage(server, memory)
        server.instagram().show(access(), first)
        server.faults = [answers(error(100, 33))] * 2
        with pytest.raises(RetryLater):
            stage(server, memory)
        assert len(server.containers) == 1


class TestFailed:
    """A container in error tells why by the number in its words."""

    def test_a_picture_that_was_not_fetched_gets_a_new_container_and_a_new_address(self) -> None:
        server, memory, loans = FakeInstagram(script=["IN_PROGRESS"]), Memory(), list[str]()
        pictures = (picture("0-a", seen=loans),)
        with pytest.raises(NotYet):
            stage(server, memory, pictures)
        set_state(server, "ERROR", NOT_FETCHED)
        with pytest.raises(RetryLater) as caught:
            stage(server, memory, pictures)
        assert (caught.value.reason, caught.value.subcode) == (Reason.PICTURE_NOT_FETCHED, 2207052)
        assert stage(server, memory, pictures).remote_id == memory.saved[-1].remote_id
        assert len(set(loans)) == len(server.containers) == 2

    def test_a_fetch_refused_at_once_is_tried_later(self) -> None:
        with pytest.raises(RetryLater) as caught:
            stage(FakeInstagram(faults=[answers(error(9004, 2207052))]))
        assert caught.value.reason == Reason.PICTURE_NOT_FETCHED

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ("Error: 2207009", Reason.PICTURE_SHAPE),
            ("Error: 36001/2207005", Reason.PHOTO_REFUSED),
            ("-1/2207004", Reason.PICTURE_TOO_HEAVY),
            ("Error: caption 2207010.", Reason.TEXT_REFUSED),
            ("Error: 2207050", Reason.BLOCKED_FOR_NOW),
            ("Error: 2207081", Reason.REFUSED),
        ],
    )
    def test_shape_form_and_words_are_a_persons_matter(self, words: str, reason: Reason) -> None:
        server, memory = FakeInstagram(script=["ERROR"], words=words), Memory()
        for _ in range(2):
            with pytest.raises(Rejected) as caught:
                stage(server, memory)
            assert caught.value.reason == reason
        assert len(server.containers) == 1

    def test_a_failure_without_a_number_is_tried_three_times(self) -> None:
        server, memory = FakeInstagram(script=["ERROR"] * 9, words="Error"), Memory()
        for _ in range(3):
            with pytest.raises(RetryLater):
                stage(server, memory)
        with pytest.raises(Rejected):
            stage(server, memory)
        assert len(server.containers) == 3

    def test_a_picture_that_is_never_fetched_is_given_up_in_the_end(self) -> None:
        server, memory = FakeInstagram(script=["ERROR"] * 30, words=NOT_FETCHED), Memory()
        for _ in range(20):
            with pytest.raises(RetryLater):
                stage(server, memory)
        with pytest.raises(Rejected) as caught:
            stage(server, memory)
        assert caught.value.reason == Reason.PICTURE_NOT_FETCHED
        assert len(server.containers) == 20


class TestCarousel:
    """Several pictures: a part for each, then one container that holds them."""

    def test_parts_come_first_and_each_is_remembered_with_its_picture(self) -> None:
        server, memory = FakeInstagram(), Memory()
        staged = stage(server, memory, TWO)
        first, second, whole = memory.saved
        assert (first.kind, first.part, second.part) == (PART, "0-a", "1-b")
        assert (whole.kind, whole.remote_id) == (CONTAINER, staged.remote_id)
        part, plain = (server.containers[one.remote_id]["form"] for one in (first, second))
        assert (part["is_carousel_item"], part["alt_text"]) == ("true", "Aino at her desk")
        assert "caption" not in part
        assert "alt_text" not in plain
        sent = server.containers[staged.remote_id]["form"]
        assert (sent["media_type"], sent["caption"]) == ("CAROUSEL", TEXT)
        assert sent["children"] == f"{first.remote_id},{second.remote_id}"

    def test_one_that_was_partly_made_is_finished(self) -> None:
        server, memory = FakeInstagram(), Memory()
        server.faults = [lambda carry_out: carry_out(), lost(True)]
        with pytest.raises(Unsure):
            stage(server, memory, TWO)
        stage(server, memory, TWO)
        assert [one.kind for one in memory.saved] == [PART, PART, CONTAINER]
        assert len(server.containers) == 4

    def test_it_waits_for_the_slowest_part(self) -> None:
        server, memory = FakeInstagram(script=["FINISHED", "IN_PROGRESS"]), Memory()
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        set_state(server, "FINISHED")
        stage(server, memory, TWO)
        assert len(server.containers) == 3

    def test_only_the_part_that_failed_is_made_anew(self) -> None:
        server, memory = FakeInstagram(script=["FINISHED", "ERROR"], words=NOT_FETCHED), Memory()
        with pytest.raises(RetryLater) as caught:
            stage(server, memory, TWO)
        assert caught.value.reason == Reason.PICTURE_NOT_FETCHED
        staged = stage(server, memory, TWO)
        children = server.containers[staged.remote_id]["form"]["children"].split(",")
        assert children == [memory.saved[0].remote_id, memory.saved[2].remote_id]

    def test_a_part_of_the_wrong_shape_stops_the_whole_post(self) -> None:
        server = FakeInstagram(script=["FINISHED", "ERROR"], words="Error: 2207009")
        with pytest.raises(Rejected):
            stage(server, Memory(), TWO)
        assert len(server.containers) == 2

    def test_an_expired_part_is_made_anew(self) -> None:
        server, memory = FakeInstagram(script=["IN_PROGRESS", "IN_PROGRESS"]), Memory()
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        server.containers[memory.saved[0].remote_id]["state"] = "EXPIRED"
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        assert [one.part for one in memory.saved] == ["0-a", "1-b", "0-a"]

    def test_a_part_that_is_not_seen_for_a_while_is_used_once_it_is(self) -> None:
        server, memory = FakeInstagram(script=["IN_PROGRESS"] * 40), Memory()
        for _ in range(7):
            with pytest.raises(NotYet):
                stage(server, memory, TWO)
            server.unseen = {one.remote_id for one in memory.saved if one.part == "0-a"}
        assert len(server.unseen) == 3  # no more of it at each question
        server.unseen, server.script = set(), []
        set_state(server, "FINISHED")
        staged = stage(server, memory, TWO)
        children = server.containers[staged.remote_id]["form"]["children"].split(",")
        assert children == [memory.saved[0].remote_id, memory.saved[1].remote_id]

    @pytest.mark.parametrize("state", ["EXPIRED", "ERROR"])
    def test_when_the_whole_fails_its_parts_are_made_anew_too(self, state: str) -> None:
        server, memory = FakeInstagram(script=["FINISHED", "FINISHED", "IN_PROGRESS"]), Memory()
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        server.containers[memory.saved[-1].remote_id]["state"] = state
        if state == "ERROR":
            with pytest.raises(RetryLater):
                stage(server, memory, TWO)
        staged = stage(server, memory, TWO)
        kinds = [one.kind for one in memory.saved]
        assert kinds == [PART, PART, CONTAINER, PART, PART, CONTAINER]
        children = server.containers[staged.remote_id]["form"]["children"].split(",")
        assert children == [memory.saved[3].remote_id, memory.saved[4].remote_id]

    def test_a_part_that_the_whole_does_not_find_yet_is_tried_again(self) -> None:
        server, memory = FakeInstagram(), Memory()
        server.faults = [lambda carry_out: carry_out()] * 3 + [answers(error(24, 2207008))]
        with pytest.raises(RetryLater):
            stage(server, memory, TWO)
        stage(server, memory, TWO)
        assert len(server.containers) == 3


class TestDoors:
    """What may stand in the way before anything is made public."""

    def test_a_full_quota_is_told_before_its_time(self) -> None:
        server, memory = FakeInstagram(quota=(25, 25)), Memory()
        with pytest.raises(RateLimited) as caught:
            stage(server, memory)
        assert caught.value.reason == Reason.QUOTA_USED
        assert isinstance(caught.value.until, datetime)
        server.quota = (24, 25)
        assert stage(server, memory).remote_id == memory.saved[0].remote_id

    @pytest.mark.parametrize("response", [error(1), ok({"data": [{"quota_usage": 99}]}), ok({})])
    def test_a_quota_that_is_not_told_stops_nothing(self, response: object) -> None:
        server = FakeInstagram(others={})
        go_on = [lambda carry_out: carry_out()]
        server.faults = go_on * 2 + [answers(response)]  # type: ignore[arg-type]
        assert stage(server).remote_id in server.containers

    def test_a_profile_that_is_not_seen_asks_for_a_new_sign_in(self) -> None:
        with pytest.raises(Reconnect) as caught:
            stage(FakeInstagram(faults=[answers(error(100, 33))]))
        assert caught.value.reason == Reason.PAGE_NOT_SEEN

    @pytest.mark.parametrize(("code", "failure"), [(190, Reconnect), (10, Reconnect), (80002, RateLimited)])
    def test_a_dead_token_or_a_limit_is_told_also_inside_a_batch(
        self, code: int, failure: type[Exception]
    ) -> None:
        server, memory = FakeInstagram(script=["IN_PROGRESS"] * 2), Memory()
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        refusal = {"code": 400, "body": error(code).text}
        server.faults = [answers(ok([refusal, refusal]))]
        with pytest.raises(failure):
            stage(server, memory, TWO)

    def test_a_batch_that_gave_up_on_a_part_makes_nothing(self) -> None:
        server, memory = FakeInstagram(script=["IN_PROGRESS"] * 2), Memory()
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        server.faults = [answers(ok([None, None]))]
        with pytest.raises(NotYet):
            stage(server, memory, TWO)
        assert len(server.containers) == 2

    def test_everything_is_asked_in_the_profiles_name(self) -> None:
        server = FakeInstagram()
        stage(server)
        assert [path.split(" ")[1].split("/")[0] for path in server.paths()] == [
            PROFILE_ID, "17900001", PROFILE_ID, PROFILE_ID,
        ]  # fmt: skip
