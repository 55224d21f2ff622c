"""S3's notifications, as S3 writes them."""

from typing import Any


def notification(*keys: str, happened: str = "ObjectCreated:Put", location: str = "acme-photos") -> dict[str, Any]:
    """As docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html has it. Keys are escaped."""
    return {
        "Records": [
            {
                "eventVersion": "2.3",
                "eventSource": "aws:s3",
                "awsRegion": "eu-west-1",
                "eventTime": "2026-01-01T00:00:00.000Z",
                "eventName": happened,
                "userIdentity": {"principalId": "AWS:AROAEXAMPLE"},
                "requestParameters": {"sourceIPAddress": "192.0.2.1"},
                "responseElements": {"x-amz-request-id": "X", "x-amz-id-2": "Y"},
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "configurationId": "imageservice-production-admin",
                    "bucket": {
                        "name": location,
                        "ownerIdentity": {"principalId": "A3"},
                        "arn": f"arn:aws:s3:::{location}",
                    },
                    "object": {"key": key, "size": 1024, "eTag": "d41d8cd98f00b204e9800998ecf8427e", "sequencer": "0A"},
                },
            }
            for key in keys
        ]
    }
