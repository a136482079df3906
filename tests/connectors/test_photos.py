"""Pictures on a Facebook page: uploaded hidden, each once, carried by one hidden post, known by their ids."""

from datetime import UTC, datetime

import httpx
import pytest

from app.connectors.contract import Outgoing, Picture, Saved, Staged
from app.connectors.failures import Reconnect, Rejected, RetryLater, Unsure
from app.connectors.reasons import Reason
from app.domain.networks import RemoteKind, Seen
from tests.connectors.fake_graph import (
    PAGE,
    TOKEN,
    FakeGraph,
    Memory,
    access,
    answers,
    attachments,
    done_but,
    error,
    lost,
    ok,
    picture,
)

TEXT, LINK = "Behind the desk: Aino repairs books", "https://library.example/books"
PHOTO, HIDDEN = RemoteKind.PHOTO, RemoteKind.HIDDEN_POST
TWO = (picture("0-a"), picture("1-b", alt_text=""))


def stage(server: FakeGraph, memory: Memory, pictures: tuple[Picture, ...] = TWO, **more: object) -> Staged:
    """One try with all that was remembered before."""
    what = Outgoing(TEXT, "", pictures, **more)  # type: ignore[arg-type]
    return server.facebook().stage(access(), what, tuple(memory.saved), memory)


def uploads(server: FakeGraph) -> int:
    """How many uploads were tried."""
    return server.paths().count(f"POST {PAGE}/photos")


def test_each_picture_is_uploaded_hidden_with_its_description_and_remembered_at_once() -> None:
    server, memory = FakeGraph(), Memory()
    staged = stage(server, memory)
    assert memory.saved == [
        Saved(PHOTO, "9001", "0-a"),
        Saved(PHOTO, "9002", "1-b"),
        Saved(HIDDEN, staged.remote_id),
    ]
    first, second, post = server.calls
    assert (first.file, first.params["alt_text_custom"]) == (b"jpeg 0-a", "Aino at her desk")
    assert first.params["published"] == "false"
    assert "alt_text_custom" not in second.params
    assert (post.params["published"], post.params["message"]) == ("false", TEXT)
    assert server.attached(staged.remote_id) == ["9001", "9002"]
    assert server.published() == []


def test_one_picture_is_laid_ready_like_several() -> None:
    server = FakeGraph()
    staged = stage(server, Memory(), (picture(),))
    assert server.attached(staged.remote_id) == ["9001"]
    server.facebook().show(access(), staged)
    assert len(server.published()) == 1


def test_a_link_stands_in_the_text_when_there_are_pictures() -> None:
    server = FakeGraph()
    server.facebook().stage(access(), Outgoing(TEXT, LINK, TWO), (), Memory())
    sent = server.calls[-1].params
    assert sent["message"].split("\n")[-1] == LINK
    assert "link" not in sent


def test_what_was_uploaded_is_used_again_and_what_is_missing_is_uploaded() -> None:
    server, memory = FakeGraph(), Memory()
    server.photos["9100"] = {}
    memory(PHOTO, "9100", "1-b")
    staged = stage(server, memory)
    assert uploads(server) == 1
    assert server.attached(staged.remote_id)[1] == "9100"


def test_a_lost_upload_is_made_again() -> None:
    server, memory = FakeGraph(faults=[lost(True)]), Memory()
    with pytest.raises(Unsure):
        stage(server, memory)
    assert memory.saved == []
    stage(server, memory, unanswered_since=datetime.now(UTC))
    # Without a photo of ours no post of ours can be there: the list is not even read.
    assert f"GET {PAGE}/feed" not in server.paths()
    assert uploads(server) == 3


def test_an_upload_that_was_never_sent_is_tried_later_and_the_others_are_kept() -> None:
    server, memory = FakeGraph(), Memory()
    server.faults = [lambda carry_out: carry_out(), lost(False, httpx.ConnectError)]
    with pytest.raises(RetryLater):
        stage(server, memory)
    stage(server, memory)
    assert uploads(server) == 3


