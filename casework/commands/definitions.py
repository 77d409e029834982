"""Which machines there are: every one that a module of `casework.machines` holds. Nothing is registered, so nothing can be forgotten."""

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Any

import casework.machines
from casework.machines.engine import Machine


def all_machines() -> tuple[Machine[Any], ...]:
    """Return every compiled machine once, ordered by name and version. Importing it has compiled it, so a faulty table raises here."""
    found: dict[tuple[str, int], Machine[Any]] = {}
    for module in pkgutil.iter_modules(casework.machines.__path__, "casework.machines."):
        for value in vars(importlib.import_module(module.name)).values():
            if isinstance(value, Machine):
                found[value.definition.name, value.definition.version] = value
    return tuple(machine for _, machine in sorted(found.items(), key=lambda item: item[0]))


def newest_machines() -> Mapping[str, Machine[Any]]:
    """Return the newest version of each machine by name."""
    return {machine.definition.name: machine for machine in all_machines()}
