"""Editing drafts, in a form or by importing a document: forms, warnings, merging two editors' changes."""
