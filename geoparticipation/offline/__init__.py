"""What makes the site work without a network: the worker of browsers, the manifest, icons, a page of its own."""
