"""The jobs that are done on pictures, each with what it needs and what it answers.

A job is a value that can be written as a document. It is done in a process of its own (`child.py`) on the files that
come with it, the original first. Its answer is data, and files. What decodes is imported where it is used, because the
service itself imports this module to say what is to be done, and decodes nothing.
"""

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from msgspec import Struct

from ..imaging.encoding import FORMATS
from ..imaging.focus import yunet
from ..imaging.focus.faces import Face
from ..imaging.frame.geometry import Geometry
from ..imaging.reading.limits import Limits
from ..imaging.recipe import Recipe
from .facts import Compared, Described, Facts, Measured, Planned, Rendered, Reviewed, facts_of
from .looking import Look, Seen, find, see

if TYPE_CHECKING:
    from ..imaging.pipeline.render import Fetch
    from ..imaging.reading.opened import Opened

Answer = TypeVar("Answer")

#: The files that come with a job, or go with its answer.
Files = Sequence[bytes]


class Job(Struct, Generic[Answer], frozen=True, kw_only=True):
    """A job on an original. `do` may raise PictureError."""

    limits: Limits

    #: The type of its answer, which is read from a document.
    answers: ClassVar[type]
    #: The stage of a request that it is, in logs and Server-Timing.
    stage: ClassVar[str] = "look"

    @property
    def uses_yunet(self) -> bool:
        """Whether the job may load the detector of faces."""
        look: Look | None = getattr(self, "look", None)
        return bool(look and look.detector == yunet.NAME and not (look.known or look.found))

    def do(self, files: Files) -> tuple[Answer, Files]:
        """Do the job on these files. Returns the answer, and the files that go with it."""
        from ..imaging.reading.opened import Opened

        with Opened(files[0], self.limits) as original:
            return self.do_on(original, files[1:])

    def do_on(self, original: "Opened", files: Files) -> tuple[Answer, Files]:
        """The same on the opened original and the other files."""
        raise NotImplementedError


class Identify(Job[Facts], frozen=True, tag=True):
    """Say what an original is, from its header."""

    answers = Facts

    def do_on(self, original: "Opened", files: Files) -> tuple[Facts, Files]:
        return facts_of(original), ()


class Render(Job[Rendered], frozen=True, tag=True):
    """Render a derivative. The other files are the overlays', in the order of their paths."""

    #: Settled.
    recipe: Recipe
    overlays: tuple[str, ...] = ()
    look: Look | None = None

    answers = Rendered
    stage = "render"

    def do_on(self, original: "Opened", files: Files) -> tuple[Rendered, Files]:
        from ..imaging.pipeline.render import render

        seen = see(original, self.recipe, self.look)
        made = render(original, self.recipe, fetch(self.overlays, files), seen.focus if seen else None)
        return Rendered(made.type, made.width, made.height, made.frames, made.notes, seen), (made.content,)


class ReviewRecipe(Job[Reviewed], frozen=True, tag=True):
    """Render a derivative and review it. With `look`, its faces are found, whether the crop needs them or not.

    The other files are the overlays', in the order of their paths."""

    #: Settled.
    recipe: Recipe
    overlays: tuple[str, ...] = ()
    look: Look | None = None

    answers = Reviewed
    stage = "render"

    def do_on(self, original: "Opened", files: Files) -> tuple[Reviewed, Files]:
        from ..imaging.pipeline.review import review

        seen = find(original, self.look) if self.look else None
        facts, began = facts_of(original), time.perf_counter()
        made, found = review(original, self.recipe, fetch(self.overlays, files), seen.focus if seen else None)
        took = round(1000 * (time.perf_counter() - began))
        rendered = Rendered(made.type, made.width, made.height, made.frames, made.notes)
        return Reviewed(facts, rendered, found, took, seen), (made.content,)


class Reduce(Job[Rendered | None], frozen=True, tag=True):
    """Make a copy of an original for a detector elsewhere, if a recipe needs the focus or there is no recipe."""

    recipe: Recipe | None
    #: The recipe of the copy, settled.
    copy: Recipe

    answers = Rendered | None
    stage = "render"

    def do_on(self, original: "Opened", files: Files) -> tuple[Rendered | None, Files]:
        from ..imaging.pipeline.sight import wants_focus

        if self.recipe and not wants_focus(original, self.recipe):
            return None, ()
        return Render(limits=self.limits, recipe=self.copy).do_on(original, ())


class Find(Job[Seen], frozen=True, tag=True):
    """Find the focus of an original, whatever a recipe needs."""

    look: Look

    answers = Seen

    def do_on(self, original: "Opened", files: Files) -> tuple[Seen, Files]:
        return find(original, self.look), ()


class Faces(Struct, frozen=True):
    """The faces of an original, turned as a geometry turns it, and the focus that they are from."""

    faces: tuple[Face, ...]
    seen: Seen | None


