"""S3 buckets, also of other AWS accounts and of other makes, by boto3."""
