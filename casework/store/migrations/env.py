"""Alembic's entry: it runs inside the transaction that `database.upgrade` opened, which alone commits."""

from alembic import context

from casework.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
