"""Bytes, files, tables in and out, results, what a notebook shows."""
