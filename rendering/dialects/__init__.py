"""URL dialects: each reads a URL into a target (bucket, key, recipe); Thumbor's and our own are also written."""
