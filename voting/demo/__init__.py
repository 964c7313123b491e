"""Demo data of votes with invented content, stored through the services."""
