import pytest

from deploy.package import locks
from deploy.stages import ROOT, Refused

LOCK = """\
big==2.0 ; sys_platform != 'win32' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via -r requirements.in
only-bigs==1.0 \\
    --hash=sha256:cc
    # via big
shared==1.0 \\
    --hash=sha256:dd
    # via
    #   big
    #   small
small[extra]==1.5 \\
    --hash=sha256:ee
    # via -r requirements.in
"""


@pytest.fixture
def lock(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text(LOCK)
    return locks.read(path)


def test_a_lock_is_read_with_versions_hashes_and_reasons(lock):
    assert {name: one.version for name, one in lock.items()} == {
        "big": "2.0",
        "only-bigs": "1.0",
        "shared": "1.0",
        "small": "1.5",
    }
    assert lock["shared"].parents == ("big", "small")
    assert lock["big"].text == LOCK.partition("    # via")[0]


def test_what_is_left_out_takes_along_what_only_it_needs(lock):
    assert list(locks.without(lock, ["big"])) == ["shared", "small"]
    assert list(locks.without(lock, ["big", "small"])) == []


def test_nothing_left_out_is_all_of_it(lock):
    assert list(locks.without(lock, ["unheard-of"])) == list(lock)


def test_a_package_without_a_hash_is_refused(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("naked==1.0\n    # via -r requirements.in\n")
    with pytest.raises(Refused, match="no hash for naked"):
        locks.read(path)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-deploy.txt"])
def test_the_projects_own_locks_are_read_whole(name):
    text = (ROOT / name).read_text()
    lock = locks.read(ROOT / name)
    assert sum(one.text.count("==") for one in lock.values()) == text.count("==")
    assert locks.without(lock, []) == lock


def test_a_package_of_two_versions_keeps_both_for_pip_to_choose(tmp_path):
    lock = tmp_path / "lock.txt"
    lock.write_text(
        "numpy==1.0 ; python_full_version < '3.12' \\\n    --hash=sha256:aa\n    # via onnxruntime\n"
        "numpy==2.0 ; python_full_version >= '3.12' \\\n    --hash=sha256:bb\n    # via onnxruntime\n"
    )
    numpy = locks.read(lock)["numpy"]
    assert numpy.version == "2.0"
    assert [word for word in ("1.0", "aa", "2.0", "bb") if word in numpy.text] == ["1.0", "aa", "2.0", "bb"]
    assert numpy.parents == ("onnxruntime",)


def test_gunicorn_is_left_out_and_packaging_stays_for_who_else_needs_it():
    kept = locks.without(locks.read(ROOT / "requirements.txt"), ["gunicorn"])
    assert "gunicorn" not in kept
    assert {"django", "pillow", "boto3", "psycopg-binary", "packaging"} <= set(kept)
