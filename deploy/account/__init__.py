"""What a deployment creates in an AWS account: stacks, functions, permissions, a secret, notifications."""
