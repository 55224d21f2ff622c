"""Errors of a catalogue that is not there, or that this process could not read."""


class NoCatalogue(Exception):
    """Nothing is published: the store has no catalogue. The message is public."""

    code = "no_catalogue"


class UnreadCatalogue(NoCatalogue):
    """This process could never read the catalogue, or a part of it, though there may be one. The message is public."""
