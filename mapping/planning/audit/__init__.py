"""The audit log for superusers: searched, page by page, taken home."""
