"""What of the control plane is AWS's: IAM policies, static files in S3."""
