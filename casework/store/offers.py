"""Offers of a child to an institution, and their answers."""

from __future__ import annotations

from datetime import datetime

import msgspec
from sqlalchemy import bindparam, select

from casework.store.cases import CaseRow
from casework.store.ids import new_id
from casework.store.instants import from_text, to_text
from casework.store.schema import host_offer
from casework.store.statements import Query
from casework.store.unit import Unit


def add_offer(unit: Unit, case: CaseRow, host_id: str) -> str:
    """Insert an offer for this round and return its id."""
    offer_id = new_id(unit.call.at)
    values = {"id": offer_id, "case_id": case.id, "host_id": host_id, "round": case.round}
    unit.run(host_offer.insert().values(offered_by=unit.call.who.person, offered_at=to_text(unit.call.at), **values))
    return offer_id


def open_offer(unit: Unit, case: CaseRow, host_id: str) -> str | None:
    """Return the id of this round's unanswered offer to a host, or None."""
    row = unit.row(
        select(host_offer.c.id)
        .where(
            host_offer.c.case_id == case.id,
            host_offer.c.host_id == host_id,
            host_offer.c.round == case.round,
            host_offer.c.accepted.is_(None),
        )
        .order_by(host_offer.c.id.desc())
        .limit(1)
    )
    return str(row.id) if row else None


def answer(unit: Unit, case: CaseRow, offer_id: str, *, accepted: bool, reason: str) -> None:
    """Note the answer of the institution's head."""
    answered = {"accepted": int(accepted), "answered_by": unit.call.who.person, "answered_at": to_text(unit.call.at)}
    row = unit.seal(host_offer, case.child_id, {"reason": reason or None, **answered}, id=offer_id)
    unit.run(host_offer.update().where(host_offer.c.id == offer_id).values(row))


class OfferRow(msgspec.Struct, frozen=True):
    """An offer of this round. `accepted` is None until the institution's head answers."""

    host: str
    offered_at: datetime
    accepted: bool | None
    reason: str
    answered_by: str | None


OFFERS = Query(select(host_offer).where(host_offer.c.case_id == bindparam("case_id")).order_by(host_offer.c.id.desc()))


def offers_of(unit: Unit, case: CaseRow) -> tuple[OfferRow, ...]:
    """Return this round's offers, newest first."""
    return tuple(
        OfferRow(
            row.host_id, from_text(row.offered_at), None if row.accepted is None else bool(row.accepted), row.reason or "", row.answered_by
        )
        for row in unit.ask(OFFERS, case_id=case.id)
        if row.round == case.round
    )
