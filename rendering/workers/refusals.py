"""Refusals: what was found wrong with a picture, remembered by its key, so that asking again costs nothing.

A derivative's key stands for the original's bytes and the recipe; with the limits it decides what is refused. A refusal
is remembered for minutes only, since bytes may also have been broken on the way. All processes that were forked from
one, as gunicorn's are, share one table in memory, of fixed size: a new refusal takes the slot of an older one.
"""

import json
import mmap
import struct
import time
import zlib
from hashlib import sha256

from ..imaging.errors import BadDocument, BrokenPicture, PictureError, errors_by_code

#: A slot: the CRC of the rest, the hash of the key, when it ends (seconds of the wall clock), the length of the text.
#: Two processes may write into one slot at once; the CRC tells.
HEAD = struct.Struct("!I8sdH")
SLOT, SLOTS = 512, 4096

#: Seconds for which a refusal is remembered: of a file that may have been broken on the way, and of all others.
BROKEN, OTHERS = 15.0, 900.0

_table = mmap.mmap(-1, SLOT * SLOTS)


def remember(key: str, error: PictureError) -> None:
    """Remember why no picture can be made for a key."""
    if isinstance(error, BadDocument):
        return  # a fault of the service
    age = BROKEN if isinstance(error, BrokenPicture) else OTHERS
    text = json.dumps([error.code, str(error)]).encode()
    if len(text) > SLOT - HEAD.size:
        return
    offset, name = slot_of(key)
    rest = HEAD.pack(0, name, time.time() + age, len(text))[4:] + text
    _table[offset : offset + 4 + len(rest)] = struct.pack("!I", zlib.crc32(rest)) + rest


def raise_remembered(key: str) -> None:
    """Raise the error that is remembered for a key, if any."""
    offset, name = slot_of(key)
    crc, found, end, length = HEAD.unpack_from(_table, offset)
    if found != name or not 0 <= end - time.time() <= OTHERS or length > SLOT - HEAD.size:
        return
    slot = _table[offset + 4 : offset + HEAD.size + length]
    if zlib.crc32(slot) == crc:
        code, message = json.loads(slot[HEAD.size - 4 :])
        raise errors_by_code()[code](message)


def slot_of(key: str) -> tuple[int, bytes]:
    """The offset of a key's slot, and the hash by which the slot is known to be its."""
    hashed = bytes.fromhex(sha256(key.encode()).hexdigest())
    return int.from_bytes(hashed[:4], "big") % SLOTS * SLOT, hashed[4:12]


def forget() -> None:
    """Forget all refusals, as in a new process. For tests."""
    _table[:] = bytes(SLOT * SLOTS)
