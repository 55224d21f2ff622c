"""The admin: its site and first page, and the pages of aliases, buckets and the focus of originals."""
