"""The site: settings, URLs and what composes all apps."""
