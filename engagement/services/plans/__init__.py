"""Plans of the city, and proposals that people should take part in them."""
