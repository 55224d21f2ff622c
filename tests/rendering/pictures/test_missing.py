"""Keys that were missing a moment ago are not asked for each time."""

import pytest

from rendering.pictures import missing
from rendering.storage.errors import Missing
from rendering.storage.place import Place
from tests.drawings import drawn
from tests.rendering.world import OWN, SMALL


def test_a_missing_key_costs_one_look_for_a_while_and_an_upload_is_then_seen(world):
    assert world.get(SMALL).status_code == 404
    asked = len(world.s3.methods(OWN))
    assert [world.get(SMALL).status_code for _ in range(5)] == [404] * 5
    assert len(world.s3.methods(OWN)) == asked
    world.s3.put(OWN, "nobody.jpg", drawn())
    missing.forget()  # as a few seconds later
    assert world.get(SMALL).status_code == 200


def test_the_number_of_missing_keys_is_bounded(monkeypatch):
    monkeypatch.setattr(missing, "MOST", 3)
    place = Place("s3", "physical")
    for number in range(5):
        with pytest.raises(Missing), missing.remembering(place, str(number)):
            raise Missing("played")
    assert [missing.is_remembered(place, str(number)) for number in range(5)] == [False, False, True, True, True]
    missing.forget()


def test_folders_are_asked_each_time(service):
    service.publish()
    assert service.get("/profile-image/ios/one.jpg").status_code == 404
    service.put("one.jpg")
    assert service.get("/profile-image/ios/one.jpg").status_code == 200
