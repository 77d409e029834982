"""Numbers for who leads an office (DOMAIN 6.1): each report is a row of `catalogue.py`; page, file, interface and public table show it."""
