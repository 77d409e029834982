"""The rock: what the law allows. Pure: no I/O, no clock, no log, no randomness."""
