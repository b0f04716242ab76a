"""What is only for type checkers is not collected."""

collect_ignore = ["user.py"]
