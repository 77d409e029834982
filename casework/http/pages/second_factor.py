"""Switching codes from a telephone on and off: the secret as a picture and as text, the recovery codes shown once."""

from __future__ import annotations

from typing import Any

import segno
from litestar import Response, get, post
from litestar.response.redirect import Redirect
from markupsafe import Markup

from casework.errors import Fault, Invalid
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, client_of, site_of, store_of
from casework.services import passkeys, second_factor

ISSUER = "Casework"


@get("/account/second-factor", sync_to_thread=True)
def second_factor_page(request: Asked) -> Response[Any]:
    """Show whether it is on, or a fresh secret to switch it on with."""
    return _shown(request)


@post("/account/second-factor", sync_to_thread=True)
def switch_on_second_factor(request: Asked) -> Response[Any]:
    """Switch it on: the code proves that the telephone knows the secret. A wrong one comes back with the same secret."""
    fields = fields_of(request)
    secret = fields.get("secret", "")
    try:
        codes = second_factor.enrol(store_of(request), call_of(request), secret, fields.get("code", ""))
    except Invalid as invalid:
        return _shown(request, status=422, secret=secret, faults=invalid.faults)
    return _shown(request, codes=codes)


@post("/account/second-factor/codes", sync_to_thread=True)
def renew_recovery_codes(request: Asked) -> Response[Any]:
    """Make new recovery codes; the old ones are worth nothing."""
    return _shown(request, codes=second_factor.renew_codes(store_of(request), call_of(request)))


@post("/account/second-factor/off", sync_to_thread=True)
def switch_off_second_factor(request: Asked) -> Redirect:
    """Switch it off."""
    second_factor.switch_off(store_of(request), call_of(request))
    return see("/account?done=second_factor_off")


@post("/account/passkeys", sync_to_thread=True)
def add_passkey(request: Asked) -> Response[Any] | Redirect:
    """Keep a passkey that this device made."""
    fields = fields_of(request)
    try:
        passkeys.register(store_of(request), call_of(request), site_of(request.scope), fields.get("answer", ""), client_of(request.scope))
    except Invalid as invalid:
        return _shown(request, status=422, faults=invalid.faults)
    return see("/account/second-factor")


@post("/account/passkeys/remove", sync_to_thread=True)
def remove_passkey(request: Asked) -> Redirect:
    """Remove a passkey."""
    passkeys.remove(store_of(request), call_of(request), fields_of(request).get("passkey", ""))
    return see("/account/second-factor")


def _shown(
    request: Asked, *, status: int = 200, secret: str = "", codes: tuple[str, ...] = (), faults: tuple[Fault, ...] = ()
) -> Response[Any]:
    call = call_of(request)
    secret = secret if second_factor.is_secret(secret) else second_factor.new_secret()
    return page(
        request,
        "second_factor.html",
        status=status,
        standing=second_factor.standing(store_of(request), call),
        codes=codes,
        faults=faults,
        secret=secret,
        passkeys=passkeys.own(store_of(request), call),
        passkey=passkeys.ask_to_register(store_of(request), call, site_of(request.scope)),
        qr=_picture(second_factor.address_of(secret, call.who.name, ISSUER)),
    )


def _picture(address: str) -> Markup:
    """Return a QR code as SVG in the page itself: segno escapes what it is given, and loads nothing."""
    return Markup(segno.make(address, error="m").svg_inline(scale=4, border=4, light="#fff"))  # noqa: S704 - written by segno from our own text
