"""Publishing: from drafts and buckets to the catalogue, and the outbox that tells the CDN."""
