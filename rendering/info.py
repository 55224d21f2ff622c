"""Descriptions of pictures, as JSON: what a page must know before one is there, and what Thumbor tells at /meta/."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from . import conf, derivatives, originals
from .delivery import HEADERS, cached, settled
from .imaging.geometry import Frame, Geometry, Pixels, centre, cropped, focal_points
from .imaging.render import planned, probe
from .target import Target


def info(request: HttpRequest, target: Target) -> HttpResponse:
    """Size in pixels, type and bytes of the picture and of its original."""
    wanted = derivatives.want(target.bucket, target.key, settled(request, target))
    derivative = derivatives.find_or_render(wanted, keep=target.keep)
    facts = facts_of(derivative.content) | {"original": facts_of(originals.read(wanted.original))}
    return cached(JsonResponse(facts, headers=HEADERS), target, stored=derivative.stored)


def facts_of(content: bytes) -> dict[str, Any]:
    of = probe(content, conf.limits())
    return {"width": of.width, "height": of.height, "type": of.type, "bytes": len(content), "frames": of.frames}


def meta(request: HttpRequest, target: Target) -> HttpResponse:
    """What Thumbor tells of a picture: the steps to it, none of them taken."""
    recipe = settled(request, target)
    original = originals.find(target.bucket, target.key)
    picture, frame, trimmed = planned(originals.read(original), recipe, conf.limits())
    source = picture.width, picture.height
    told = {
        "source": {
            "url": f"{target.bucket.name}/{target.key}",
            "width": picture.width,
            "height": picture.height,
            "frameCount": picture.frames,
        },
        "operations": operations(recipe.geometry, frame, source, trimmed),
        "target": {"width": frame.size[0], "height": frame.size[1]},
        "focal_points": points(recipe.geometry, source, trimmed),
    }
    return cached(JsonResponse({"thumbor": told}, headers=HEADERS), target, stored=True)


def operations(geometry: Geometry, frame: Frame, source: tuple[int, int], trimmed: Pixels) -> list[dict[str, Any]]:
    """The steps as Thumbor takes them: each crop counts from the left upper corner of the one before."""
    steps: list[dict[str, Any]] = []
    kept: Pixels = (0, 0, *source)
    left, top, right, bottom = (round(side) for side in frame.box)
    for box in (trimmed, cropped(geometry, *source, trimmed), (left, top, right, bottom)):
        if box != kept:
            sides = (box[0] - kept[0], box[1] - kept[1], box[2] - kept[0], box[3] - kept[1])
            steps.append({"type": "crop", **dict(zip(("left", "top", "right", "bottom"), sides, strict=True))})
            kept = box
    if frame.size != (kept[2] - kept[0], kept[3] - kept[1]):
        steps.append({"type": "resize", "width": frame.size[0], "height": frame.size[1]})
    if frame.flip_horizontally:
        steps.append({"type": "flip_horizontally"})
    if frame.flip_vertically:
        steps.append({"type": "flip_vertically"})
    return steps


def points(geometry: Geometry, source: tuple[int, int], trimmed: Pixels) -> list[dict[str, Any]]:
    """What a crop stays near to: the middles of the focal boxes or, without any, the point of the alignment."""
    found = focal_points(geometry.focal, *source, trimmed)
    if not found:
        x, y = centre(geometry, [], cropped(geometry, *source, trimmed))
        return [{"x": x, "y": y, "z": 1.0, "width": 1, "height": 1, "origin": "alignment"}]
    boxes = [box.within(*source) for box in geometry.focal]
    return [
        {
            "x": x,
            "y": y,
            "z": weight,
            "width": box.right - box.left,
            "height": box.bottom - box.top,
            "origin": "Focal Filter",
        }
        for (x, y, weight), box in zip(found, boxes, strict=True)
    ]
