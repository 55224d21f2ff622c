import pytest

from deploy.package import contents
from deploy.stages import Refused


@pytest.mark.parametrize(
    "name",
    [
        "django/core/wsgi.py",
        "django/conf/locale/__init__.py",
        "django/conf/locale/en/LC_MESSAGES/django.mo",
        "django/contrib/admin/static/admin/css/base.css",
        "django/db/backends/postgresql/base.py",
        "storages/backends/s3.py",
        "zappa/handler.py",
        "pillow-13.0.0.dist-info/METADATA",
        "pillow.libs/libXau-154567c4.so.6.0.0",
        "numpy/_core/_multiarray_umath.cpython-313-x86_64-linux-gnu.so",
        "numpy/lib/_npyio_impl.py",
        "onnxruntime/capi/libonnxruntime_providers_shared.so",
        "onnxruntime/ThirdPartyNotices.txt",
    ],
)
def test_what_runs_is_kept(name):
    assert contents.kept(name)


@pytest.mark.parametrize(
    "name",
    [
        "django/__pycache__/shortcuts.cpython-313.pyc",
        "django/conf/locale/de/LC_MESSAGES/django.mo",
        "django/contrib/gis/geos/base.py",
        "storages/backends/azure_storage.py",
        "zappa/cli.py",
        "bin/django-admin",
        "numpy/random/mtrand.cpython-313-x86_64-linux-gnu.so",
        "numpy/_core/_simd.cpython-313-x86_64-linux-gnu.so",
        "numpy/_core/_rational_tests.cpython-313-x86_64-linux-gnu.so",
        "numpy/_core/include/numpy/arrayobject.h",
        "onnxruntime/transformers/optimizer.py",
        "pillow-13.0.0.dist-info/RECORD",
    ],
)
def test_what_does_not_run_is_left_out(name):
    assert not contents.kept(name)


def test_of_a_services_descriptions_the_newest_is_kept(tmp_path):
    for name in ("s3/2006-03-01", "cloudfront/2014-05-31", "cloudfront/2020-05-31", "ec2/2016-11-15"):
        (tmp_path / "botocore/data" / name).mkdir(parents=True)
        (tmp_path / "botocore/data" / name / "service-2.json.gz").write_bytes(b"")
    (tmp_path / "botocore/data/endpoints.json").write_bytes(b"")
    assert sorted(contents.dependencies(tmp_path)) == [
        "botocore/data/cloudfront/2020-05-31/service-2.json.gz",
        "botocore/data/endpoints.json",
        "botocore/data/s3/2006-03-01/service-2.json.gz",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        'KEY = "AKIAIOSFODNN7EXAMPLE"',
        "DATABASE_URL = 'postgres://admin:hunter2@db.example.com/x'",
    ],
)
def test_a_text_with_a_key_or_a_password_is_refused(text):
    with pytest.raises(Refused, match=r"room/module\.py"):
        contents.check("room/module.py", text.encode())


@pytest.mark.parametrize("name", [".env", "production.env", "key.pem", "db.sqlite3", "credentials.json"])
def test_a_file_that_is_named_like_a_secret_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "ROOT", tmp_path)
    for room in contents.ROOMS:
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").write_text("")
    assert sorted(contents.rooms()) == [f"{room}/__init__.py" for room in sorted(contents.ROOMS)]
    (tmp_path / "aliases" / name).write_text("")
    with pytest.raises(Refused, match=f"aliases/{name}"):
        contents.rooms()


def test_the_rooms_themselves_hold_no_secret():
    assert {name.partition("/")[0] for name in contents.rooms()} == set(contents.ROOMS)
