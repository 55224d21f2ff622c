"""The audit log: what is recorded, of whom, and how it is handed out."""
