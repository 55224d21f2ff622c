"""`manage.py export_aliases` and `import_aliases`: aliases carried to another environment."""

import json
from typing import Any

import pytest
from django.core.management import CommandError

from aliases.models import Alias, Publication
from aliases.publishing.publishing import publish
from tests.aliases.management.commands.running import run
from tests.drawings import photograph

pytestmark = pytest.mark.django_db


def test_what_is_exported_here_is_imported_there(alias, bucket, tmp_path):
    alias.filters, alias.dprs, alias.label, alias.crop, alias.focal_box = (
        "blur(3)",
        "2, 3",
        "Ä",
        "focal",
        "0.1x0.1:0.5x0.5",
    )
    alias.full_clean()
    alias.save()
    file = tmp_path / "aliases.json"
    file.write_text(run("export_aliases"))
    assert "profile-image/ios: unchanged" in run("import_aliases", str(file))
    before = alias.content()
    Alias.objects.all().delete()
    output = run("import_aliases", str(file), "--publish", "-m", "from staging")
    assert "profile-image/ios: new; bucket: photos; width: 90" in output
    twin = Alias.objects.get()
    assert twin.live
    assert (twin.content(), twin.label, twin.sample, twin.live.number) == (before, "Ä", "cat.jpg", 1)
    assert Publication.objects.get().why == "from staging"
    assert json.loads(run("export_aliases")) == json.loads(file.read_text())


def test_an_export_of_what_is_live_leaves_half_edited_drafts_at_home(alias, bucket):
    publish(alias, None)
    Alias.objects.filter(pk=alias.pk).update(width=1)
    Alias.objects.create(name="never", bucket=bucket)
    document = json.loads(run("export_aliases", "--live"))
    assert {name: fields["width"] for name, fields in document["aliases"].items()} == {"profile-image/ios": 90}


def imported(tmp_path: Any, aliases: Any, *arguments: str, **document: Any) -> str:
    file = tmp_path / "aliases.json"
    file.write_text(json.dumps({"document": "aliases", "version": 1, "aliases": aliases, **document}))
    return run("import_aliases", str(file), *arguments)


def test_a_dry_run_tells_the_difference_and_changes_nothing(alias, tmp_path):
    aliases = {"profile-image/ios": {"width": 120, "label": "New"}, "b": {"bucket": "photos"}}
    output = imported(tmp_path, aliases, "--dry-run", "--publish")
    assert "profile-image/ios: width: 90 → 120; label: none → New" in output
    assert "b: new; bucket: photos" in output
    assert "nothing was changed" in output
    assert Alias.objects.get().width == 90
    assert not Publication.objects.exists()


@pytest.mark.parametrize(
    ("aliases", "sentence"),
    [
        ({"b": {"bucket": "nowhere"}}, r"b: There is no bucket “nowhere” here.*manage.py add_bucket nowhere"),
        ({"b": {"bucket": "photos", "sise": 3}}, "b: There is no field “sise”"),
        ({"b": {"bucket": "photos", "width": [1]}}, "b: width: an object or a list is not a number"),
        ({"b": {"bucket": "photos", "width": True}}, "b: width: true is not a number"),
        ({"b": {"bucket": "photos", "width": 10**30}}, "b: width"),
        ({"b": {"bucket": "photos", "width": 90.5}}, "b: width: “90.5” is not a whole number"),
        ({"b": {"bucket": "photos", "ssim": [0.9]}}, "b: ssim: an object or a list is not a number"),
        ({"b": {"bucket": "photos", "ssim": 0.5, "sample": "a"}}, "b: ssim: 0.5 is not a visual quality"),
        ({"b": {"bucket": "photos", "width": "wide"}}, "b: width"),
        ({"b": {"bucket": "photos", "fit": None}}, "b: fit"),
        ({"b": {"bucket": None}}, "b: bucket"),
        ({"b": {}}, "b: bucket"),
        ({"b": 3}, "b: An alias is an object"),
        ({"B": {"bucket": "photos"}}, "B: name"),
        ({"b": {"bucket": "photos", "filters": "gone()"}}, "no filter named gone"),
        ([], "has no “aliases”"),
    ],
)
def test_an_import_with_one_wrong_alias_imports_none_and_says_why(bucket, tmp_path, aliases, sentence):
    if isinstance(aliases, dict):
        aliases = {"a": {"bucket": "photos"}, **aliases}
    with pytest.raises(CommandError, match=sentence):
        imported(tmp_path, aliases)
    assert not Alias.objects.exists()


