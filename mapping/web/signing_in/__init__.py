"""The pages on which citizens sign in for a campaign, and come back from the provider."""
