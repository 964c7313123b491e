"""What was erased, kept apart from backups and replayed after one was restored (docs/operators/restoring.md)."""