def test_a_visual_quality_is_exported_as_it_is_asked_for_and_measured_where_it_is_published(wall, service, tmp_path):
    run("publish", "wall")
    file = tmp_path / "aliases.json"
    for live in ((), ("--live",)):
        file.write_text(run("export_aliases", *live))
        fields = json.loads(file.read_text())["aliases"]["wall"]
        assert (fields["ssim"], fields["jpeg_quality"], "calibration" in fields) == (0.93, None, False)
    before = Alias.objects.get().content()["recipe"]["encoding"]["jpeg_quality"]
    Alias.objects.all().delete()
    service.put("people/bob.jpg", photograph(contrast=20))  # other pictures are there
    dry = run("import_aliases", str(file), "--publish", "--dry-run")
    assert "would be measured, then it would be published" in dry
    assert not Alias.objects.exists()
    output = run("import_aliases", str(file), "--publish")
    for told in ("visual quality (SSIM): 0.93", "JPEG quality: to be measured"):
        assert told in output
    twin = Alias.objects.get()
    assert f"wall: {twin.measured()}" in output
    assert twin.live
    assert twin.live.content["recipe"]["encoding"]["jpeg_quality"] < before
    assert "wall: unchanged" in run("import_aliases", str(file), "--publish")


def test_an_import_whose_visual_quality_cannot_be_measured_imports_nothing(bucket, tmp_path):
    fields = {"bucket": "photos", "ssim": 0.95, "sample": "gone.jpg"}
    with pytest.raises(CommandError, match=r"no such original.*Nothing was imported"):
        imported(tmp_path, {"a": {"bucket": "photos"}, "b": fields}, "--publish")
    assert not Alias.objects.exists()
    assert "b: new" in imported(tmp_path, {"b": fields})  # as a draft it is as good as any


def test_files_that_are_no_documents_are_refused(bucket, tmp_path):
    with pytest.raises(CommandError, match=r"none\.json cannot be read: No such file or directory$"):
        run("import_aliases", str(tmp_path / "none.json"))
    with pytest.raises(CommandError, match=r"cannot be read: Is a directory$"):
        run("import_aliases", str(tmp_path))
    file = tmp_path / "x.json"
    for content, sentence in ((b"{", "is not JSON"), (b"\xff", "cannot be read"), (b"[]", "not a document of aliases")):
        file.write_bytes(content)
        with pytest.raises(CommandError, match=sentence):
            run("import_aliases", str(file))
    file.write_bytes(b"# Readme")
    with pytest.raises(CommandError) as told:
        run("import_aliases", str(file))
    assert f"export_aliases > {file}" not in str(told.value)  # it may be anything but an export
    with pytest.raises(CommandError, match="version is 2; this service reads 1"):
        imported(tmp_path, {}, version=2)


def test_publishing_what_is_imported_stops_at_a_rule_that_is_a_must_and_goes_on_with_a_reason(bucket, tmp_path):
    aliases = {"soft": {"bucket": "photos", "width": 900, "sample": "cat.jpg", "enlarging_rule": "must"}}
    with pytest.raises(CommandError, match=r"“Enlarged at most 1\.5×” is broken by cat\.jpg .*--anyway and a reason"):
        imported(tmp_path, aliases, "--publish")
    with pytest.raises(CommandError, match="Say with --why"):
        imported(tmp_path, aliases, "--publish", "--anyway")
    assert not Alias.objects.exists()
    assert "is live" in imported(tmp_path, aliases, "--publish", "--anyway", "--why", "for screens")
    assert "cat.jpg" in Publication.objects.get(why="for screens").against[0]
    assert "new" in imported(tmp_path, {"other": {"bucket": "photos", "width": 10}})  # drafts need no reason
