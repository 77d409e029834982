"""Bringing the good rows in: institutions first, then one unit of work for each child, under a key of its own, so that it can go on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

import msgspec

from casework.census.gathering import Gathered, Registered, Resident, compared, gather
from casework.census.rows import House, read_lists
from casework.census.workbook import Workbook
from casework.errors import CaseworkError, Fault, Invalid, Refusal
from casework.machines.facts import WITA
from casework.machines.forms import Intake, Listed, ListedProof
from casework.machines.policy import holders, role_may
from casework.machines.refusals import role_not_allowed
from casework.services import census, registers
from casework.services.captions import relation_code
from casework.services.cases import NewChild
from casework.services.census import ListedRelative, RegisterListed, Twin, Window, census_window, import_key
from casework.store.call import Call, Who
from casework.store.spelling import fold
from casework.store.store import Store
from casework.words import Words

HOUSE_KIND = "lksa"
_AT_ONCE = 50
"""Children that are compared with the register in one reading."""
BROUGHT_BY_ANOTHER = {"already_done"}
"""The answer when a colleague brought the same row in meanwhile: it is there, and that is all that was wanted."""
_NOT_TOLD = "belum diketahui"


class Prepared(msgspec.Struct, frozen=True):
    """A dry run: everything the workbook would bring, and the children of it that are there already."""

    gathered: Gathered
    there: frozenset[str]
    window: Window

    @property
    def fresh(self) -> tuple[Resident, ...]:
        """The children that can come in and are not there."""
        return tuple(one for one in self.gathered.good if one.line not in self.there)


class Brought(msgspec.Struct, frozen=True):
    """What an import did. `cases` are by the code of the child in the file; `failed` say why a child could not come in after all."""

    houses: int
    cases: dict[str, str]
    skipped: int
    failed: dict[str, CaseworkError]


def importer(who: Who, office: str) -> Who:
    """Return the caller with the seats that count here: those in this office. Raises Refusal for anybody who may not bring lists in."""
    seats = tuple(seat for seat in who.seats if seat.office == office and seat.host is None and role_may(seat.role, "bring_census"))
    if not seats:
        raise Refusal((role_not_allowed(holders("bring_census")),))
    return msgspec.structs.replace(who, seats=seats)


def prepare(store: Store, call: Call, book: Workbook, tell: Callable[[int, int], None]) -> Prepared:
    """Read a workbook against the register, changing nothing. `tell` hears how many children were compared, and of how many."""
    lists = read_lists(book, call.at.astimezone(WITA).date())
    houses = [Registered(one.id, one.name, one.capacity) for one in registers.list_hosts(store, call) if one.kind == HOUSE_KIND]
    gathered = gather(lists, houses, may_enter_houses=any(role_may(seat.role, "add_host", HOUSE_KIND) for seat in call.who.seats))
    office = call.who.seats[0].office
    there = census.brought_already(store, call, office, tuple(one.line for one in gathered.residents))
    asked = [one for one in gathered.good if one.line not in there]
    twins: list[tuple[Resident, Sequence[Twin]]] = []
    for first in range(0, len(asked), _AT_ONCE):
        some = asked[first : first + _AT_ONCE]
        twins += zip(some, census.likely_twins(store, call, tuple(one.described for one in some)), strict=True)
        tell(min(first + _AT_ONCE, len(asked)), len(asked))
    return Prepared(compared(gathered, twins), there, census_window(store, call))


def bring(store: Store, who: Call, prepared: Prepared, now: Callable[[], datetime], tell: Callable[[int, int], None]) -> Brought:
    """Bring in every good row that is not there. Stopped at any moment, it has brought whole children, and goes on when run again."""
    if store.search_key is None:
        words = Words("Kunci pencarian tidak ada.", "There is no search key.")
        raise Invalid(Fault("$", words))
    key = store.search_key
    hosts = {fold(one.name): one.id for one in registers.list_hosts(store, who) if one.kind == HOUSE_KIND}
    fresh = prepared.fresh
    wanted = {fold(one.house.name) for one in fresh if one.house and not one.host}
    added = [house for house in prepared.gathered.houses if fold(house.name) in wanted and fold(house.name) not in hosts]
    for house in added:
        call = _call(who, now(), import_key(key, f"house:{fold(house.name)}"))
        hosts[fold(house.name)] = registers.add_host(store, call, _house(house)).id
    cases: dict[str, str] = {}
    failed: dict[str, CaseworkError] = {}
    for done, one in enumerate(fresh, start=1):
        at = now()
        host = one.host.id if one.host else hosts[fold(one.house_name)]
        ask = resident(one, host, prepared.gathered.lists.digest, f"{at.astimezone(WITA):%d-%m-%Y}")
        try:
            cases[one.child.code] = census.register_listed(store, _call(who, at, import_key(key, one.line)), ask).id
        except (Refusal, Invalid) as no:
            if not (isinstance(no, Refusal) and no.codes == BROUGHT_BY_ANOTHER):
                failed[one.child.code] = no
        tell(done, len(fresh))
    return Brought(len(added), cases, len(prepared.gathered.good) - len(cases) - len(failed), failed)


def _call(who: Call, at: datetime, key: str) -> Call:
    return msgspec.structs.replace(who, at=at, through=msgspec.structs.replace(who.through, key=key))


def _house(house: House) -> registers.AddHost:
    """Return the ask to list an institution: no licence, no policy, no papers. Those are entered from paper; it stays registered."""
    return msgspec.convert(
        {
            "name": house.name,
            "kind": HOUSE_KIND,
            "religion": house.religion or None,
            "capacity": house.capacity,
            "caregivers": house.caregivers,
            "district_code": house.district or None,
        },
        registers.AddHost,
    )


def resident(one: Resident, host: str, digest: str, today: str) -> RegisterListed:
    """Return the ask to register a listed child. What the list does not say stays unknown; nothing is signed for anybody."""
    child, stay = one.child, one.stay
    listed = Listed(
        host=host,
        since=stay.since,
        brought_by=stay.brought_by,
        brought_by_relation=stay.brought_by_relation,
        proofs=tuple(ListedProof(kind, dated) for kind, dated in stay.proofs),  # type: ignore[arg-type]
        reason=stay.reason,
        father=child.father_condition,  # type: ignore[arg-type]
        mother=child.mother_condition,  # type: ignore[arg-type]
        education=child.education,
        health_disability=child.health,
        birth_certificate=child.certificate,
        lksa_list=f"impor {today}, berkas {digest[:12]}, kode {child.code}",
        note="\n".join(child.told),
    )
    intake = Intake(
        source="service_body",
        referrer=(one.house.head if one.house else "") or one.house_name,
        referrer_contact=one.house.phone if one.house else "",
        legal_guardian=_NOT_TOLD,
        chronology=(
            f"Tercantum dalam daftar penghuni {one.house_name} (diimpor {today}). Belum ada petugas yang menemui anak ini."
            " Daftar tidak menyebut apakah RT atau desa mengetahui."
        ),
        immediate_danger="yes" if stay.danger else "no",
        child_location=one.house_name,
        contact_initiated_by="authority",
        known_to_rt="no",
        known_to_village="no",
        listed=listed,
    )
    identity = NewChild(
        name=child.name,
        sex=child.sex,
        born=child.born.on.isoformat() if child.born else None,
        born_precision=child.born.precision if child.born else "unknown",
        born_place=child.born_place or None,
        religion=child.religion,
        nik=child.nik or None,
        kk=child.kk or None,
        mother_name=child.mother or None,
        father_name=child.father or None,
        district_code=child.district or None,
        village_code=child.village or None,
    )
    return RegisterListed(intake=intake, child=identity, relatives=tuple(_relatives(one)))


def _relatives(one: Resident) -> list[ListedRelative]:
    """Return the family: the rows of the sheet Keluarga, and the parents named on the child's own row where no such row is about them."""
    found = [
        msgspec.convert(
            {
                "name": member.name,
                "relation": relation_code(member.relation),
                "degree": member.degree,
                "status": member.condition,
                "religion": member.religion,
                "address": member.address or None,
                "phone": member.phone or None,
            },
            ListedRelative,
        )
        for member in one.members
    ]
    child, told = one.child, {member.relation for member in found}
    for relation, name, condition in (("father", child.father, child.father_condition), ("mother", child.mother, child.mother_condition)):
        if name and relation not in told:
            found.append(msgspec.convert({"name": name, "relation": relation, "degree": 1, "status": condition}, ListedRelative))
    return found
