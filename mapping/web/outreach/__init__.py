"""How people come to a campaign: short addresses, frames of other sites, kiosks at events, pictures of shared links."""
