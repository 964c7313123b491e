"""What is written here as documents: PDF files, Markdown."""
