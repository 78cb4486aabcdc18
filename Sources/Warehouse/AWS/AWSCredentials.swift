/// What requests are signed with.
public struct AWSCredentials: Sendable, Equatable {
  /// The access key's identifier. Not secret by itself, and not shown all the same.
  public var accessKey: Secret
  /// The secret of the access key.
  public var secretKey: Secret
  /// The token of a temporary key.
  public var sessionToken: Secret?
  /// When a temporary key ends.
  public var expiration: Timestamp?
  /// Where they were found, in words: "the profile work".
  public var origin: String

  /// Credentials from `origin`.
  public init(
    accessKey: Secret, secretKey: Secret, sessionToken: Secret? = nil,
    expiration: Timestamp? = nil, origin: String
  ) {
    self.accessKey = accessKey
    self.secretKey = secretKey
    self.sessionToken = sessionToken
    self.expiration = expiration
    self.origin = origin
  }

  /// What of them must not come back in an answer's words.
  var secrets: [Secret] { [sessionToken, secretKey, accessKey].compactMap { $0 } }
}
