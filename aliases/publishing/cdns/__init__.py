"""CDNs and caches in front of the service: how each is told what to purge."""
