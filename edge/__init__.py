"""What AWS has that Zappa does not make: CloudFormation templates, and the functions that run in CloudFront."""
