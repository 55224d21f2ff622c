"""Drafts of aliases: the declaration of their fields, validation, conversion to revisions and back, differences."""
