"""Casework: a case-management engine for child care, built around explicit, enforced state machines."""

__version__ = "0.1.0"
