"""What a site still lacks to be public, found out on the machine that serves it (`bin/deploy-check`)."""
