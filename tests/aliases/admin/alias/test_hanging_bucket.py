"""While a bucket hangs, drafts are opened and saved all the same: neither asks it for anything."""

import pytest

from rendering.storage.folders import FolderStorage
from tests.aliases.forms import form_of, page

pytestmark = pytest.mark.django_db


def test_opening_and_saving_a_draft_asks_no_bucket(admin, alias, service, monkeypatch):
    asked = []
    for name in ("stat", "read", "browse", "reach", "keys"):
        real = getattr(FolderStorage, name)

        def noted(self, *args, _name=name, _real=real, **kwargs):
            if str(self.location).startswith(str(service.originals)):
                asked.append((_name, *args))
            return _real(self, *args, **kwargs)

        monkeypatch.setattr(FolderStorage, name, noted)
    change = page("alias_change", alias.pk)
    assert admin.get(change).status_code == 200
    saved = admin.post(change, form_of(alias, width=70, notes="typed while it hung") | {"_continue": "1"})
    assert saved.status_code == 302
    alias.refresh_from_db()
    assert (alias.width, alias.notes) == (70, "typed while it hung")
    assert admin.get(page("alias_add")).status_code == 200
    assert asked == []
    admin.get(page("bucket_keys", alias.bucket_id))
    assert asked  # what does ask is noticed
