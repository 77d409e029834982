"""Second factors: TOTP secrets, encrypted; the last step that was used; recovery codes as digests."""

from __future__ import annotations

from sqlalchemy import func, select

from casework.store.instants import to_text
from casework.store.schema import recovery_code, totp
from casework.store.unit import Unit


def secret_of(unit: Unit, account_id: str) -> bytes | None:
    """Return the encrypted TOTP secret of an account, or None where it has none."""
    row = unit.row(select(totp.c.secret).where(totp.c.account_id == account_id))
    return bytes(row.secret) if row else None


def put(unit: Unit, account_id: str, secret: bytes, step: int, codes: tuple[str, ...]) -> None:
    """Give an account a secret, of which `step` is used up already, and recovery codes (as digests). What it had before is gone."""
    remove(unit, account_id)
    now = to_text(unit.call.at)
    unit.run(totp.insert().values(account_id=account_id, secret=secret, last_step=step, made_at=now))
    put_codes(unit, account_id, codes)


def put_codes(unit: Unit, account_id: str, codes: tuple[str, ...]) -> None:
    """Replace the recovery codes of an account."""
    unit.run(recovery_code.delete().where(recovery_code.c.account_id == account_id))
    for code in codes:
        unit.run(recovery_code.insert().values(account_id=account_id, digest=code))


def remove(unit: Unit, account_id: str) -> bool:
    """Take an account's second factor away, with its recovery codes. Return whether there was one."""
    unit.run(recovery_code.delete().where(recovery_code.c.account_id == account_id))
    return unit.run(totp.delete().where(totp.c.account_id == account_id)) > 0


def use_step(unit: Unit, account_id: str, step: int) -> bool:
    """Use a step of the clock up, with all before it. Of several who try at once, one does."""
    mine = totp.update().where(totp.c.account_id == account_id, totp.c.last_step < step)
    return unit.run(mine.values(last_step=step)) == 1


def use_code(unit: Unit, account_id: str, digest: str) -> bool:
    """Use a recovery code up. Of several who try at once, one does."""
    mine = (recovery_code.c.account_id == account_id, recovery_code.c.digest == digest, recovery_code.c.used_at.is_(None))
    return unit.run(recovery_code.update().where(*mine).values(used_at=to_text(unit.call.at))) == 1


def codes_left(unit: Unit, account_id: str) -> int:
    """Return how many recovery codes are unused."""
    mine = (recovery_code.c.account_id == account_id, recovery_code.c.used_at.is_(None))
    return int(unit.need(select(func.count()).select_from(recovery_code).where(*mine), "codes")[0])
