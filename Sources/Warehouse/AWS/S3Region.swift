extension S3Client {
  /// The region that a bucket is in, as S3 says it even to those who may not look into the bucket;
  /// nil when it does not say.
  public func region(
    of bucket: String, _ cancellation: Cancellation = Cancellation()
  ) -> String? {
    var call = AWSCall(.s3, "HeadBucket", purpose: "find the region of \(bucket)", bucket: bucket)
    call.method = "HEAD"
    return (try? client.send(call, cancellation))?[header: "x-amz-bucket-region"]
  }
}
