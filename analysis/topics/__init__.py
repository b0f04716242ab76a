"""Dictionaries: reading, matching, coding, and the sentences behind a number."""
