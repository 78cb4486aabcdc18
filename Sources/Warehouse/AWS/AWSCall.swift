/// One operation of a service, before it is addressed and signed.
struct AWSCall: Sendable {
  let service: AWSService
  /// The operation's name, for messages and the log: "ListObjectsV2".
  let operation: String
  var method = "GET"
  /// Percent-encoded, with `/` in front; of S3, without the bucket.
  var path = "/"
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// The bucket that the path is in; S3 alone.
  var bucket: String?
  /// What is asked for, in the words of an error: "list s3://bucket/prefix".
  var purpose: String
  /// Whether doing it twice does the same as once.
  var isRepeatable = true
  /// Whether a call that went well stays out of the command log: one of thousands.
  var isQuiet = false
  /// What is asked for, for the command log: parameters, without secrets.
  var words: String?
  /// Values of it that no error may repeat.
  var secrets: [Secret] = []
  /// Whether it goes without a signature, whatever the credentials.
  var isUnsigned = false
  /// What is wrong with an answer that says it is fine, such as bytes that were lost on the way;
  /// nil when nothing is. A damaged answer is asked for again.
  var damage: (@Sendable (HTTPResponse) -> WarehouseError?)?

  init(
    _ service: AWSService, _ operation: String, purpose: String, bucket: String? = nil
  ) {
    self.service = service
    self.operation = operation
    self.purpose = purpose
    self.bucket = bucket
  }
}
