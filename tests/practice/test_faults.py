"""Trouble: lost answers, cut lines, limits, dead tokens, one Page that hangs."""

import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.practice.graph import Graph, code
from tests.support.practice import PracticeServer
from tests.support.waiting import comes


@pytest.mark.parametrize(
    ("fault", "expected"), [("code_2", (2, None)), ("code_1_99", (1, 99)), ("missing", (100, 33))]
)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_lost_answers(
    practice: PracticeServer, graph: Graph, fault: str, expected: tuple[int, int], moment: str
) -> None:
    practice.script(fault, calls="create", moment=moment)
    assert code(graph.post(f"{graph.page}/feed", message="Lost")) == expected
    assert len(practice.public_log()) == (1 if moment == "after" else 0)
    graph.create("Next one works")
    row = practice.transcript(call="create")[0]
    assert (row["fault"], row["done"]) == (f"{fault} ({moment})", moment == "after")


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_cut_line(practice: PracticeServer, graph: Graph, moment: str) -> None:
    post = graph.stage()
    practice.script("closed", calls="show", moment=moment)
    with pytest.raises(httpx.TransportError):
        graph.post(post, is_published="true")
    assert graph.get(post, fields="is_published")["is_published"] is (moment == "after")


@pytest.mark.parametrize(("moment", "done"), [("before", False), ("after", True), ("late", True)])
def test_an_answer_that_never_comes(practice: PracticeServer, graph: Graph, moment: str, done: bool) -> None:
    post = graph.stage()
    before = len(practice.transcript(call="show"))
    practice.script("timeout", calls="show", moment=moment, seconds=2 if moment == "late" else 0.3)
    with pytest.raises(httpx.ReadTimeout):
        graph.call("POST", post, data={"is_published": "true"}, timeout=httpx.Timeout(60, read=0.1))
    if moment == "after":
        assert comes(practice.public_log)
    else:
        assert practice.public_log() == []
    # The call is written down when it has ended, with its caller or without.
    assert comes(lambda: len(practice.transcript(call="show")) > before)
    assert len(practice.public_log()) == int(done)


def test_a_late_answer(practice: PracticeServer, graph: Graph) -> None:
    practice.script("slow", calls="create", seconds=0.2)
    started = time.monotonic()
    graph.create()
    assert time.monotonic() - started > 0.2


def test_a_page_of_a_proxy(practice: PracticeServer, graph: Graph) -> None:
    practice.script("http_502", calls="read")
    answer = graph.call("GET", graph.create())
    assert (answer.status_code, answer.headers["content-type"][:9]) == (502, "text/html")


def test_scripts_count_skip_and_choose_their_page(practice: PracticeServer, graph: Graph) -> None:
    practice.script("blocked", calls="create", page=practice.other_page, times=None)
    practice.script("error", calls="create edit", code=9999, subcode=7, status=503, skip=1, times=2)
    graph.create("Skipped")
    for _ in range(2):
        assert code(graph.post(f"{graph.page}/feed", message="No")) == (9999, 7)
    graph.create("Over")
    assert [rule["fault"] for rule in practice.state()["script"]] == ["blocked"]
    practice.ask("script", method="DELETE")
    assert practice.state()["script"] == []


