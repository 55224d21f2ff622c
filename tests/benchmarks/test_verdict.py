"""What `make fidelity` calls a fault, and who beats whom."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from benchmarks.fidelity import report
from benchmarks.fidelity.verdict import Judgement, beaten, faults, times

FIDELITY = Path(report.__file__).parent
GOOD = Judgement(
    *("PNG", "webp", "ours"),
    made="webp",
    width=400,
    height=300,
    wanted=(400.0, 300.0),
    mode="RGB",
    delta=1.5,
    high=5.0,
    shift=0.4,
    ssim=0.98,
    bytes=10_000,
)
ANIMATION = replace(GOOD, frames=6, frames_wanted=6, length=1500.0, plays=3, plays_wanted=3)


def test_a_good_derivative_has_no_fault():
    assert faults(GOOD) == faults(ANIMATION) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(GOOD, refused="damaged"), "refused: damaged"),
        (replace(GOOD, made="gif"), "is a GIF"),
        (replace(GOOD, upright=False), "wrong way up"),
        (replace(GOOD, width=300, height=400), "300x400 instead of 400x300"),
        (replace(GOOD, height=302), "400x302 instead of 400x300"),
        (replace(GOOD, shift=2.0), "colours off by 2.0"),
        (replace(GOOD, ssim=0.5), "unlike: SSIM 0.50"),
        (replace(GOOD, alpha_off=0.2), "alpha lost"),
        (replace(GOOD, alpha_off=0.2, mode="RGBA"), "alpha wrong"),
        (replace(GOOD, private=["GPS", "comment"]), "tells GPS and comment"),
        (replace(ANIMATION, frames=1, plays=None), "1 frame of 6"),
        (replace(ANIMATION, late=11.0), "timing off by 11 ms"),
        (replace(ANIMATION, plays=0), "plays for ever instead of 3 times"),
    ],
)
def test_a_fault_is_told_in_words(found, said):
    assert faults(found) == [said]


@pytest.mark.parametrize(
    "found",
    [
        replace(GOOD, height=301),
        replace(GOOD, wanted=(400.4, 299.6)),
        replace(GOOD, delta=3.0),  # compression, not colours
        replace(GOOD, ssim=None),
        replace(ANIMATION, late=10.0),
        replace(ANIMATION, frames=5),  # two that are alike were written as one
        replace(ANIMATION, plays=65536, plays_wanted=0),
    ],
)
def test_what_nobody_would_see_is_no_fault(found):
    assert faults(found) == []


@pytest.mark.parametrize(
    ("peer", "beats"),
    [
        (GOOD, False),
        (replace(GOOD, delta=1.0), True),
        (replace(GOOD, bytes=9_000), True),
        (replace(GOOD, ssim=0.995), True),
        (replace(GOOD, delta=1.0, bytes=12_000), False),
        (replace(GOOD, bytes=9_000, delta=2.0), False),
        (replace(GOOD, bytes=9_000, ssim=0.9), False),
        (replace(GOOD, delta=1.4, ssim=0.985, bytes=9_900), False),
        (replace(GOOD, delta=0.5, upright=False), False),
        (replace(GOOD, refused="damaged"), False),
    ],
)
def test_a_peer_beats_ours_only_where_it_is_worse_in_nothing(peer, beats):
    assert beaten(GOOD, peer) is beats


def test_the_last_line_counts_rows_and_faults():
    peer = replace(GOOD, engine="thumbor")
    judgements = [
        *(GOOD, peer),
        *(replace(GOOD, format="png"), replace(peer, format="png", made="png", delta=0.5)),
        *(replace(GOOD, format="gif", made="gif"), replace(peer, format="gif", made="gif", bytes=20_000)),
    ]
    line = report.last_line(report.rows(judgements), {"ours": "", "thumbor": ""})
    assert line == "fidelity: 3 rows; ours without fault in 2, best or equal in 2; faults: ours 1, Thumbor 0"


def test_how_often_an_animation_plays_is_told_in_words():
    assert [times(plays) for plays in (0, 1, 2, 65536, None)] == [
        *("for ever", "once", "2 times", "for ever", "as often as one likes"),
    ]


def test_writing_the_tables_leaves_what_stands_around_them(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(f"before\n{report.BEGIN}\nold\n{report.END}\nafter\n")
    report.write(report.rows([GOOD]), {"ours": "a version"}, page)
    text = page.read_text()
    assert text.startswith("before\n")
    assert text.endswith("\nafter\n")
    assert "a version" in text
    assert "old" not in text


@pytest.mark.parametrize("name", ["truth", "plays", "difference", "judge"])
def test_the_truth_is_computed_apart_from_the_service(name):
    assert not re.search(r"(from|import) rendering", (FIDELITY / f"{name}.py").read_text())
