"""The living room: one verb, one function, one unit of work. Services decide when; the machines decide whether."""
