"""The audit log: what staff did and looked at. Callers use `audit.recording`; `mapping.planning.audit` shows it."""
