"""PDF files: cleaned, read and written, without Django. Files of others are opened in a process of their own."""
