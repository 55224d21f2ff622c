"""What can go wrong with a store.

StorageError
├── Missing          there is no such object
├── Changed          the object is no longer the version that was asked for
├── Archived         the object is in a storage class that has to be restored before it can be read
├── Denied           a refusal without a reason: no right to it or, where S3 may not list, no such object
├── BadCredentials   the service has no credentials, or such as are not accepted, or may not assume its role
├── WrongClock       the clock of this machine is so wrong that S3 refuses its signatures
├── ClosedAccount    the AWS account has a problem of its own
├── Encrypted        the key that the object is encrypted with may not be used
├── RequesterPays    who asks has to pay, and the place does not say so
├── Misconfigured    the place is not where it is said to be: no such bucket, another region, no S3
├── Away             throttled, or nobody answers
├── TooLate          no answer in time
└── Nonsense         an answer that cannot be right, such as a cut body

The messages are for the log: they may name physical places. Viewers get the sentences of `causes.py`.
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


class Away(StorageError):
    code = "storage_away"


class TooLate(StorageError):
    code = "storage_too_late"


class Nonsense(StorageError):
    code = "storage_nonsense"
