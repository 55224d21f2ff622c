"""Metrics: declared once, for CloudWatch in the log's lines and for Prometheus at /-/metrics."""
