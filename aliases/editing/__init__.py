"""Editing drafts, by form or by imported document: warnings, and merging what two editors changed."""
