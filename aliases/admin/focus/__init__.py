"""The admin's pages of the focus of originals."""
