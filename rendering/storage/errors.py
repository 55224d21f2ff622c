"""What can go wrong with a store.

StorageError
├── Missing          there is no such object
├── Changed          the object is no longer the version that was asked for
├── Archived         the object is in a storage class that must be restored before reading
├── Denied           access denied, without a reason. In S3 without the right to list, also: no such object
├── BadCredentials   there are no credentials, they are rejected, or the role cannot be assumed
├── WrongClock       this machine's clock is so far off that S3 rejects its signatures
├── ClosedAccount    the AWS account is closed, suspended or not signed up
├── Encrypted        the key that encrypts the object may not be used, or is disabled
├── RequesterPays    the requester must pay, and the place is not set to requester pays
├── Misconfigured    the place is not where its settings say: no such bucket, another region, not S3
│   └── NotAllowed    the deployment's settings do not allow such a place. The message is a sentence for staff
├── Away             the store throttles requests, or does not respond
│   └── LeftAlone    it was slow to respond to others, and is not asked for the moment
├── TooLate          the store did not respond in time
└── Nonsense         the response is invalid, such as a truncated body

The messages are for the log: they may name physical places. Viewers get the sentences of `rendering/http/causes.py`.
"""


class StorageError(Exception):
    code = "storage_error"


class Missing(StorageError):
    code = "storage_missing"


class Changed(StorageError):
    code = "original_changed"


class Archived(StorageError):
    code = "storage_archived"


class Denied(StorageError):
    code = "storage_denied"


class BadCredentials(StorageError):
    code = "storage_credentials"


class WrongClock(StorageError):
    code = "storage_clock"


class ClosedAccount(StorageError):
    code = "storage_account"


class Encrypted(StorageError):
    code = "storage_encrypted"


class RequesterPays(StorageError):
    code = "storage_requester_pays"


class Misconfigured(StorageError):
    code = "storage_misconfigured"


class NotAllowed(Misconfigured):
    """The code says no more than that of its base: viewers need not know how buckets are limited."""


class Away(StorageError):
    code = "storage_away"


class LeftAlone(Away):
    code = "storage_left_alone"


class TooLate(StorageError):
    code = "storage_too_late"


class Nonsense(StorageError):
    code = "storage_nonsense"
