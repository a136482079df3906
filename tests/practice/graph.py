"""A client of the practice network, as bare as can be."""

from typing import Any
from urllib.parse import urljoin

import httpx

from tests.support.practice import PracticeServer


class Graph:
    """A client with the token of one Page. Answers come as JSON, whatever their status."""

    def __init__(self, practice: PracticeServer) -> None:
        self.page = practice.page
        self.token = practice.page_token(practice.page)
        self._base, self._http = f"{practice.url}/v25.0/", practice.http

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:
        """The whole answer to a call. more: params, data, headers, timeout, as httpx names them."""
        headers = {"authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self._http.request(method, urljoin(self._base, path), headers=headers, **more)

    def get(self, path: str, **params: Any) -> dict[str, Any]:
        """The answer to a GET."""
        answer: dict[str, Any] = self.call("GET", path, params=params or None).json()
        return answer

    def post(self, path: str, **params: Any) -> dict[str, Any]:
        """The answer to a POST."""
        answer: dict[str, Any] = self.call("POST", path, data=params).json()
        return answer

    def delete(self, path: str) -> dict[str, Any]:
        """The answer to a DELETE."""
        answer: dict[str, Any] = self.call("DELETE", path).json()
        return answer

    def create(self, message: str = "Good evening", **params: Any) -> str:
        """A new post's id."""
        return str(self.post(f"{self.page}/feed", message=message, **params)["id"])

    def stage(self, message: str = "Good evening") -> str:
        """A new hidden post's id."""
        return self.create(message, published="false")


def code(answer: dict[str, Any]) -> tuple[int, int | None]:
    """Code and subcode of a refusal."""
    error = answer["error"]
    assert error["fbtrace_id"]
    assert isinstance(error["is_transient"], bool)
    return error["code"], error.get("error_subcode")
