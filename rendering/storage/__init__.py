"""Stores of pictures and documents: folders and S3 buckets, with one interface and the same guarantees."""
