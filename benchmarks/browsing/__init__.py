"""What the measurement of citizens' pages needs of a browser: visitors, hands that tap and type, bytes on the wire."""
