"""How the schema came to be, step by step. `database.upgrade` runs them, in one transaction, with the walls down."""
