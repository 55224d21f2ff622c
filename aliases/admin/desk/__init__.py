"""The desk, the admin's first page: what needs attention, which drafts wait, what is on its way, what changed last."""
