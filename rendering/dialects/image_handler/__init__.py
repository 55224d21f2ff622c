"""URLs of AWS's Serverless Image Handler, for those who move from it.

`request` reads a URL. `paths` turns the Thumbor-style kind into the JSON that the base64 kind holds, `query` lays the
query's edits over it, and `edits`, with `frame` and `painting`, makes a recipe of it.
"""
