"""What an e-mail address of somebody who works here looks like: plain enough that nothing else can hide in it."""

from __future__ import annotations

import re

from casework.errors import Fault, Invalid
from casework.words import Words

_LENGTH = 254
_ADDRESS = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]{0,63}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}")
"""ASCII without quotes, comments, spaces or control characters: no header can be smuggled in, and every server takes it."""


def is_mail_address(text: str) -> bool:
    """Whether this is a plain address."""
    return len(text) <= _LENGTH and _ADDRESS.fullmatch(text) is not None


def check_mail(mail: str) -> None:
    """Raise Invalid for what is no plain address."""
    if not is_mail_address(mail):
        words = Words("Bukan alamat surel yang sah (contoh: nama@contoh.go.id).", "Not a valid e-mail address (example: name@example.org).")
        raise Invalid(Fault("$.mail", words))
