"""A client of a profile on the practice network."""

from typing import Any

from tests.practice.graph import Graph, code
from tests.practice.shelf import Shelf, picture
from tests.support.practice import PracticeServer


class Instagram(Graph):
    """A client with the token of the Page that the first profile is linked to, and a shelf of pictures."""

    def __init__(self, practice: PracticeServer, shelf: Shelf) -> None:
        super().__init__(practice)
        linked = self.get(self.page, fields="instagram_business_account")["instagram_business_account"]
        self.profile, self.shelf = str(linked["id"]), shelf

    def container(self, **params: Any) -> str:
        """A new container's id; with a good picture unless one is named."""
        if "image_url" not in params and "media_type" not in params:
            params["image_url"] = self.shelf.put(picture())
        made = self.post(f"{self.profile}/media", **params)
        assert "id" in made, made
        return str(made["id"])

    def refused(self, **params: Any) -> tuple[int, int | None]:
        """Code and subcode of a container that is not made."""
        return code(self.post(f"{self.profile}/media", **params))

    def status(self, container: str) -> str:
        """The status of a container."""
        return str(self.get(container, fields="status_code")["status_code"])

    def settled(self, container: str) -> str:
        """Its status once its picture was fetched, and looked at, or not."""
        for _ in range(2_000):
            found = self.status(container)
            if found != "IN_PROGRESS":
                return found
        raise AssertionError("the container stays in progress")

    def ready(self, **params: Any) -> str:
        """A container that can be published."""
        container = self.container(**params)
        assert self.settled(container) == "FINISHED"
        return container

    def carousel(self, caption: str = "Three", count: int = 3) -> str:
        """A finished carousel."""
        children = ",".join(
            self.ready(
                image_url=self.shelf.put(picture(80 + n)), is_carousel_item="true", alt_text=f"Picture {n}"
            )
            for n in range(count)
        )
        return self.ready(media_type="CAROUSEL", children=children, caption=caption)

    def publish(self, container: str) -> dict[str, Any]:
        """The answer to media_publish."""
        return self.post(f"{self.profile}/media_publish", creation_id=container)

    def published(self, **params: Any) -> str:
        """A new public media's id."""
        return str(self.publish(self.ready(**params))["id"])

    def listed(self, fields: str = "id", **params: Any) -> list[dict[str, Any]]:
        """The newest media of the profile."""
        rows: list[dict[str, Any]] = self.get(f"{self.profile}/media", fields=fields, **params)["data"]
        return rows
