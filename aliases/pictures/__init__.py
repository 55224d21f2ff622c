"""Pictures for staff: previews of drafts, health of live aliases, measuring a visual quality."""