def test_limits(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(usage_percent=70, usage_rise=10, regain_minutes=20)
    answers = [graph.call("GET", graph.page) for _ in range(4)]
    usage = [answer.headers["x-app-usage"] for answer in answers]
    assert [text[1:17] for text in usage[:2]] == ['"call_count": 70', '"call_count": 80']
    assert code(answers[3].json()) == (80001, None)
    assert answers[3].status_code == 400
    assert '"estimated_time_to_regain_access": 20' in answers[3].headers["x-business-use-case-usage"]
    practice.forward(minutes=21)
    assert graph.get(graph.page)["id"] == graph.page


@pytest.mark.parametrize("number", [4, 32, 80001])
def test_a_scripted_limit(practice: PracticeServer, graph: Graph, number: int) -> None:
    practice.script("limit", code=number, minutes=7)
    answer = graph.call("GET", graph.page)
    assert code(answer.json()) == (number, None)
    assert '"estimated_time_to_regain_access": 7' in answer.headers["x-business-use-case-usage"]


@pytest.mark.parametrize("subcode", [458, 459, 460, 463, 464, 467, 492])
def test_dead_tokens(practice: PracticeServer, graph: Graph, subcode: int) -> None:
    practice.switches(page=graph.page, token_error=str(subcode))
    assert code(graph.get(graph.page)) == (190, subcode)
    practice.switches(page=graph.page, token_error=None)
    practice.ask("tokens/end", {"subcode": subcode, "page": graph.page})
    assert code(graph.get(graph.page)) == (190, subcode)
    again = {"authorization": f"Bearer {practice.page_token(graph.page)}"}
    assert graph.call("GET", graph.page, headers=again).json()["id"] == graph.page  # connecting again heals


def test_lost_rights(practice: PracticeServer, graph: Graph) -> None:
    post = graph.create()
    practice.switches(withdrawn=["pages_manage_posts"], permission_code="10")
    assert code(graph.post(post, message="No")) == (10, None)
    practice.switches(withdrawn=None)
    practice.ask("roles", {"page": graph.page, "tasks": ["ANALYZE"]})
    assert code(graph.post(post, message="No")) == (200, None)
    practice.ask("roles", {"page": graph.page, "tasks": None})
    assert code(graph.get(post)) == (190, 492)


def test_blocked_for_policy(practice: PracticeServer, graph: Graph) -> None:
    post = graph.stage()
    practice.switches(blocked=True)
    assert code(graph.post(post, is_published="true")) == (368, None)
    assert graph.get(post, fields="is_published")["is_published"] is False


def test_a_fresh_post_is_not_found(practice: PracticeServer, graph: Graph) -> None:
    practice.switches(fresh_seconds=30)
    post = graph.stage()
    assert code(graph.get(post)) == (100, 33)
    practice.forward(seconds=31)
    assert graph.get(post)["id"] == post


def test_one_page_hangs_alone(practice: PracticeServer, graph: Graph) -> None:
    """Longer than anybody waits: an answer that came behind it would come too late."""
    practice.switches(page=practice.other_page, hang_seconds=3600)
    with ThreadPoolExecutor() as pool:
        token = {"access_token": practice.page_token(practice.other_page)}
        address, patience = f"{practice.url}/v25.0/{practice.other_page}", httpx.Timeout(60, read=1)
        slow = pool.submit(practice.http.get, address, params=token, timeout=patience)
        assert graph.get(graph.page)["id"] == graph.page
        with pytest.raises(httpx.ReadTimeout):
            slow.result()


def _shown(graph: Graph, post: str) -> dict[str, object]:
    """Show a post; once more when an idle connection was just being closed (it only sets a flag)."""
    try:
        return graph.post(post, is_published="true")
    except httpx.ReadError:
        return graph.post(post, is_published="true")


def test_many_at_once(practice: PracticeServer, graph: Graph) -> None:
    posts = [graph.stage(f"Post {n}") for n in range(100)]
    practice.switches(latency_ms=200)
    with ThreadPoolExecutor(50) as pool:
        started = time.monotonic()
        answers = list(pool.map(lambda post: _shown(graph, post), posts))
        took = time.monotonic() - started
    assert answers == [{"success": True}] * 100
    assert len(practice.public_log()) == 100
    assert 0.4 < took < 16  # one after the other they would take twenty


def test_unknown_switches_are_refused(practice: PracticeServer) -> None:
    for body in ({"switches": {"mood": 1}}, {"switches": {"latency_ms": 0}}, {"page": "1", "switches": {}}):
        assert practice.control.post("switches", json=body).status_code == 422
    assert practice.control.post("script", json={"fault": "rain"}).status_code == 422
    assert practice.control.post("script", json={"fault": "closed", "calls": ["sing"]}).status_code == 422
