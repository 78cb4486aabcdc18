"""Amazon's cloud for tests: S3, IAM, EC2, Redshift's control plane and Redshift's SQL, on the loopback.

Nothing here was tried against Amazon's own services. Each rule follows their documentation; `dg/NAME`
in a comment is a page of the Amazon Redshift Database Developer Guide.
"""
