"""Pages from templates: Indonesian first, English one click away, moments in WITA, a fresh key in every form."""

from __future__ import annotations

import functools
import gzip
import secrets
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, urlencode

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.response.redirect import Redirect

from casework import __version__
from casework.http.front import SAFE
from casework.http.pages.help_rules import rules
from casework.http.pages.statics import ADDRESSES
from casework.http.passage import header
from casework.http.session import session_or_none, store_of
from casework.machines.policy import Action, role_may
from casework.machines.roles import ROLES
from casework.services.calendar import day, moment
from casework.services.captions import relation
from casework.services.caseload import has_cases
from casework.services.held import key_for_browser, name_for_browser
from casework.services.labels import label_of
from casework.services.sessions import Session
from casework.services.work import has_work_list
from casework.words import Language, Words

if TYPE_CHECKING:
    from jinja2 import Environment

HERE = Path(__file__).parent
COOKIE = "casework-lang"
BROWSERS = {"edge": "Edge", "firefox": "Firefox", "chrome": "Chrome", "safari": "Safari"}
SYSTEMS = {"android": "Android", "iphone": "iPhone", "ipad": "iPad", "windows": "Windows", "mac": "macOS", "linux": "Linux"}
YEAR = 365 * 24 * 3600
KEPT = 600
"""Seconds that a page for everybody may be kept."""
MOST_FRESH = 600
"""Bytes below which an answer is not worth compressing."""
_LEVEL = 6
_TRUSTED = frozenset({"same-origin", "none"})
MARKS: dict[str, Words] = {
    "SEEN": Words("naskah", "text read"),
    "SEEN-2": Words("kutipan", "quoted text"),
    "BG-H": Words("pengetahuan umum", "general knowledge"),
    "BG-M": Words("perlu konfirmasi", "to be confirmed"),
    "BG-L": Words("perlu konfirmasi", "to be confirmed"),
    "DESIGN": Words("ketentuan aplikasi", "product rule"),
}
"""Where a rule comes from (its provenance mark), in words short enough to stand beside it."""

Asked: TypeAlias = Request[Any, Any, Any]


@functools.cache
def _templates() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - with the first page: a worker starts without it

    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.globals.update(version=__version__, static=ADDRESSES, marks=MARKS, roles=ROLES, new_key=lambda: secrets.token_urlsafe(18))
    env.globals.update(browsers=BROWSERS, systems=SYSTEMS, relation=relation, label_of=label_of, ruled=rules())
    env.filters["upfirst"] = lambda text: text[:1].upper() + text[1:]
    return env


def language_of(request: Asked) -> Language:
    """Return the language of a page: asked for in the address, remembered in the cookie, or the installation's own."""
    for wanted in (request.query_params.get("lang"), request.cookies.get(COOKIE)):
        if wanted in {"id", "en"}:
            return "en" if wanted == "en" else "id"
    settings = request.app.state.get("settings")
    return settings.language if settings else "id"


def in_words(language: Language) -> dict[str, Any]:
    """Return what every template speaks with: `w(indonesian, english)`, `t(words)`, `when(moment)`, `on(date)`.

    `n(many, indonesian, english of one, english of more)` counts: Indonesian says one as it says many.
    """

    def written(on: date | str) -> str:
        return day(date.fromisoformat(on), language) if isinstance(on, str) else day(on, language)

    return {
        "lang": language,
        "w": lambda indonesian, english: indonesian if language == "id" else english,
        "n": lambda many, indonesian, one, more: f"{many} {indonesian if language == 'id' else one if many == 1 else more}",
        "t": lambda words: words.to(language),
        "when": lambda at: moment(at, language),
        "on": written,
    }


