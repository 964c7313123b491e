"""Delivery of stored pictures: photos of contributions, pictures of the city."""
