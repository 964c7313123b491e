"""What programs look for below `/.well-known/`."""
