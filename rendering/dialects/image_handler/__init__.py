"""URLs of AWS's Serverless Image Handler. `request` reads one; `paths` turns its Thumbor-style kind into what the other
holds as JSON; `query` lays over it what the query asks for; `edits`, with `frame` and `painting`, makes a recipe of
that."""
