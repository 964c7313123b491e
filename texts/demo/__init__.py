"""Demo data of texts with invented content, stored through the services."""
