"""Where and how measurements run: database, server, clients, the machine's load, invented campaigns."""
