"""Rehearsals: worked cases written in TOML by people who do not program, played through the real services on a throw-away database."""
