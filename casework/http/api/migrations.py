"""Passing into a newer version of the rules: asked for by one, approved by a head of the office; `casework migrate-cases` does it."""

from typing import Annotated

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from casework.http.api.asks import AskMigration, MigrationApproval, example
from casework.http.api.command_route import command_route
from casework.services import migrations
from casework.services.migrations import ApproveMigration, MigrationView, RequestMigration
from casework.store.call import Call
from casework.store.store import Store


@get("/migrations", sync_to_thread=True)
def list_migrations(store: NamedDependency[Store], call: NamedDependency[Call]) -> tuple[MigrationView, ...]:
    """List what was asked for in the offices that the caller leads or supervises, with the digest that an approval must name."""
    return migrations.list_migrations(store, call)


@command_route("/machines/{machine:str}/versions/{number:int}/migrations", migrations.request_migration, created="/api/migrations")
def request_migration(
    machine: FromPath[str], number: FromPath[int], data: Annotated[AskMigration, example({"office": "01k9x0m5s7h3b2d4f6g8j0k1m2"})]
) -> RequestMigration:
    """Ask that what an office has open may pass into this version."""
    return RequestMigration(machine=machine, version=number, office=data.office)


@command_route("/migrations/{migration_id:str}/approval", migrations.approve_migration)
def approve_migration(migration_id: FromPath[str], data: Annotated[MigrationApproval, example({"digest": "0" * 64})]) -> ApproveMigration:
    """Approve it, as a head of the office who did not ask for it."""
    return ApproveMigration(migration=migration_id, digest=data.digest)
