"""Amazon Rekognition as a detector of faces. Imported on first use, because boto3 is slow to import.

Rekognition gets a reduced copy of the original, upright and without metadata, and stores nothing of it. Its limits are
in https://docs.aws.amazon.com/rekognition/latest/dg/limits.html. Its boxes may extend beyond the picture:
https://docs.aws.amazon.com/rekognition/latest/APIReference/API_BoundingBox.html
"""

import threading
from functools import lru_cache
from typing import TYPE_CHECKING

from .. import conf, trace
from ..imaging.encoding import Encoding
from ..imaging.focus.faces import Face
from ..imaging.frame.geometry import Fit, Geometry
from ..imaging.recipe import Defaults, Recipe
from ..storage.errors import StorageError
from ..storage.s3 import clients
from ..storage.s3.errors import errors
from ..workers import pool
from ..workers.jobs import Reduce

if TYPE_CHECKING:
    from types_boto3_rekognition import RekognitionClient

#: The IAM action that the data plane's role needs. The action knows no resources, so its Resource is "*".
ACTION = "rekognition:DetectFaces"

#: The most bytes of a picture in a request, and the fewest pixels of its shorter side.
MOST_BYTES, SHORTEST = 5 * 1024 * 1024, 80

#: How the copy is made. Rekognition finds faces from 40 pixels on in pictures of up to 1920 x 1080.
REDUCED = Recipe(Geometry(1920, 1920, Fit.CONTAIN), Encoding("jpeg", jpeg_quality=85, max_bytes=MOST_BYTES)).settled(
    "any", Defaults()
)

_lock = threading.Lock()


class Failed(Exception):
    """Rekognition did not answer, or its answer has no list of faces. The message is for the log."""


def detect(content: bytes, recipe: Recipe | None) -> tuple[Face, ...] | None:
    """Detect the faces in an original, in order of falling confidence, if a settled recipe needs its focus, or if there
    is none.

    Returns None for a picture that Rekognition does not accept, because it is too small or its copy too large, and
    where no focus is needed. Raises Failed, PictureError if the original cannot be rendered, and Busy.
    """
    reduced, files = pool.run(Reduce(limits=conf.limits(), recipe=recipe, copy=REDUCED), content)
    if reduced is None or min(reduced.width, reduced.height) < SHORTEST or len(files[0]) > MOST_BYTES:
        return None
    try:
        with trace.stage("rekognition"), errors("rekognition"):
            answer = client().detect_faces(Image={"Bytes": files[0]}, Attributes=["DEFAULT"])
    except StorageError as error:
        raise Failed(str(error)) from error
    if "FaceDetails" not in answer:
        raise Failed("the answer has no FaceDetails")
    faces = []
    for detail in answer["FaceDetails"]:
        box, confidence = detail.get("BoundingBox", {}), detail.get("Confidence", 0) / 100
        left, top = box.get("Left", 0), box.get("Top", 0)
        if face := Face.at(left, top, left + box.get("Width", 0), top + box.get("Height", 0), confidence):
            faces.append(face)
    return tuple(sorted(faces, key=lambda face: -face.confidence))


def client() -> "RekognitionClient":
    """The client, in the service's own region. Only its use is thread-safe, so it is created under a lock."""
    with _lock:
        return _client()


def forget() -> None:
    """Begin again as in a new process: without a client. For tests."""
    _client.cache_clear()


@lru_cache(maxsize=1)
def _client() -> "RekognitionClient":
    return clients.session().client("rekognition", config=clients.config())
