"""The pictures of the admin in README.md and docs/: `make screenshots` takes them, of a demo with a history."""
