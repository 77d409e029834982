"""Passing into a newer version of the rules, as pages: what is open by an older one, what would change, who asks and who approves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from litestar import Response, get, post
from litestar.params import FromPath
from litestar.response.redirect import Redirect

from casework.http.pages.captions import NOTICES
from casework.http.pages.reading import fields_of
from casework.http.pages.rendering import Asked, page, see
from casework.http.session import call_of, store_of
from casework.machines.book import by_version
from casework.machines.forms.reading import read
from casework.machines.refusals import role_words
from casework.services import captions
from casework.services.happenings import REFUSED
from casework.services.migrations import ApproveMigration, RequestMigration, approve_migration, list_migrations, request_migration
from casework.services.newer_rules import list_newer, look_ahead
from casework.services.passings import Passing
from casework.words import Words

Told = tuple[Words, tuple[Words, ...]]


@get("/migrations", sync_to_thread=True)
def migration_list(request: Asked) -> Response[Any]:
    """List what may pass over, and what was asked for."""
    store, call = store_of(request), call_of(request)
    notice = NOTICES.get(request.query_params.get("done", ""))
    return page(request, "migrations.html", newer=list_newer(store, call), asked=list_migrations(store, call), notice=notice)


@get("/migrations/look", sync_to_thread=True)
def migration_look(request: Asked) -> Response[Any]:
    """Show what passing over would mean for each that is open. Changes nothing."""
    asked = request.query_params
    machine, version, office = asked.get("machine", ""), _number(asked.get("version", "")), asked.get("office", "")
    found = look_ahead(store_of(request), call_of(request), machine, version, office)
    lines = [(one, *_states(one), tuple(_told(one))) for one in found.passings]
    return page(request, "migration.html", found=found, lines=lines)


@post("/migrations", sync_to_thread=True)
def ask_migration(request: Asked) -> Redirect:
    """Ask for it."""
    fields = fields_of(request)
    raw = {"machine": fields.get("machine", ""), "version": _number(fields.get("to", "")), "office": fields.get("office", "")}
    request_migration(store_of(request), call_of(request), read(RequestMigration, raw))
    return see("/migrations?done=migration_asked")


@post("/migrations/{migration_id:str}/approval", sync_to_thread=True)
def agree_migration(request: Asked, migration_id: FromPath[str]) -> Redirect:
    """Approve it, over the digest that was shown."""
    ask = ApproveMigration(migration=migration_id, digest=fields_of(request).get("digest", ""))
    approve_migration(store_of(request), call_of(request), ask)
    return see("/migrations?done=migration_approved")


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 0  # noqa: PLR2004 - no machine has a hundred thousand versions


def _states(one: Passing) -> tuple[Words, Words | None]:
    """Return where it stands and where it would arrive, None where nothing is declared for it."""
    older, newer = (by_version()[one.machine, version].states for version in (one.from_version, one.version))
    return older[one.state].label, newer[one.dest].label if one.dest else None


def _told(one: Passing) -> Iterator[Told]:
    """Yield what would be different for one: each heading with what stands under it."""
    older, newer = (_steps(one.machine, version) for version in (one.from_version, one.version))
    named = newer | older
    differs = one.difference
    yield Words("Langkah yang muncul", "Steps that appear"), tuple(newer[trigger] for trigger in differs.appear)
    yield Words("Langkah yang hilang", "Steps that disappear"), tuple(named[trigger] for trigger in differs.disappear)
    for change in differs.changed:
        label = newer[change.trigger]
        about = f"{label.id}: ", f"{label.en}: "
        yield Words(about[0] + "syarat baru", about[1] + "newly asked"), tuple(_law(code) for code in change.asked)
        yield Words(about[0] + "tidak disyaratkan lagi", about[1] + "no longer asked"), tuple(_law(code) for code in change.dropped)
        if change.approved_by != change.approved_by_now:
            yield Words(about[0] + "disetujui oleh", about[1] + "approved by"), tuple(role_words(role) for role in change.approved_by_now)
    yield (
        Words("Persetujuan yang harus diminta ulang", "Approvals to be asked for anew"),
        tuple(named.get(trigger, Words(trigger, trigger)) for trigger in one.superseded),
    )
    yield Words("Tenggat yang dihitung lain", "Deadlines that count otherwise"), tuple(captions.task(clock.name) for clock in one.clocks)


def _law(code: str) -> Words:
    return REFUSED.get(code, Words(code, code))


def _steps(machine: str, version: int) -> dict[str, Words]:
    return {row.trigger: row.label for row in by_version()[machine, version].definition.transitions}
