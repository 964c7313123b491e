"""Bodies, sessions and minutes read from another council information system by OParl."""
