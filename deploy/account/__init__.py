"""What is made in an AWS account: stacks, functions, rights, secrets, notifications."""
