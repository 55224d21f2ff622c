"""What publishing one alias costs among others, as `growth.py` tells: CPU time, memory, and bytes written.

Each figure is of a process of its own, on a database and a folder of its own.
"""

import ctypes
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent


def cost_among(number: int) -> dict[str, float]:
    """What publishing one alias costs among that many: `cpu_s`, `peak_mb` and `bytes`."""
    with tempfile.TemporaryDirectory() as folder:
        child(folder, "fill", number)
        return child(folder, "publish", number)


def child(folder: str, step: str, number: int) -> dict[str, float]:
    code = f"from benchmarks import publishing; publishing.run({step!r}, {folder!r}, {number})"
    environment = {
        **os.environ,
        "PLANE": "admin",
        "ENVIRONMENT": "local",
        "DATABASE_URL": f"sqlite:///{folder}/db.sqlite3",
        "CATALOGUE_URL": f"file://{folder}/catalogue",
        "DERIVATIVES_URL": f"file://{folder}/derivatives",
        "DJANGO_SETTINGS_MODULE": "imageservice.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=environment, stdout=subprocess.PIPE, check=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(step: str, folder: str, number: int) -> None:
    """In the child: fill the database, or publish and print what it cost."""
    import django

    django.setup()
    print(json.dumps({"fill": fill, "publish": publish}[step](Path(folder), number)))


def fill(folder: Path, number: int) -> dict[str, float]:
    from django.core.management import call_command

    from aliases.models import Alias, Bucket, BucketPlace, Revision
    from aliases.publishing.sending import write_catalogue

    call_command("migrate", verbosity=0)
    (folder / "originals").mkdir()
    bucket = Bucket.objects.create(name="photos")
    BucketPlace.objects.create(bucket=bucket, environment="local", kind="folder", location=str(folder / "originals"))
    Alias.objects.bulk_create(
        Alias(
            name=f"group-{one % 100}/alias-{one}", bucket=bucket, width=100 + one % 800, height=90, live_bucket=bucket
        )
        for one in range(number)
    )
    made = list(Alias.objects.all())
    Revision.objects.bulk_create(Revision(alias=alias, number=1, content=alias.content()) for alias in made)
    revisions = dict(Revision.objects.values_list("alias_id", "pk"))
    for alias in made:
        alias.live_id = revisions[alias.pk]
    Alias.objects.bulk_update(made, ["live"], batch_size=500)
    write_catalogue()
    return {}


def publish(folder: Path, number: int) -> dict[str, Any]:
    from aliases.models import Alias
    from aliases.publishing import publishing

    # Once before, so that what is imported and compiled at first is not counted.
    publishing.publish(changed(0), None)
    alias = changed(number - 1)
    before, peak = files(folder / "catalogue"), reset_peak()
    started = time.process_time()
    publishing.publish(alias, None)
    cost = time.process_time() - started
    after = files(folder / "catalogue")
    written = sum(size for name, (size, stamp) in after.items() if before.get(name) != (size, stamp))
    assert Alias.objects.get(pk=alias.pk).live.number == 2  # type: ignore[union-attr]
    return {"cpu_s": round(cost, 3), "peak_mb": round(peak_since() - peak, 1), "bytes": written}


def changed(number: int) -> Any:
    """The alias of that number with another draft than is live."""
    from aliases.models import Alias

    alias = Alias.objects.get(name=f"group-{number % 100}/alias-{number}")
    alias.width = 50
    alias.save()
    return alias


def files(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(one): (one.stat().st_size, one.stat().st_mtime_ns) for one in folder.rglob("*") if one.is_file()}


def reset_peak() -> float:
    """Begin to measure the peak of resident memory anew; return what is resident now, in megabytes."""
    ctypes.CDLL("libc.so.6").malloc_trim(0)  # what was freed before would be used again, and not be seen
    Path("/proc/self/clear_refs").write_text("5")
    return peak_since()


def peak_since() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
