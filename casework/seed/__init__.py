"""Filling a database with any number of invented children whose histories are true to the rules: for measuring, training and trials."""