class FindFaces(Job[Faces], frozen=True, tag=True):
    """Find the faces of an original, whatever a recipe needs."""

    geometry: Geometry
    look: Look | None

    answers = Faces

    def do_on(self, original: "Opened", files: Files) -> tuple[Faces, Files]:
        from ..imaging.pipeline.sight import faces

        seen = find(original, self.look) if self.look else None
        return Faces(faces(original, self.geometry, seen.focus) if seen else (), seen), ()


class Choose(Job[tuple[bool, ...]], frozen=True, tag=True):
    """Say of each recipe whether it needs the focus of an original."""

    recipes: tuple[Recipe, ...]

    answers = tuple[bool, ...]

    def do_on(self, original: "Opened", files: Files) -> tuple[tuple[bool, ...], Files]:
        from ..imaging.pipeline.sight import wants_focus

        return tuple(wants_focus(original, recipe) for recipe in self.recipes), ()


class Describe(Job[Described], frozen=True, tag=True):
    """Describe an original and a derivative of it. The derivative is the second file if it is `stored`, and else is
    rendered; the other files are then the overlays'."""

    stored: bool
    recipe: Recipe
    overlays: tuple[str, ...] = ()
    look: Look | None = None

    answers = Described
    stage = "render"

    def do_on(self, original: "Opened", files: Files) -> tuple[Described, Files]:
        from ..imaging.pipeline.placeholder import placeholder
        from ..imaging.reading.opened import Opened

        rendered: Rendered | None = None
        if self.stored:
            seen, made = see(original, self.recipe, self.look), files
        else:
            rendering = Render(limits=self.limits, recipe=self.recipe, overlays=self.overlays, look=self.look)
            rendered, made = rendering.do_on(original, files)
            seen = rendered.seen
        facts = facts_of(original)
        original.release()
        with Opened(made[0], self.limits) as derivative:
            shown, made_facts = placeholder(derivative), facts_of(derivative)
        described = Described(facts, made_facts, shown.blurhash, shown.dominant_color, seen, rendered)
        return described, () if self.stored else made


class Plan(Job[Planned], frozen=True, tag=True):
    """Plan a derivative without rendering it."""

    recipe: Recipe
    look: Look | None = None

    answers = Planned

    def do_on(self, original: "Opened", files: Files) -> tuple[Planned, Files]:
        from ..imaging.pipeline import sight
        from ..imaging.pipeline.render import plan_recipe

        seen = see(original, self.recipe, self.look)
        source, frame, trimmed = plan_recipe(original, self.recipe, seen.focus if seen else None)
        faces = sight.faces(original, self.recipe.geometry, seen.focus) if seen else ()
        return Planned(source, original.frames, frame, trimmed, faces, seen), ()


class MeasureQualities(Job[Measured], frozen=True, tag=True):
    """Find the lowest qualities at which a derivative keeps a target SSIM. The other files are the overlays'."""

    recipe: Recipe
    ssim: float
    #: The formats, each with the lowest quality to try.
    start: dict[str, int]
    #: Formats whose SSIM is also measured at a quality.
    asked: dict[str, int]
    overlays: tuple[str, ...] = ()
    look: Look | None = None

    answers = Measured
    stage = "render"

    def do_on(self, original: "Opened", files: Files) -> tuple[Measured, Files]:
        from msgspec.structs import astuple

        from ..imaging.quality.calibration import find_qualities, measure, render_subject

        seen, encoding = see(original, self.recipe, self.look), self.recipe.encoding
        subject = render_subject(original, self.recipe, fetch(self.overlays, files), seen.focus if seen else None)
        original.release()
        asked = {name: measure(subject, FORMATS[name], encoding, quality) for name, quality in self.asked.items()}
        lowest = find_qualities(subject, encoding, self.ssim, self.start)
        return Measured(
            {name: astuple(one) for name, one in asked.items()},
            {name: astuple(one) for name, one in lowest.items()},
            seen,
        ), ()


class Compare(Job[Compared], frozen=True, tag=True):
    """Compare a picture with the second file's."""

    answers = Compared

    def do_on(self, original: "Opened", files: Files) -> tuple[Compared, Files]:
        from ..imaging.quality.likeness import likeness
        from ..imaging.reading.opened import Opened, identify

        with Opened(files[0], self.limits) as other:
            found = likeness(original, other)
            pictures = identify(original), identify(other)
        ssim, levels = (found.ssim, found.levels) if found else (None, None)
        return Compared(*pictures, ssim, levels), ()


#: Every job. Documents name them by their class.
AnyJob = (
    Identify | Render | ReviewRecipe | Reduce | Find | FindFaces | Choose | Describe | Plan | MeasureQualities | Compare
)


def fetch(paths: Sequence[str], files: Files) -> "Fetch":
    """The function that gives filters the files of overlays, by path."""
    return dict(zip(paths, files, strict=True)).__getitem__
