"""From files to documents, sentences, groups and words."""
