"""The command `casework`. It decides nothing: each subcommand is a module of its own, loaded only when it is asked for.

So `casework --help` answers at once and imports neither the database nor the web. Every expected no (`CaseworkError`) is one clear line on
standard error and exit code 2, never a traceback.
"""

import gc
import importlib
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec

from casework import __version__
from casework.errors import CaseworkError, Invalid, Refusal
from casework.words import Language, Words

HOME = Path("config")
"""The folder read when none is named: `config/` where the command is run, if it is there."""


class Entry(msgspec.Struct, frozen=True):
    """One subcommand: where it stands (`module:attribute`) and what it is for."""

    place: str
    words: Words


COMMANDS: Mapping[str, Entry] = {
    "demo": Entry("casework.commands.demo:command", Words("coba produk ini dengan cerita contoh", "try the product with an example story")),
    "serve": Entry("casework.commands.serve:command", Words("jalankan layanan web", "run the web service")),
    "check": Entry(
        "casework.commands.check:command",
        Words("buktikan setiap mesin keadaan untuk semua jalur", "prove every state machine, for every path"),
    ),
    "draw": Entry("casework.commands.draw:command", Words("gambar sebuah mesin keadaan", "draw a state machine")),
    "rehearse": Entry("casework.commands.rehearse:command", Words("mainkan cerita kasus sebagai uji", "play a case story as a trial")),
    "tick": Entry(
        "casework.commands.tick:command", Words("buat langkah yang sudah waktunya (setiap 15 menit)", "make the steps that are due by now")
    ),
    "migrate-cases": Entry(
        "casework.commands.migrate_cases:command",
        Words("pindahkan kasus terbuka ke versi aturan yang baru", "let open cases pass into a newer version of the rules"),
    ),
    "audit": Entry("casework.commands.audit:command", Words("periksa jurnal dan keutuhannya", "check the journal and that it is whole")),
    "backup": Entry(
        "casework.commands.backup:command", Words("salin basis data, juga selagi dipakai", "copy the database, also while it is in use")
    ),
    "restore": Entry("casework.commands.restore:command", Words("pulihkan basis data dari salinan", "bring the database back from a copy")),
    "user": Entry("casework.commands.user:command", Words("kelola akun dan peran", "look after accounts and roles")),
    "import": Entry(
        "casework.commands.importing:command",
        Words("masukkan daftar penghuni LKSA dari buku kerja Excel", "bring in lists of existing residents from an Excel workbook"),
    ),
    "seed": Entry(
        "casework.commands.seed:command",
        Words("isi basis data kosong dengan kasus rekaan", "fill an empty database with any number of invented cases"),
    ),
    "db": Entry("casework.commands.db:command", Words("siapkan dan mutakhirkan basis data", "set up and upgrade the database")),
}
"""Every subcommand, in the order of the help."""


def terminal_language(environ: Mapping[str, str]) -> Language:
    """Return the language of this terminal: `CASEWORK_LANGUAGE`, else Indonesian where the locale is, else English."""
    named = environ.get("CASEWORK_LANGUAGE") or environ.get("LC_ALL") or environ.get("LANG") or ""
    return "id" if named.startswith("id") else "en"


@contextmanager
def loading() -> Iterator[None]:
    """Do not look for garbage while modules are loaded, nor ever again among what they brought: it all lives as long as the program."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


class Refused(click.ClickException):
    """An expected no, as one line. Exit code 2."""

    exit_code = 2


class Lazy(click.Group):
    """A group that knows its commands by name and loads only the one asked for."""

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load one command, or return None for a name that is not in the table."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        module, attribute = entry.place.split(":")
        with loading():
            command: click.Command = getattr(importlib.import_module(module), attribute)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list from the table, so that help loads nothing."""
        language = terminal_language(os.environ)
        with formatter.section("Perintah" if language == "id" else "Commands"):
            formatter.write_dl([(name, entry.words.to(language)) for name, entry in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; an expected no becomes one line."""
        try:
            return super().invoke(ctx)
        except CaseworkError as error:
            raise Refused(in_one_line(error, terminal_language(os.environ))) from error


def in_one_line(error: CaseworkError, language: Language) -> str:
    """Return what the error says to a person, in one line: every reason or fault it carries, else its message."""
    if isinstance(error, Refusal):
        text = "; ".join(f"{reason.words.to(language)} [{reason.code}]" for reason in error.reasons)
    elif isinstance(error, Invalid):
        text = "; ".join(f"{fault.path}: {fault.words.to(language)}" for fault in error.faults)
    else:
        text = str(error)
    return " ".join(f"{type(error).__name__}: {text}".split())


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="casework")
@click.option(
    "--config",
    "folder",
    envvar="CASEWORK_CONFIG",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with casework.toml and parameters.toml; config/ here, if there is one.",
)
@click.pass_context
def main(ctx: click.Context, folder: Path | None) -> None:
    """Casework: perkara anak, langkah demi langkah, dengan bukti. / Children's cases, step by step, on evidence."""
    ctx.obj = folder or (HOME if HOME.is_dir() else None)
