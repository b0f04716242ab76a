"""Findings and numbers on a page, on paper, in a notebook."""
