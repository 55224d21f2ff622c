"""What there is to say of the original that a URL reads, and of what is planned for it."""

from dataclasses import dataclass

from msgspec.structs import replace

from rendering import conf
from rendering.dialects.target import Target
from rendering.imaging.encoding import Accept
from rendering.imaging.focus.faces import PERSON, Face, Focus
from rendering.imaging.focus.smart import REKOGNITION
from rendering.imaging.pillow.formats import spelled
from rendering.imaging.recipe import Recipe
from rendering.pictures import derivatives, originals
from rendering.pictures.derivatives import Wanted
from rendering.workers import jobs, pool
from rendering.workers.facts import Facts, Planned

#: Digits of a version that are shown: enough to tell two apart.
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Found:
    """An original that can be read, and the plan for it."""

    wanted: Wanted
    facts: Facts
    plan: Planned
    focus: Focus | None

    @property
    def version(self) -> str:
        return self.wanted.original.version


def settled(target: Target, accept: Accept = "any") -> Recipe:
    return target.recipe.settled(accept, conf.defaults())


def want(target: Target, accept: Accept = "any") -> Wanted:
    """The derivative that a URL asks for. Raises as derivatives.want does."""
    return derivatives.want(target.bucket, target.key, settled(target, accept))


def find(target: Target) -> Found:
    """Read the original's header, and plan the picture. Raises what rendering raises."""
    wanted = want(target)
    facts, _ = pool.run(jobs.Identify(limits=conf.limits()), originals.read(wanted.original))
    recipe = replace(wanted.recipe, filters=())  # of pixels, which plan nothing
    plan, _, _ = derivatives.do(
        wanted, lambda look: jobs.Plan(limits=conf.limits(), recipe=recipe, look=look), signed=target.keep
    )
    return Found(wanted, facts, plan, plan.seen.focus if plan.seen else None)


def in_words(facts: Facts) -> str:
    """“JPEG, 512 x 512 pixels, 75,011 bytes”."""
    picture = facts.picture
    name = spelled(picture.type.removeprefix("image/").upper())
    frames = f", {picture.frames} frames" if picture.frames > 1 else ""
    return f"{name}, {picture.width} × {picture.height} pixels{frames}, {facts.length:,} bytes"


def focus_in_words(focus: Focus | None, faces: tuple[Face, ...]) -> str:
    """What smart crops of it keep in sight; empty where nothing was looked for."""
    if focus is None:
        return ""
    if focus.detector == PERSON:
        return "Somebody set its focus by hand." if focus.faces else "Somebody said that nothing in it is to be kept."
    if not focus.faces:
        return "No face was found in it, so crops keep what stands out."
    sure = " and ".join(f"{100 * face.confidence:.0f} %" for face in focus.faces[:3])
    count = len(focus.faces)
    by = " by Amazon Rekognition" if focus.detector.startswith(REKOGNITION) else ""
    return f"{count} face{'s were' if count > 1 else ' was'} found{by}, {sure} certain. Nobody moved its focus."


def plan_in_words(found: Found) -> str:
    """“Rows 9 to 201 of 512 stay, scaled to 94 %. Nothing is enlarged.”"""
    width, height = found.plan.source
    left, top, right, bottom = (round(side) for side in found.plan.frame.box)
    rows = f"Rows {top} to {bottom} of {height}" if (top, bottom) != (0, height) else ""
    columns = f"columns {left} to {right} of {width}" if (left, right) != (0, width) else ""
    stay = " and ".join(part for part in (rows, columns) if part) or "All of it"
    wide, high = found.plan.frame.size
    across, down = wide / max(1, right - left), high / max(1, bottom - top)
    verb = "stays" if stay == "All of it" else "stay"
    scale = max(across, down)
    sized = f"{verb}, pixel by pixel" if abs(scale - 1) < 0.005 else f"{verb}, scaled to {100 * scale:.0f} %"
    enlarged = "It is enlarged, so it is less sharp." if scale > 1.005 else "Nothing is enlarged."
    return f"{stay[0].upper()}{stay[1:]} {sized}: {wide} × {high} pixels. {enlarged}"