@pytest.mark.parametrize(("code", "subcode"), [(324, 0), (100, 1366046), (100, 2069019)])
def test_a_refused_picture_stops_the_whole_post(code: int, subcode: int) -> None:
    server = FakeGraph(faults=[answers(error(code, subcode))])
    with pytest.raises(Rejected) as caught:
        stage(server, Memory())
    assert caught.value.reason == Reason.PHOTO_REFUSED
    assert server.posts == {}


def test_a_page_that_is_not_seen_asks_for_a_new_sign_in() -> None:
    with pytest.raises(Reconnect) as caught:
        stage(FakeGraph(faults=[answers(error(100, 33))]), Memory())
    assert caught.value.reason == Reason.PAGE_NOT_SEEN


def test_an_upload_without_an_id_is_unsure() -> None:
    with pytest.raises(Unsure):
        stage(FakeGraph(faults=[answers(ok({}))]), Memory())


def test_no_failure_holds_the_bytes_or_the_token() -> None:
    with pytest.raises(Unsure) as caught:
        stage(FakeGraph(faults=[lost(True)]), Memory())
    told = f"{caught.value!r} {vars(caught.value)} {caught.value.__context__!r}"
    assert TOKEN not in told
    assert "jpeg" not in told


class TestLostPost:
    """The hidden post was made, its answer lost: it is known by the photos it carries, never by its text."""

    def after_a_lost_post(self) -> tuple[FakeGraph, Memory]:
        server, memory = FakeGraph(), Memory()
        server.faults = [lambda carry_out: carry_out()] * 2 + [lost(True)]
        with pytest.raises(Unsure):
            stage(server, memory)
        return server, memory

    def test_it_is_adopted(self) -> None:
        server, memory = self.after_a_lost_post()
        staged = stage(server, memory, unanswered_since=datetime.now(UTC))
        assert list(server.posts) == [staged.remote_id]
        assert memory.saved[-1] == Saved(HIDDEN, staged.remote_id)
        assert uploads(server) == 2

    def test_also_one_with_a_single_picture_and_no_words(self) -> None:
        server, memory = FakeGraph(), Memory()
        server.photos["9001"] = {}
        memory(PHOTO, "9001", "0-a")
        post_id = server.add("", published=False, attachments=attachments(["9001"]))
        what = Outgoing("", "", (picture(),), unanswered_since=datetime.now(UTC))
        assert server.facebook().stage(access(), what, tuple(memory.saved), memory).remote_id == post_id

    def test_the_same_words_with_other_pictures_or_fewer_are_not_ours(self) -> None:
        server, memory = FakeGraph(), Memory()
        server.photos |= {"9001": {}, "9002": {}}
        memory(PHOTO, "9001", "0-a")
        memory(PHOTO, "9002", "1-b")
        before = {
            server.add(TEXT, published=False),
            server.add(TEXT, published=False, attachments=attachments(["9001"])),
            server.add(TEXT, published=False, attachments=attachments(["9001", "7777"])),
        }
        assert stage(server, memory, unanswered_since=datetime.now(UTC)).remote_id not in before

    def test_one_that_is_another_publications_is_left_alone(self) -> None:
        server, memory = self.after_a_lost_post()
        taken = frozenset(server.posts)
        staged = stage(server, memory, unanswered_since=datetime.now(UTC), taken=taken)
        assert staged.remote_id not in taken


class TestPhotosThatCannotBeUsedAgain:
    """A photo may be carried once only, or be gone after a day; nobody promises either."""

    def test_already_posted_means_our_own_post_is_looked_for_first(self) -> None:
        server, memory = FakeGraph(photos_once=True), Memory()
        first = stage(server, memory)
        forgotten = Memory(saved=[one for one in memory.saved if one.kind is PHOTO])
        assert stage(server, forgotten).remote_id == first.remote_id
        assert len(server.posts) == 1

    def test_else_they_are_uploaded_anew_and_the_post_made_once_more(self) -> None:
        server, memory = FakeGraph(photos_once=True), Memory()
        first = stage(server, memory)
        forgotten = Memory(saved=[one for one in memory.saved if one.kind is PHOTO])
        second = stage(server, forgotten, taken=frozenset({first.remote_id}))
        assert second.remote_id != first.remote_id
        assert server.attached(second.remote_id) == ["9003", "9004"]

    def test_and_then_it_is_a_no(self) -> None:
        server, memory = FakeGraph(), Memory()
        go_on = [lambda carry_out: carry_out()]
        refusal = [answers(error(100, 1366051))]
        server.faults = go_on * 2 + refusal + go_on * 3 + refusal
        with pytest.raises(Rejected) as caught:
            stage(server, memory)
        assert caught.value.reason == Reason.PHOTOS_ALREADY_POSTED
        assert uploads(server) == 4
        assert server.posts == {}

    def test_old_photos_that_are_gone_are_uploaded_anew(self) -> None:
        server, memory = FakeGraph(), Memory()
        memory(PHOTO, "9777", "0-a")
        memory(PHOTO, "9778", "1-b")
        staged = stage(server, memory)
        assert server.attached(staged.remote_id) == ["9001", "9002"]

    def test_a_no_to_fresh_photos_is_believed(self) -> None:
        server, memory = FakeGraph(), Memory()
        server.faults = [lambda carry_out: carry_out()] * 2 + [answers(error(100))]
        with pytest.raises(Rejected):
            stage(server, memory)
        assert uploads(server) == 2


