"""How the interface answers: the version of a case travels as its ETag, the next page is a link."""

from collections.abc import Mapping
from typing import TypeVar
from urllib.parse import urlencode

from litestar import Response

from casework.services.keyset import Page

T = TypeVar("T")


def versioned(content: T, version: int) -> Response[T]:
    """Answer with the version of the case: what a writer sends back in `If-Match`."""
    return Response(content, headers={"ETag": f'"{version}"'})


def next_page(after: str, path: str, asked: Mapping[str, str]) -> dict[str, str]:
    """Return the header that names the next page (`Link`, RFC 8288), with what was asked for; none on the last page."""
    if not after:
        return {}
    said = {name: value for name, value in asked.items() if value} | {"after": after}
    return {"Link": f'<{path}?{urlencode(said)}>; rel="next"'}


def paged(page: Page[T], path: str, asked: Mapping[str, str]) -> Response[tuple[T, ...]]:
    """Answer with the lines of a page."""
    return Response(page.lines, headers=next_page(page.after, path, asked))
