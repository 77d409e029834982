"""Choosing where a child could live: a short list on the child's page, all of them, sifted, on a page of their own."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, urlencode

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.services.captions import DISTRICTS, HOST_KINDS, RELIGIONS
from casework.services.child_file import ChildFile, Near
from casework.services.places import Place, of_register, places_for
from casework.services.searched import sealed_search, search_said
from casework.store.listing import NEAR
from casework.words import Words

SHORT = 8
"""Places that a child's page offers for one step: the nearest. A page with every house of a province in every list cannot be read."""
LONG = 50
"""Places on the page of all: more are found by a name or a district."""
FAR = NEAR.index("elsewhere")
HOW_NEAR = (
    Words("Sudah berkaitan dengan anak ini", "Known to this child already"),
    Words("Di kecamatan anak", "In the child's district"),
    Words("Dalam wilayah kantor", "In the area of the office"),
    Words("Di tempat lain", "Elsewhere"),
)


def nearest(case: ChildFile, asks: tuple[str, ...], chosen: str) -> tuple[Near, ...]:
    """Return the places that a child's page offers for what a step asks: the nearest, and the one that is chosen."""
    kinds = of_register(asks)
    found = sorted((one for one in case.hosts if one.kind in kinds), key=lambda one: (one.near, kinds.index(one.kind), one.name))
    return tuple(one for place, one in enumerate(found) if place < SHORT or one.id == chosen)


@get("/cases/{case_id:str}/places", sync_to_thread=True)
def place_list(request: Asked, case_id: FromPath[str]) -> Response[Any]:
    """List the places that a step could name, of many only those nearby: `?all=1` all; `?district=`, a name (`?q=`, sealed) sift."""
    store, call, asked = store_of(request), call_of(request), request.query_params
    found = places_for(store, call, case_id, asked.get("step", ""))
    named, district = search_said(store, call.who.account, asked.get("q", "")).get("name", ""), asked.get("district", "")[:13]
    near = [one for one in found.places if one.near < FAR]
    whole = bool(asked.get("all") or named or district or not near) or len(found.places) <= LONG
    sought = [one for one in (found.places if whole else near) if _is_sought(one, named, district)]
    return page(
        request,
        "places.html",
        found=found,
        groups=[(words, [one for one in sought[:LONG] if one.near == near]) for near, words in enumerate(HOW_NEAR)],
        more=len(sought[LONG:]),
        named=named,
        district=district,
        districts=sorted({one.district for one in found.places if one.district}),
        district_names=DISTRICTS,
        elsewhere=0 if whole else len(found.places) - len(near),
        everywhere=urlencode({"step": found.trigger, "all": 1}),
        host_kinds=HOST_KINDS,
        religions=RELIGIONS,
    )


@post("/places", sync_to_thread=True)
def search_places(request: Asked) -> Redirect:
    """Take a search to an address that tells nobody which household it is for. It changes nothing."""
    fields = fields_of(request)
    name, case_id = fields.get("name", "")[:100], fields.get("of", "")
    asked = {"step": fields.get("step", "")[:60], "district": fields.get("district", "")[:13]}
    asked["q"] = sealed_search(store_of(request), call_of(request).who.account, name=name)
    return see(f"/cases/{quote(case_id[:26], safe='')}/places?{urlencode({key: said for key, said in asked.items() if said})}")


def _is_sought(one: Place, named: str, district: str) -> bool:
    return named.casefold() in one.name.casefold() and district in {"", one.district}
