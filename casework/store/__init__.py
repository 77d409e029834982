"""The cellar: remembers. The only room that knows SQLAlchemy; ORM objects do not exist here, rows become frozen Structs."""
