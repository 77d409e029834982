"""What every answer carries: the browser may load and send nothing but our own, and nobody keeps a copy."""

from collections.abc import Iterable

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'"
)
SANDBOX = "sandbox; default-src 'none'"
"""What a picture is shown under that somebody sent: it loads nothing, runs nothing, and is of no site. Nothing else may say otherwise."""
ALWAYS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    # not no-referrer: with that, browsers send `Origin: null` with our own forms; to other sites nothing is told either way
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
UNLESS_SET: tuple[tuple[bytes, bytes], ...] = ((b"cache-control", b"no-store"),)
"""A static file may say otherwise; an answer that says nothing is never stored."""
ONLY_ON_HTTPS = (b"strict-transport-security", b"max-age=31536000")


_SANDBOXED = (b"content-security-policy", SANDBOX.encode())
_OURS = frozenset(name for name, _ in (*ALWAYS, ONLY_ON_HTTPS)) | {b"x-request-id"}


def with_ours(given: Iterable[tuple[bytes, bytes]], *, scheme: str, request_id: str) -> list[tuple[bytes, bytes]]:
    """Return the headers an answer was given, then ours; ours win."""
    told = [header for header in given if header[0].lower() not in _OURS or header == _SANDBOXED]
    names = {name.lower() for name, _ in told}
    told += (header for header in ALWAYS if header[0] not in names)
    told += [header for header in UNLESS_SET if header[0] not in names]
    if scheme == "https":
        told.append(ONLY_ON_HTTPS)
    told.append((b"x-request-id", request_id.encode()))
    return told
