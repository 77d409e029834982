"""The journal's own rules: what an event says, how it is hashed and chained, and how a trail is verified. Pure: no I/O, no clock."""
