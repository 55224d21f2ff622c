"""The list of aliases: its rows, filters and search, and what can be done to many at once."""
