"""The parts of the control plane that are for AWS alone: IAM policies, and static files in S3."""
