"""URLs of AWS's Serverless Image Handler, for those who move from it.

`url` reads a URL. `thumbor_style` turns a Thumbor-style path into the JSON that base64 URLs hold, `query` merges the
query's edits into it, and `edits`, with `geometry` and `filters`, makes a recipe of it.
"""
