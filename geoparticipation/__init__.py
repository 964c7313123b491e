"""The site: settings, URLs and pages composed from all apps."""
