"""Papers of data protection, drafted from what a campaign is set to: articles 30 and 35 GDPR."""
