"""S3 buckets as stores, by boto3: of AWS, of other AWS accounts, and of servers that are compatible with S3."""
