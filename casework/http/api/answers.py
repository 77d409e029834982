"""How the interface answers: the version of a case travels as its ETag, a new thing is 201 with its place."""

from typing import TypeVar

from litestar import Response
from litestar.status_codes import HTTP_200_OK, HTTP_201_CREATED

T = TypeVar("T")


def versioned(content: T, version: int, *, status: int = HTTP_200_OK) -> Response[T]:
    """Answer with the version of the case: what a writer sends back in `If-Match`."""
    return Response(content, status_code=status, headers={"ETag": f'"{version}"'})


def created(content: T, place: str, version: int | None = None) -> Response[T]:
    """Answer 201: what came into being and where it is."""
    headers = {"Location": place} | ({} if version is None else {"ETag": f'"{version}"'})
    return Response(content, status_code=HTTP_201_CREATED, headers=headers)
