"""Running the migrations: the only module that loads alembic, and only `casework db upgrade` loads it."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def bring_up(connection: Connection) -> None:
    """Run every migration that the database has not seen, in the caller's transaction."""
    config = _configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def revisions() -> tuple[str, ...]:
    """Return the scripts' revisions, oldest first."""
    return tuple(script.revision for script in ScriptDirectory.from_config(_configuration()).walk_revisions())[::-1]


def _configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", Path(__file__).parent.as_posix().replace("%", "%%"))
    return config
