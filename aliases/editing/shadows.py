"""Nested names: which alias takes over which URLs."""

from ..models import Alias


def shadow_warnings(name: str) -> list[str]:
    """Which URLs an alias takes from others or loses to them, as sentences: a URL's longest match answers."""
    parts = name.split("/")
    above = Alias.objects.filter(name__in=["/".join(parts[:length]) for length in range(1, len(parts))])
    below = Alias.objects.filter(name__startswith=f"{name}/")
    return [
        f"“{name}” takes over the URLs of “{other}” whose key begins with “{name.removeprefix(f'{other}/')}/”: "
        f"originals in such a folder cannot be asked for by “{other}” once “{name}” is live."
        for other in above.values_list("name", flat=True)
    ] + [
        f"“{other}” takes over the URLs of “{name}” whose key begins with “{other.removeprefix(f'{name}/')}/”, as "
        "long as it is live."
        for other in below.values_list("name", flat=True)
    ]
