"""Listings of stores, from the first page to the last."""

from rendering.storage.interface import Listing, Store


def browsed(store: Store, prefix: str, most: int) -> list[Listing]:
    """All pages of what begins with a prefix."""
    pages = [store.browse(prefix, most)]
    while pages[-1].more:
        pages.append(store.browse(prefix, most, pages[-1].more))
    return pages
