"""What is said of a picture, kept with it as one text."""

import pytest

from rendering.imaging.notes import Notes


@pytest.mark.parametrize(
    "notes", [Notes(), Notes("It moves"), Notes("", "It is large"), Notes("It moves", "It is large")]
)
def test_notes_come_back_as_they_were(notes):
    assert Notes.read(str(notes)) == notes
    assert str(notes).isascii()


def test_the_notes_of_an_earlier_version_say_why_the_first_frame_stands_for_an_animation():
    assert Notes.read("The animation has more than 3 frames") == Notes("The animation has more than 3 frames")
