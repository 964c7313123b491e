"""Bodies, their members, their sessions and agendas."""
