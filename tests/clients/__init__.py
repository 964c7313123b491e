"""Programs of others that read what we serve."""
