"""Files beyond the database: what disks refuse, and what passes between processes."""
