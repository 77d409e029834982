"""How the interface answers: the version of a case travels as its ETag, a new thing is 201 with its place."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlencode

from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

from casework.services.keyset import Page

T = TypeVar("T")


def versioned(content: T, version: int, *, status: int = HTTP_200_OK) -> Response[T]:
    """Answer with the version of the case: what a writer sends back in `If-Match`."""
    return Response(content, status_code=status, headers={"ETag": f'"{version}"'})


def created(content: T, place: str, version: int | None = None) -> Response[T]:
    """Answer 201: what came into being and where it is."""
    headers = {"Location": place} | ({} if version is None else {"ETag": f'"{version}"'})
    return Response(content, status_code=HTTP_201_CREATED, headers=headers)


def next_page(after: str, path: str, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the header that names the next page (`Link`, RFC 8288), with what was asked for; none on the last page."""
    if not after:
        return {}
    said = {name: value for name, value in asked.items() if value} | {"after": after}
    return {"Link": f'<{path}?{urlencode(said)}>; rel="next"'}


def paged(page: Page[T], path: str, asked: Mapping[str, str]) -> Response[tuple[T, ...]]:
    """Answer with the lines of a page."""
    return Response(page.lines, headers=next_page(page.after, path, asked))
