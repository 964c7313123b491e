"""What this app enters in the registries of `mapping`, one file a subject."""
