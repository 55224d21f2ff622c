"""From a checkout to a service on AWS. Runs on a developer's machine or in CI, never in the service itself."""
