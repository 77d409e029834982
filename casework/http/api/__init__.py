"""The JSON interface. Each handler decodes one body, calls one service and answers with what it said: nothing is decided here."""
