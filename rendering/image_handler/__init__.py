"""URLs of AWS's Serverless Image Handler. `request` reads one; `paths` turns its Thumbor-style kind into what the other
holds as JSON; `edits`, with `frame` and `painting`, makes a recipe of that."""
