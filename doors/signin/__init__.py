"""Signing in: the steps from a password, a passkey or another system's word to a session."""
