"""A whole study: settings, tables, files, notebooks, checks."""
