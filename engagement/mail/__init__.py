"""How a mail is written: plain and HTML, nothing loaded from elsewhere, no header that a text could break."""
