"""Pages are packed for our own pages and the person's own address bar; for whoever else can make a browser ask, lengths tell nothing."""

import pytest
from litestar import Litestar
from litestar.testing import TestClient


@pytest.mark.parametrize(
    ("asked_from", "accepts", "packed"),
    [
        ("same-origin", "gzip, br", True),
        ("none", "gzip", True),
        ("same-site", "gzip", False),
        ("cross-site", "gzip", False),
        ("", "gzip", False),
        ("same-origin", "br", False),
    ],
)
def test_a_page_is_packed_only_for_those_who_cannot_learn_from_its_length(
    client: TestClient[Litestar], asked_from: str, accepts: str, *, packed: bool
) -> None:
    headers = {"accept": "text/html", "accept-encoding": accepts} | ({"sec-fetch-site": asked_from} if asked_from else {})
    answer = client.get("/help", headers=headers)
    assert (answer.headers.get("content-encoding") == "gzip") is packed
    assert {"Accept-Encoding", "Sec-Fetch-Site"} <= {*answer.headers["vary"].replace(" ", "").split(",")}
    assert "</html>" in answer.text
