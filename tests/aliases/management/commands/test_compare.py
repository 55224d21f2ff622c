"""`manage.py compare`: an older service and this one, as it runs, over real HTTP."""

import io
import shutil
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import quote

import pytest
from django.core.management import CommandError
from PIL import Image, ImageOps

from aliases.comparing import asking
from tests.aliases.management.commands.running import run
from tests.drawings import drawn, photograph
from tests.running import Running
from tests.values import KEYS

FOLDABLE = [key for key in KEYS if len(key) < 200]


class Old:
    """An older service. It answers as `answers` says: by path a status, a type and a content, or None for no answer."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, str, bytes] | None] = {}
        self.asked: list[str] = []
        old = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                old.asked.append(self.path)
                answer = old.answers.get(self.path, (404, "text/plain", b""))
                if answer is None:
                    self.close_connection = True
                    return
                status, type_, content = answer
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", content.decode())
                self.send_header("Content-Type", type_)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def old() -> Iterator[Old]:
    old = Old()
    yield old
    old.server.shutdown()
    old.server.server_close()


@pytest.fixture(scope="module")
def new(tmp_path_factory) -> Iterator[Running]:
    new = Running(tmp_path_factory.mktemp("new"))
    for key in ["one.jpg", *FOLDABLE]:
        new.put(key, photograph(400, 300))
    yield new
    new.kill()


@pytest.fixture
def ask(old, new, tmp_path):
    """Writes a log of these paths, and runs the command on it. Returns what it prints."""

    def compare(*paths: str, **options: str) -> str:
        log = tmp_path / "access log ü@%.txt"
        log.write_text("".join(f"{path}\n" for path in paths))
        more = [word for name, value in options.items() for word in (f"--{name}", value)]
        return run("compare", "--log", str(log), "--old", old.url, "--new", f"http://127.0.0.1:{new.port}", *more)

    return compare


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def test_every_key_is_asked_for_as_it_stands_in_the_log(ask, old, new):
    paths = [f"/pictures/{quote(key)}" for key in FOLDABLE]
    for path in paths:
        old.answers[path] = (200, "image/png", new.get(path)[2])
    assert ask(*paths) == f"{len(paths)} paths compared, {len(paths)} alike.\n"
    assert sorted(old.asked) == sorted(paths)


def test_pictures_of_a_report_are_written_as_they_come_and_memory_holds_none(ask, old, tmp_path):
    folder = tmp_path / "report"
    written: list[list[str]] = []

    class Noting(dict[str, tuple[int, str, bytes] | None]):
        def get(self, path, otherwise=None):
            written.append(sorted(one.name for one in folder.glob("old/*")))
            return super().get(path, otherwise)

    old.answers = Noting({f"/none-{number}.jpg": (200, "image/jpeg", drawn()) for number in range(3)})
    ask(*old.answers, report=str(folder), **{"at-once": "1"})
    assert written == [[], ["0001.jpg"], ["0001.jpg", "0002.jpg"]]


def test_what_differs_is_said_and_shown(ask, old, new, tmp_path):
    made = new.get("/pictures/one.jpg")[2]
    with Image.open(io.BytesIO(made)) as picture:
        other, small = png(ImageOps.invert(picture.convert("RGB"))), png(picture.resize((45, 45)))
        webp = io.BytesIO()
        picture.save(webp, "WEBP", lossless=True)
    old.answers = {
        "/pictures/one.jpg?same": (200, "image/png", made),
        "/pictures/one.jpg?moved": (302, "text/html", b"/there"),
        "/there": (200, "image/png", made),
        "/pictures/one.jpg?other": (200, "image/png", other),
        "/pictures/one.jpg?small": (200, "image/png", small),
        "/pictures/one.jpg?type": (200, "image/webp", webp.getvalue()),
        "/pictures/one.jpg?gone": (410, "text/html", b"<script>alert(1)</script>"),
        "/pictures/one.jpg?broken": (200, "image/png", made[:200]),
        "/pictures/one.jpg?silent": None,
        "/pictures/none.jpg": (200, "image/svg+xml", b"<svg/>"),
    }
    folder = tmp_path / "the report of ü@1%"
    printed = ask(*(path for path in old.answers if path != "/there"), report=str(folder))
    lines = printed.splitlines()
    assert "9 paths compared, 2 alike." in lines
    said = {line.rpartition("  ")[2].rpartition("?")[2]: line for line in lines[:8]}
    assert said["other"].startswith("pixels: SSIM ")
    assert said["small"].startswith("size: 45 x 45 pixels before, 90 x 90 now")
    assert said["type"].startswith("type: image/webp before, image/png now")
    assert said["gone"].startswith("status: 410 before, 200 now")
    assert said["broken"].startswith("not compared: ")
    assert said["silent"].startswith("no answer: the old service does not answer: ")
    assert said["/pictures/none.jpg"].startswith("status: 200 before, 404 now")
    page = (folder / "index.html").read_text()
    assert page.count("<section>") == 7
    assert "/pictures/one.jpg?other" in page
    assert "?same" not in page
    assert "<script>" not in page
    shown = sorted(file.relative_to(folder).as_posix() for file in folder.rglob("*.*"))
    assert len([name for name in shown if name.startswith("old/")]) == 4  # other, small, type, broken
    assert all(f'src="{name}"' in page for name in shown if name != "index.html")
    assert f"The report is {folder / 'index.html'}." in lines


def test_another_encoding_of_the_same_picture_is_alike(ask, old, new):
    made = new.get("/pictures/one.jpg")[2]
    file = io.BytesIO()
    with Image.open(io.BytesIO(made)) as picture:
        picture.convert("RGB").save(file, "JPEG", quality=92)
    old.answers["/pictures/one.jpg"] = (200, "image/jpeg", file.getvalue())
    printed = ask("/pictures/one.jpg")
    assert printed.startswith("type: image/jpeg before, image/png now")
    assert "pixels" not in printed


def test_of_many_paths_a_sample_is_asked(ask, old):
    paths = [f"/pictures/{number}.jpg" for number in range(60)]
    assert ask(*paths, *paths, sample="20").splitlines()[-1] == "20 paths compared, 20 alike."
    assert len(old.asked) == 20


def test_an_answer_that_is_too_long_or_redirects_for_ever_is_no_fault(ask, old, settings, new):
    settings.MAX_BYTES = 50_000
    old.answers["/pictures/one.jpg"] = (200, "image/png", drawn(900, 900, "BMP"))
    assert "not compared: a picture has more bytes than MAX_BYTES allows" in ask("/pictures/one.jpg")
    old.answers["/pictures/one.jpg"] = (302, "", b"/pictures/one.jpg")
    assert "it redirects more than 3 times" in ask("/pictures/one.jpg")
    old.answers["/pictures/one.jpg"] = (302, "", b"file:///etc/passwd")
    assert "is not the address of a service" in ask("/pictures/one.jpg")
    old.answers["/pictures/one.jpg"] = (302, "", b"http://[nonsense/one.jpg")
    assert "the old service does not answer: ValueError" in ask("/pictures/one.jpg")


def test_an_answer_that_trickles_is_given_up(ask, old, monkeypatch):
    monkeypatch.setattr(asking, "LONGEST", -1.0)
    old.answers["/pictures/one.jpg"] = (200, "image/png", drawn(90, 90, "PNG"))
    assert "the answer was not complete" in ask("/pictures/one.jpg")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"log": "no such log"}, "cannot be read"),
        ({"old": "thumbor:8888"}, "is not the address of a service"),
        ({"old": "http://a b/\x00"}, "is not the address of a service"),
        ({"new": "ftp://thumbor"}, "is not the address of a service"),
        ({"sample": "0"}, "is no number from 1 to 10000"),
        ({"at-once": "²"}, "is no number from 1 to 10000"),
        ({"sample": "000000001999999"}, "is no number from 1 to 10000"),
        ({"accept": "a\nb"}, "no header can hold"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(options, sentence, ask):
    with pytest.raises(CommandError, match=sentence):
        ask("/pictures/one.jpg", **options)


def test_a_log_without_pictures_and_a_folder_that_is_taken_are_refused(ask, tmp_path):
    with pytest.raises(CommandError, match="names no picture"):
        ask("no path at all")
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "mine.txt").write_text("keep")
    with pytest.raises(CommandError, match="is not empty"):
        ask("/pictures/one.jpg", report=str(tmp_path / "taken"))
    assert (tmp_path / "taken" / "mine.txt").read_text() == "keep"
    with pytest.raises(CommandError, match="cannot be written"):
        ask("/pictures/one.jpg", report=str(tmp_path / "taken" / "mine.txt" / "report"))


def test_a_report_that_can_be_written_no_more_ends_in_a_sentence(ask, old, tmp_path):
    folder = tmp_path / "report"

    class Taking(dict[str, tuple[int, str, bytes] | None]):
        def get(self, path, otherwise=None):
            shutil.rmtree(folder)
            return super().get(path, otherwise)

    old.answers = Taking({"/none.jpg": (200, "image/jpeg", drawn())})
    with pytest.raises(CommandError, match="report cannot be written: No such file or directory"):
        ask("/none.jpg", report=str(folder))
