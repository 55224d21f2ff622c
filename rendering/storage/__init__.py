"""Places that hold pictures and documents: folders and S3 buckets, with the same guarantees."""
