"""What a browser loads beside the pages: a style sheet and a few scripts, each under an address that names its content, kept for ever."""

from __future__ import annotations

import gzip
import hashlib
from pathlib import Path
from typing import Any

import msgspec
from litestar import Request, Response, get
from litestar.params import FromPath

from casework.errors import NotFound
from casework.http.passage import header

HERE = Path(__file__).parent / "static"
NAMES = {"casework.css": "text/css", "casework.js": "text/javascript", "passkeys.js": "text/javascript", "htmx.js": "text/javascript"}


class Static(msgspec.Struct, frozen=True):
    """One file: its bytes, the same compressed, and of which type it is."""

    content: bytes
    packed: bytes
    media_type: str


def _read(name: str) -> tuple[str, Static]:
    content = (HERE / name).read_bytes()
    stem, _, kind = name.partition(".")
    address = f"{stem}-{hashlib.sha256(content).hexdigest()[:12]}.{kind}"
    return address, Static(content, gzip.compress(content, 9, mtime=0), f"{NAMES[name]}; charset=utf-8")


_FOUND = {name: _read(name) for name in NAMES}
_BY_ADDRESS = dict(_FOUND.values())
ADDRESSES = {name: f"/static/{address}" for name, (address, _) in _FOUND.items()}
"""Where each stands. It changes with its content."""
_KEPT = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}


@get("/static/{name:str}")
async def static_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Return a style sheet or a script: there is no secret in it, so it is compressed for everybody who takes it so."""
    found = _BY_ADDRESS.get(name)
    if found is None:
        raise NotFound("static")
    if "gzip" in header(request.scope, b"accept-encoding"):
        return Response(found.packed, media_type=found.media_type, headers=_KEPT | {"Content-Encoding": "gzip"})
    return Response(found.content, media_type=found.media_type, headers=_KEPT)
