"""Places that hold pictures and documents: folders and S3 buckets, behind one interface with the same guarantees."""
