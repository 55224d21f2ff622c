"""Descriptions: what the service says of pictures and aliases, as JSON for other programs."""
