"""Comparing an older image service with this one, by the paths of an access log: asking, judging, the report."""
