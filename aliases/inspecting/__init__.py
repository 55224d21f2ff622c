"""Inspecting URLs: what any URL stands for, what clients get for it and why; and what would be right where it fails."""
