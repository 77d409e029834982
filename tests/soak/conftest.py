"""What the soak tests borrow: databases with an office and its people."""

from tests.http.conftest import built, database, place, search_key, settings

__all__ = ["built", "database", "place", "search_key", "settings"]
