"""Amazon Rekognition, as botocore's own model of the service has it: no request leaves, every one is checked."""

from io import BytesIO
from pathlib import Path

import pytest
from botocore.exceptions import NoRegionError
from botocore.stub import ANY, Stubber
from PIL import Image

from rendering.catalogue.catalogue import Alias
from rendering.imaging.encoding import Encoding
from rendering.imaging.focus.smart import REKOGNITION, Smart
from rendering.imaging.frame.geometry import Geometry
from rendering.imaging.recipe import Recipe
from rendering.pictures import originals, rekognition
from rendering.pictures.rekognition import MOST_BYTES, Failed, detect
from rendering.storage.s3 import clients
from tests.drawings import drawn, opened
from tests.service import Service

from ..imaging.focus.portraits import portrait
from ..imaging.pictures import corners, saved


@pytest.fixture
def amazon(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    clients.forget()
    rekognition.forget()
    with Stubber(rekognition.client()) as stubber:
        yield stubber
    rekognition.forget()
    clients.forget()


def answered(stubber, *faces, image=ANY):
    """Let it find faces: left, top, width, height in parts of the sides, and the confidence in percent."""
    details = [
        {"BoundingBox": {"Left": face[0], "Top": face[1], "Width": face[2], "Height": face[3]}, "Confidence": face[4]}
        for face in faces
    ]
    stubber.add_response("detect_faces", {"FaceDetails": details}, {"Image": image, "Attributes": ["DEFAULT"]})


def test_faces_are_the_surest_first_and_cut_to_the_picture(amazon):
    answered(amazon, (0.5, 0.25, 0.25, 0.5, 91.5), (-0.1, -0.05, 0.3, 0.4, 99.9), (1.2, 0.1, 0.1, 0.1, 80.0))
    found = detect(drawn(), None)
    assert found
    assert [str(face.box) for face in found] == ["0x0:0.2x0.35", "0.5x0.25:0.75x0.75"]
    assert [face.confidence for face in found] == [0.999, 0.915]


def test_a_picture_without_a_face_has_none(amazon):
    answered(amazon)
    assert detect(drawn(), None) == ()


def sent(amazon, content):
    """The picture that is sent of an original."""
    pictures = []
    amazon.client.meta.events.register(
        "provide-client-params.rekognition.DetectFaces", lambda params, **_: pictures.append(params["Image"]["Bytes"])
    )
    answered(amazon)
    detect(content, None)
    (content,) = pictures
    assert len(content) <= MOST_BYTES == 5 * 1024 * 1024
    return Image.open(BytesIO(content))


def test_it_is_sent_a_reduced_upright_jpeg_without_metadata(amazon):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "a camera"
    image = sent(amazon, saved(corners(4000, 3000), "JPEG", exif=exif))
    assert (image.format, image.size) == ("JPEG", (1440, 1920))
    assert not image.getexif()


def test_noise_is_not_too_large_to_be_sent(amazon):
    noise = Image.effect_noise((2500, 2500), 100)
    assert sent(amazon, saved(noise, "JPEG", quality=95)).size == (1920, 1920)


def test_a_picture_too_small_to_be_asked_about_is_not_sent(amazon):
    assert detect(drawn(300, 79), None) is None
    assert detect(drawn(4000, 100), None) is None


@pytest.mark.parametrize(
    "code", ["ThrottlingException", "AccessDeniedException", "ImageTooLargeException", "InternalServerError"]
)
def test_a_refusal_is_a_failure(amazon, code):
    amazon.add_client_error("detect_faces", code)
    with pytest.raises(Failed, match=code):
        detect(drawn(), None)


def test_without_a_region_it_fails(monkeypatch):
    def lost():
        raise NoRegionError

    monkeypatch.setattr(rekognition, "client", lost)
    with pytest.raises(Failed):
        detect(drawn(), None)


def test_it_is_not_waited_for_longer_than_for_a_bucket(amazon):
    config = amazon.client.meta.config
    assert (config.connect_timeout, config.read_timeout) == (1, 3)
    assert config.retries["total_max_attempts"] == 2


def test_the_action_is_the_operations(amazon):
    service, _, operation = rekognition.ACTION.partition(":")
    model = amazon.client.meta.service_model
    assert (service, operation in model.operation_names) == (model.signing_name, True)


@pytest.fixture
def chosen(service: Service) -> Service:
    service.put("one.png", saved(corners(300, 100)))
    service.publish(
        Alias("smart", 1, "photos", Recipe(Geometry(50, 50, smart=Smart(REKOGNITION)), Encoding(format="png")))
    )
    return service


def foci(service: Service) -> list[Path]:
    return [path for path in service.kept() if path.suffix == ".json"]


def test_an_alias_that_chooses_it_shows_what_it_finds(chosen, amazon):
    answered(amazon, (0.9, 0.7, 0.05, 0.2, 99.0))
    response = chosen.get("/smart/one.png")
    # The yellow quarter is the right lower one.
    assert opened(response).convert("RGB").getpixel((25, 45)) == (255, 255, 0)
    assert "ETag" in response
    (path,) = foci(chosen)
    assert path.name.endswith(".focus-rekognition.json")
    amazon.assert_no_pending_responses()


def test_it_is_asked_once(chosen, amazon):
    answered(amazon, (0.9, 0.7, 0.05, 0.2, 99.0))
    chosen.get("/smart/one.png")
    for path in chosen.kept():
        if path.suffix != ".json":
            path.unlink()
    assert chosen.get("/smart/one.png").status_code == 200
    assert chosen.get("/-/info/smart/one.png").json()["focus"]["detector"] == "rekognition"
    amazon.assert_no_pending_responses()


def test_when_it_fails_the_local_detector_stands_in_and_nothing_is_kept(chosen, amazon, caplog):
    chosen.put("one.png", saved(portrait().resize((300, 300)).crop((0, 0, 300, 200))))
    amazon.add_client_error("detect_faces", "ThrottlingException")
    response = chosen.get("/smart/one.png")
    assert response.status_code == 200
    assert "max-age=60" in response["Cache-Control"]
    assert "ETag" not in response
    assert chosen.kept() == []
    assert [record.levelname for record in caplog.records if "rekognition failed" in record.message] == ["ERROR"]
    answered(amazon, (0.1, 0.1, 0.1, 0.1, 99.0))
    assert "ETag" in chosen.get("/smart/one.png")


def test_what_is_too_small_for_it_the_local_detector_sees_for_good(chosen, amazon):
    chosen.put("one.png", saved(corners(150, 60)))
    assert "ETag" in chosen.get("/smart/one.png")
    assert len(foci(chosen)) == 1


def test_a_deployment_may_choose_it_for_all(service, amazon, settings):
    settings.DETECTOR = "rekognition"
    service.put("one.png", saved(corners(300, 100)))
    service.publish(Alias("smart", 1, "photos", Recipe(Geometry(50, 50, smart=Smart()), Encoding(format="png"))))
    answered(amazon, (0.9, 0.7, 0.05, 0.2, 99.0))
    assert "ETag" in service.get("/smart/one.png")
    original = originals.find(service.bucket, "one.png")
    assert foci(service)[0].name == f"{original.version}.focus-rekognition.json"


def test_a_copy_of_as_many_bytes_as_it_accepts_is_sent_and_none_of_more(amazon, monkeypatch):
    lengths = []
    amazon.client.meta.events.register(
        "provide-client-params.rekognition.DetectFaces",
        lambda params, **_: lengths.append(len(params["Image"]["Bytes"])),
    )
    answered(amazon)
    assert detect(drawn(), None) == ()
    monkeypatch.setattr(rekognition, "MOST_BYTES", lengths[0])
    answered(amazon)
    assert detect(drawn(), None) == ()
    monkeypatch.setattr(rekognition, "MOST_BYTES", lengths[0] - 1)
    assert detect(drawn(), None) is None
