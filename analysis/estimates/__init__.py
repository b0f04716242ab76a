"""From tallies to estimates, intervals, comparisons and how sure they are."""
