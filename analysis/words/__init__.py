"""Which words set groups apart, and how alike groups are."""
