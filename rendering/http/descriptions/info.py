"""Descriptions of pictures: /-/info/, for pages that lay out before a picture loads; and Thumbor's meta/ and debug/."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from msgspec.structs import replace

from ... import conf
from ...dialects.target import Target
from ...imaging.filters import FILTERS
from ...imaging.filters.grammar.registry import MOST_FILTERS
from ...imaging.focus.faces import Face, Focus
from ...imaging.frame.geometry import Box, Frame, Geometry, Pixels, centre, crop_box, focal_points
from ...pictures import derivatives
from ...workers.facts import Facts
from ...workers.jobs import Describe, FindFaces, Plan
from ..caching import set_cache_headers
from ..delivery import picture, settle
from ..headers import picture_headers, set_target_headers


def info(request: HttpRequest, target: Target) -> HttpResponse:
    """Respond with the size in pixels, type and bytes of the picture and of its original, a placeholder, and the
    focus."""
    wanted = derivatives.want(target.bucket, target.key, settle(request, target))
    derivative = derivatives.find_or_render(wanted, keep=target.keep, describe=True)
    described, stand_in = derivative.described, False
    if described is None:
        described, _, stand_in = derivatives.do(
            wanted,
            lambda look: Describe(limits=conf.limits(), stored=True, recipe=wanted.recipe, look=look),
            files=[derivative.content],
            signed=target.keep,
        )
    facts = {
        **facts_json(described.derivative),
        "blurhash": described.blurhash,
        "dominant_color": described.dominant_color,
        "focus": focus_json(described.seen.focus) if described.seen else None,
        "original": facts_json(described.original),
    }
    return json_response(facts, target, lasting=derivative.lasting and not stand_in)


def json_response(facts: dict[str, Any], target: Target, *, lasting: bool) -> HttpResponse:
    response = JsonResponse(facts, headers=picture_headers())
    set_cache_headers(response, target, lasting=lasting)
    set_target_headers(response, target)
    return response


def focus_json(seen: Focus) -> dict[str, Any]:
    """The focus of a crop as JSON: boxes as fractions (0 to 1) of the upright original's sides."""
    sides = ("left", "top", "right", "bottom")
    return {
        "detector": seen.detector,
        "faces": [
            {**{side: getattr(face.box, side) for side in sides}, "confidence": face.confidence} for face in seen.faces
        ],
    }


def facts_json(of: Facts) -> dict[str, Any]:
    picture = of.picture
    return {
        "width": picture.width,
        "height": picture.height,
        "type": picture.type,
        "bytes": of.length,
        "frames": picture.frames,
    }


def meta(request: HttpRequest, target: Target) -> HttpResponse:
    """Respond as Thumbor does at meta/: with the operations that would make the picture."""
    recipe = replace(settle(request, target), filters=())
    wanted = derivatives.want(target.bucket, target.key, recipe)
    recipe = wanted.recipe
    planned, _, stand_in = derivatives.do(
        wanted, lambda look: Plan(limits=conf.limits(), recipe=recipe, look=look), signed=target.keep
    )
    source, frame = planned.source, planned.frame
    steps = {
        "source": {
            "url": f"{target.bucket.name}/{target.key}",
            "width": source[0],
            "height": source[1],
            "frameCount": planned.frames,
        },
        "operations": operations(recipe.geometry, frame, source, planned.trimmed),
        "target": {"width": frame.size[0], "height": frame.size[1]},
        "focal_points": points(recipe.geometry, source, planned.trimmed, planned.faces),
    }
    return json_response({"thumbor": steps}, target, lasting=not stand_in)


def debug(request: HttpRequest, target: Target) -> HttpResponse:
    """Respond as Thumbor does at debug/: with the original, each focal box outlined or, for a smart crop, each face."""
    wanted = derivatives.want(target.bucket, target.key, replace(settle(request, target), filters=()))
    asked, whole = wanted.recipe.geometry, conf.dynamic_recipe()
    boxes: Sequence[Box] = asked.focal
    if asked.smart and not boxes:
        seen, _, _ = derivatives.do(
            wanted,
            lambda look: FindFaces(limits=conf.limits(), geometry=whole.geometry, look=look),
            always=True,
            signed=target.keep,
        )
        boxes = [face.box for face in seen.faces]
    lines = FILTERS.read(":".join(f"outline({box})" for box in boxes[:MOST_FILTERS]))
    return picture(request, replace(target, recipe=replace(whole, filters=lines)))


def operations(geometry: Geometry, frame: Frame, source: tuple[int, int], trimmed: Pixels) -> list[dict[str, Any]]:
    """The operations as Thumbor lists them. Each crop's box is relative to the top left corner of the one before."""
    steps: list[dict[str, Any]] = []
    kept: Pixels = (0, 0, *source)
    left, top, right, bottom = (round(side) for side in frame.box)
    for box in (trimmed, crop_box(geometry, *source, trimmed), (left, top, right, bottom)):
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


def points(geometry: Geometry, source: tuple[int, int], trimmed: Pixels, faces: Sequence[Face]) -> list[dict[str, Any]]:
    """Thumbor's focal points, in pixels of the upright original: the centres of the focal boxes or of the faces;
    without any, the point that the alignment chooses."""
    boxes, origin = (
        (geometry.focal, "Focal Filter") if geometry.focal else ([face.box for face in faces], "Face Detection")
    )
    found = focal_points(boxes, *source)
    if not found:
        x, y = centre(geometry, [], crop_box(geometry, *source, trimmed))
        return [{"x": x, "y": y, "z": 1.0, "width": 1, "height": 1, "origin": "alignment"}]
    pixels = [box.within(*source) for box in boxes]
    return [
        {"x": x, "y": y, "z": weight, "width": box.right - box.left, "height": box.bottom - box.top, "origin": origin}
        for (x, y, weight), box in zip(found, pixels, strict=True)
    ]
