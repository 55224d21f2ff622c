"""HTTP: responses, headers, caching, errors, and the pages that describe pictures or health."""
