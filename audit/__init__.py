"""The audit log: what staff did and looked at. Callers use `audit.recording`; reading it is `mapping.planning.audit`."""
