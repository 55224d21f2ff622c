"""The AWS resources that Zappa does not create: CloudFormation templates, and the functions that run in CloudFront."""
