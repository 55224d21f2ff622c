"""What pages hand to the picker of keys (`picker.js`) wherever a field asks for one: what a bucket's browser asks."""

import json

from django.urls import reverse

NAMES = ("keys", "picture", "original", "samples", "search")


def browser_urls(pk: int) -> dict[str, str]:
    """What the browser of a bucket asks, by name; with 0, for the script to put a bucket's number in its place."""
    return {name: reverse(f"admin:aliases_bucket_{name}", args=[pk]) for name in NAMES}


def attributes(pk: int) -> dict[str, str]:
    """The attributes of an element with which the picker begins."""
    return {"data-browser-urls": json.dumps(browser_urls(pk))}
