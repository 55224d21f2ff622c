"""The admin's pages of buckets: form, test, impact and decision of a change."""
