"""Events and their dates: made, changed, published, moved, cancelled."""
