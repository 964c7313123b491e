"""How operators watch the site: request ids, metrics, error reports, the page about operation."""
