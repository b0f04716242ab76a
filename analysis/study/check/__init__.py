"""What has changed since the last run, and why."""
