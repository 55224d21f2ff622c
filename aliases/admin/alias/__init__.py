"""The admin's pages of aliases: list, form, preview, publishing, history."""
