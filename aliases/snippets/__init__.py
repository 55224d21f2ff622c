"""Snippets: code that shows an alias's pictures or signs their URLs, made from what the alias declares."""
