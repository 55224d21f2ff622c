"""The admin's static files under hashed names, as `collectstatic` writes them."""

import re

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

from aliases.aws.static_storage import StaticStorage
from tests.tracked import ROOT

MODULES = ROOT / "aliases/static/aliases"
IMPORT = re.compile(r'^import .* from "\./(.*)";$', re.MULTILINE)


@pytest.fixture
def collected(tmp_path, settings):
    settings.STATIC_ROOT = str(tmp_path)
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "imageservice.static_files.StaticFiles"},
    }
    call_command("collectstatic", verbosity=0, interactive=False)
    return tmp_path / "aliases"


def test_a_module_is_imported_by_the_one_name_that_pages_have_for_it(collected):
    imported = 0
    for source in MODULES.glob("*.js"):
        (hashed,) = (path for path in collected.glob(f"{source.stem}.*.js") if path.stem.startswith(f"{source.stem}."))
        for plain, name in zip(IMPORT.findall(source.read_text()), IMPORT.findall(hashed.read_text()), strict=True):
            imported += 1
            assert name != plain, source
            assert (collected / name).exists()
            assert staticfiles_storage.url(f"aliases/{plain}").endswith(f"/{name}")
    assert imported > 20


def test_so_it_is_in_a_bucket():
    assert StaticStorage.support_js_module_import_aggregation