def page(request: Asked, template: str, *, status: int = 200, session: Session | None = None, **context: Any) -> Response[bytes]:
    """Return a page. `session` is looked up when it is not given; pages for strangers have none."""
    language = language_of(request)
    session = session or _signed_in(request)
    roles = {seat.role for seat in session.who.seats} if session else set()
    lent = {one.role for one in session.who.delegations} if session else set()
    text = (
        _templates()
        .get_template(template)
        .render(
            **in_words(language),
            session=session,
            csrf=session.csrf if session else "",
            works=bool(session and has_work_list(session.who)),
            decides=_any(roles | lent, "decide"),
            audits=_any(roles, "read_trail"),
            sees_numbers=_any(roles, "count"),
            guards_data=_any(roles, "handle_breach"),
            registers=_any(roles, "open_host"),
            complaints=_any(roles, "know_complaint"),
            receives=bool(roles) and all(role_may(role, "use_desk") for role in roles),
            has_cases=bool(session and has_cases(session.who)),
            reaches=_any(roles, "see_letters"),
            answers_for_data=_any(roles, "handle_data_request"),
            in_need=_any(roles, "break_glass"),
            answering=request.method not in SAFE,
            browser_name=name_for_browser(session.who.account) if session else "",
            browser_key=lambda: key_for_browser(store_of(request), session.who.account) if session else "",
            administers=_any(roles, "manage_accounts"),
            here=request.url.path,
            other_language=_other_language(request, language),
            office=_office(request),
            **context,
        )
    )
    cookies = [_remember(language)] if request.query_params.get("lang") in {"id", "en"} else []
    content, headers = packed(request, text.encode())
    return Response(content, status_code=status, media_type="text/html; charset=utf-8", cookies=cookies, headers=headers)


def packed(request: Asked, content: bytes) -> tuple[bytes, dict[str, str]]:
    """Return a page as it goes over the wire, and the headers that say so: compressed where our own page or the person asked for it.

    A page holds secrets beside words of its address. Who can make a browser ask for it, from another site or a neighbour of ours, would
    learn from lengths what it holds (BREACH): for them nothing is compressed.
    """
    asked = header(request.scope, b"accept-encoding"), header(request.scope, b"sec-fetch-site")
    told = {"Vary": "Accept-Encoding, Sec-Fetch-Site"}
    if len(content) < MOST_FRESH or "gzip" not in asked[0] or asked[1] not in _TRUSTED:
        return content, told
    return gzip.compress(content, _LEVEL, mtime=0), told | {"Content-Encoding": "gzip"}


def public_page(request: Asked, template: str, **context: Any) -> Response[bytes]:
    """Return a page that tells everybody the same: for a stranger it may be kept for a while, in the language that was chosen."""
    answer = page(request, template, **context)
    if not answer.cookies and _signed_in(request) is None:
        answer.headers |= {"Cache-Control": f"public, max-age={KEPT}", "Vary": f"{answer.headers['Vary']}, Cookie"}
    return answer


def _any(roles: set[str], action: Action) -> bool:
    """Whether the menu leads somebody with these roles to it; what there is for them, the service says."""
    return any(role_may(role, action) for role in roles)


def bare_page(template: str, language: Language, **context: Any) -> bytes:
    """Return a page for a request that never reached a route: nobody is known, and there is nothing to switch."""
    spoken = in_words(language)
    nobody: dict[str, Any] = {"session": None, "csrf": "", "here": "/", "other_language": "", "office": "", "browser_name": ""}
    nobody |= dict.fromkeys(
        (
            "works",
            "decides",
            "audits",
            "sees_numbers",
            "guards_data",
            "registers",
            "complaints",
            "receives",
            "has_cases",
            "reaches",
            "in_need",
            "administers",
            "answers_for_data",
            "answering",
        ),
        False,
    )
    return _templates().get_template(template).render(**spoken, **nobody, **context).encode()


def see(address: str, *, cookies: list[Cookie] | None = None) -> Redirect:
    """Send the browser to look at a page (303): a reload there repeats nothing."""
    return Redirect(path=address, status_code=303, cookies=cookies or [])


def _signed_in(request: Asked) -> Session | None:
    """Return the session for the page's own header; what a form lacked is not asked again here."""
    try:
        return session_or_none(request)
    except Exception:  # noqa: BLE001  # an error page is shown whatever is wrong with the session or the store
        return None


def _remember(language: Language) -> Cookie:
    return Cookie(key=COOKIE, value=language, path="/", max_age=YEAR, httponly=True, samesite="lax")


def _office(request: Asked) -> str:
    settings = request.app.state.get("settings")
    return settings.office.name if settings else "Dinas Sosial"


def _other_language(request: Asked, language: Language) -> str:
    """Return the address of this page in the other language; a page that answers a post has none of its own."""
    if request.method not in SAFE:
        return ""
    kept = [(name, value) for name, value in parse_qsl(request.url.query or "") if name not in {"lang", "done"}]
    return f"{request.url.path}?{urlencode([*kept, ('lang', 'en' if language == 'id' else 'id')])}"