class TestAfterwards:
    """What can be done to a post that is out."""

    def test_its_text_is_corrected_as_often_as_asked(self) -> None:
        server = FakeGraph()
        post_id = server.add(TEXT, published=True)
        for _ in range(2):
            server.facebook().correct(access(), post_id, "Aino repairs books and maps")
        assert server.posts[post_id]["message"] == "Aino repairs books and maps"

    @pytest.mark.parametrize(
        ("fault", "failure"),
        [
            (lost(True), Unsure),
            (answers(error(200)), Reconnect),
            (answers(error(100, 33)), Rejected),
            (answers(ok({})), Unsure),
        ],
    )
    def test_a_correction_that_fails(self, fault: object, failure: type[Exception]) -> None:
        server = FakeGraph()
        post_id = server.add(TEXT, published=True)
        server.faults = [fault]  # type: ignore[list-item]
        with pytest.raises(failure):
            server.facebook().correct(access(), post_id, "new")

    def test_it_is_taken_down_and_may_be_so_already(self) -> None:
        server = FakeGraph()
        post_id = server.add(TEXT, published=True)
        for _ in range(2):
            server.facebook().remove(access(), post_id)
        assert server.posts == {}

    @pytest.mark.parametrize("fault", [lost(True), done_but(error(1)), done_but(error(2, status=500))])
    def test_a_removal_in_doubt_is_unsure_and_may_be_repeated(self, fault: object) -> None:
        server = FakeGraph()
        post_id = server.add(TEXT, published=True)
        server.faults = [fault]  # type: ignore[list-item]
        with pytest.raises(Unsure):
            server.facebook().remove(access(), post_id)
        server.facebook().remove(access(), post_id)

    def test_no_such_post_is_believed_only_when_it_is_not_seen_either(self) -> None:
        server = FakeGraph()
        post_id = server.add(TEXT, published=True)
        server.faults = [answers(error(100, 33))]
        with pytest.raises(Rejected) as caught:
            server.facebook().remove(access(), post_id)
        assert caught.value.reason == Reason.NOT_OFFERED
        server.faults = [answers(error(100, 33)), lost(False)]
        with pytest.raises(Unsure):
            server.facebook().remove(access(), post_id)

    def test_its_address_is_found_by_its_id(self) -> None:
        server = FakeGraph()
        post_id = server.add(TEXT, published=True)
        found = server.facebook().find(access(), Staged(post_id), "")
        assert found is not None
        assert found.permalink == f"http://fb.test/{post_id}"
        hidden = server.add(TEXT, published=False)
        assert server.facebook().find(access(), Staged(hidden), hidden) is None

    def test_facebook_fetches_nothing(self) -> None:
        facebook = FakeGraph().facebook()
        with pytest.raises(Rejected):
            facebook.begin_proof(access(), picture())
        with pytest.raises(Rejected):
            facebook.proof(access(), "1")


def test_photos_are_never_deleted() -> None:
    server, memory = FakeGraph(), Memory()
    staged = stage(server, memory)
    assert server.facebook().discard(access(), staged).seen is Seen.GONE
    assert [path for path in server.paths() if path.startswith("DELETE")] == [f"DELETE {staged.remote_id}"]
