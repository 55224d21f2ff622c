"""A bucket as one value: all its settings, in every environment, as JSON. For its history, for the differences that a
change makes, and for testing a place before it is saved."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Field

from rendering.catalogue import catalogue
from rendering.storage.place import Place

from ..models import Bucket, BucketPlace

#: {"label": …, "overlays_from": [names], "places": {environment: {"kind": …, "location": …, …}}}
State = dict[str, Any]

FIELDS = ("label", "notes", "immutable", "unsafe_allowed", "svg_allowed", "known_as")
PLACE_FIELDS = tuple(
    field.name for field in BucketPlace._meta.concrete_fields if field.name not in ("id", "bucket", "environment")
)
#: Fields of a place whose values a history must not show.
SECRET = frozenset({"external_id"})


def state_of(bucket: Bucket) -> State:
    return {
        **{name: getattr(bucket, name) for name in FIELDS},
        "overlays_from": sorted(other.name for other in bucket.overlays_from.all()),
        "places": {place.environment: place_state(place) for place in bucket.places.all()},
    }


def place_state(place: BucketPlace) -> dict[str, Any]:
    return {name: getattr(place, name) for name in PLACE_FIELDS}


def with_defaults(said: Mapping[str, Any]) -> State:
    """A state of the history, whichever version wrote it, in the form of this one: what is missing, or of another type
    than today, has its default."""
    places = value_or_default(said, "places", {})
    return {
        **{name: value_or_default(said, name, getattr(Bucket(), name)) for name in FIELDS},
        "overlays_from": [name for name in value_or_default(said, "overlays_from", []) if isinstance(name, str)],
        "places": {
            environment: {name: value_or_default(place, name, getattr(BucketPlace(), name)) for name in PLACE_FIELDS}
            for environment, place in places.items()
            if isinstance(place, Mapping)
        },
    }


def value_or_default(said: Mapping[str, Any], name: str, default: Any) -> Any:
    value = said.get(name, default)
    kind = str if isinstance(default, str) else type(default)  # the default of a choice is a subclass of str
    return value if isinstance(value, kind) else default


def place_from(state: Mapping[str, Any], environment: str) -> BucketPlace | None:
    """The place of a state in an environment, not saved. Fields that a later version added have their defaults."""
    said = state["places"].get(environment)
    if said is None:
        return None
    return BucketPlace(environment=environment, **{name: said[name] for name in PLACE_FIELDS if name in said})


def freeze(name: str, state: Mapping[str, Any], environment: str, focus: int = 0) -> catalogue.Bucket:
    """A bucket in that state as the data plane of an environment would get it."""
    place = place_from(state, environment)
    found: Place | None = place.frozen() if place else None
    return catalogue.Bucket(
        name,
        found,
        immutable=state["immutable"],
        unsafe_allowed=state["unsafe_allowed"],
        svg_allowed=state["svg_allowed"],
        overlays_from=tuple(state["overlays_from"]),
        focus=focus,
        known_as=tuple(state["known_as"].splitlines()),
    )


# --- In words


def differences(old: Mapping[str, Any] | None, new: Mapping[str, Any]) -> list[str]:
    """What changes from one state to another: ["originals never change: no → yes"]. Without an old one, all that
    differs from the defaults."""
    before = old or with_defaults({})
    lines = [
        f"{label(name)}: {shown(value_of(name, before))} → {shown(value_of(name, new))}"
        for name in (*FIELDS, "overlays_from")
        if before[name] != new[name]
    ]
    for environment in sorted({*before["places"], *new["places"]}):
        lines += place_differences(environment, before["places"].get(environment), new["places"].get(environment))
    return lines


def place_differences(environment: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[str]:
    if old == new:
        return []
    if old is None or new is None:
        return [
            f"{environment}: {where_in_words(new)} added" if new else f"{environment}: {where_in_words(old)} removed"
        ]
    return [
        f"{environment}, {label_of_place(name)}: {mask(name, old.get(name))} → {mask(name, new.get(name))}"
        for name in PLACE_FIELDS
        if (old.get(name) or "") != (new.get(name) or "")  # a field that an older state lacks had its default
    ]


def where_in_words(place: Mapping[str, Any] | None) -> str:
    """“the folder “samples””, or “s3://bucket/prefix in eu-central-1”."""
    if place is None:
        return "no place"
    if place["kind"] == BucketPlace.Kind.FOLDER:
        within = f", keys beginning with “{place['prefix']}”" if place["prefix"] else ""
        return f"the folder “{place['location']}”{within}"
    region = f" in {place['region']}" if place.get("region") else ""
    endpoint = f" at {place['endpoint_url']}" if place.get("endpoint_url") else ""
    return f"s3://{place['location']}/{place['prefix']}{region}{endpoint}"


def label(name: str) -> str:
    field = Bucket._meta.get_field(name)
    return str(getattr(field, "verbose_name", name))


def label_of_place(name: str) -> str:
    field = BucketPlace._meta.get_field(name)
    assert isinstance(field, Field)
    return str(field.verbose_name)


def value_of(name: str, state: Mapping[str, Any]) -> Any:
    """What a state says in a field; of lines, a list."""
    return state[name].splitlines() if name == "known_as" else state[name]


def shown(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(value) or "none"
    return f"“{value}”" if value not in (None, "") else "empty"


def mask(name: str, value: Any) -> str:
    """A place's value as a history shows it: without secrets."""
    return "(secret)" if name in SECRET and value else shown(value)
