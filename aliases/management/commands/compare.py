"""`manage.py compare`: asks an older image service and this one for what a log names, and says what differs."""

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import SplitResult

from django.core.management.base import BaseCommand, CommandError, CommandParser

from aliases.comparing import access_log, asking, report
from aliases.comparing.differences import Pair, pair
from rendering import conf

#: Paths that differ and are shown with pictures in a report.
MOST_SHOWN = 500


class Command(BaseCommand):
    help = "Ask an older image service and this one for the paths of an access log, and say what differs."

    #: It asks no database.
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--log", required=True, type=Path, help="The access log: common, combined, CloudFront's, or a path a line."
        )
        parser.add_argument("--old", required=True, type=service, help="The older service: http://thumbor:8888.")
        parser.add_argument(
            "--new", type=service, default="http://127.0.0.1:8000", help="This service; by default %(default)s."
        )
        parser.add_argument(
            "--sample", type=count, default=200, help="Different paths at most; by default %(default)s."
        )
        parser.add_argument("--at-once", type=count, default=4, help="Paths asked at once; by default %(default)s.")
        parser.add_argument("--accept", default="*/*", help="The Accept header to send; by default %(default)s.")
        parser.add_argument("--report", type=Path, help="A new folder for a page with the pictures side by side.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accept"].isprintable() or not options["accept"].isascii():
            raise CommandError("The header given with --accept holds a character that no header can hold.")
        paths = self.paths(options["log"], options["sample"])
        try:
            self.compare(paths, options)
        except report.NotWritten as error:
            raise CommandError(str(error)) from None

    def compare(self, paths: list[str], options: dict[str, Any]) -> None:
        """Ask both services for the paths, and say and report what differs. Raises NotWritten."""
        if options["report"]:
            report.prepare(options["report"])
        services, found, alike = (options["old"], options["new"]), Counter[str](), 0
        rows: list[dict[str, Any]] = []
        for one in compare(paths, services, options["accept"], options["at_once"]):
            alike += not one.differences
            found.update(str(difference.kind) for difference in one.differences)
            for difference in one.differences:
                self.stdout.write(printable(f"{difference.kind}: {difference.words}  {one.path}"))
            if one.differences and options["report"] and len(rows) < MOST_SHOWN:
                rows.append(report.row(options["report"], len(rows) + 1, one))
        self.stdout.write(f"{len(paths)} paths compared, {alike} alike.")
        for kind, number in found.most_common():
            self.stdout.write(f"{number:>6}  {kind}")
        if options["report"]:
            counts = [("paths compared", len(paths)), ("alike", alike), *found.most_common()]
            names = (options["old"].geturl(), options["new"].geturl())
            self.stdout.write(f"The report is {report.write(options['report'], rows, names, counts)}.")

    def paths(self, log: Path, most: int) -> list[str]:
        try:
            paths = access_log.sample(access_log.entries(access_log.lines(log)), most)
        except OSError as error:
            raise CommandError(f"The log {log} cannot be read: {error.strerror or error}.") from None
        if not paths:
            raise CommandError(
                f"The log {log} names no picture: each line is to be a request in the common or combined format, one "
                "of CloudFront's standard logs, a path, or a URL."
            )
        return paths


def compare(paths: list[str], services: tuple[SplitResult, SplitResult], accept: str, at_once: int) -> Iterator[Pair]:
    """Ask both services for each path, several at once, and compare the answers, in the order of the paths."""
    # One more would have a slow comparison ended, for there is a seat that is wanted.
    seats, most = BoundedSemaphore(conf.renders_at_once()), conf.limits().bytes

    def one(path: str) -> Pair:
        old, new = (asking.ask(each, path, accept, most) for each in services)
        with seats:
            return pair(path, old, new)

    with ThreadPoolExecutor(at_once) as threads:
        for begin in range(0, len(paths), at_once):
            yield from threads.map(one, paths[begin : begin + at_once])


def printable(text: str) -> str:
    """The text for a terminal: a log holds what strangers sent."""
    return "".join(each if each.isprintable() else "�" for each in text)


def service(text: str) -> SplitResult:
    try:
        return asking.base(text)
    except asking.BadAddress as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def count(text: str) -> int:
    """A whole number from 1 to 10,000."""
    if text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= 10_000:
        return int(text)
    raise argparse.ArgumentTypeError(f"“{text}” is no number from 1 to 10000")
