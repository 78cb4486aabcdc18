/// What of AWS's own words may be shown.
///
/// AWS repeats requests: to a wrong signature the query and JSON services answer with the string that
/// they signed, `x-amz-security-token:` and its value in it (aws/aws-sdk-js#2372), and to an incomplete
/// one with the header `Authorization`.
enum AWSWords {
  /// Refusals of a signature say what matters in one line; what follows is the request.
  private static let longestRefusal = 200

  /// - Parameters:
  ///   - isAboutSignature: whether it refuses a signature.
  ///   - secrets: what was sent and must not come back.
  static func shown(
    _ message: String, isAboutSignature: Bool, hiding secrets: [Secret]
  ) -> String {
    var text = message[..<(message.firstMatch(of: request)?.range.lowerBound ?? message.endIndex)]
    if isAboutSignature { text = text.prefix { !$0.isNewline }.prefix(longestRefusal) }
    let isCut = text.endIndex < message.endIndex
    while text.last?.isWhitespace == true { text.removeLast() }
    var shown = String(text)
    for secret in secrets where !secret.isEmpty {
      shown = shown.replacing(secret.reveal(), with: Configuration.mask)
    }
    return isCut ? shown + " …" : shown
  }

  /// Where a message begins to repeat the request.
  private static var request: some RegexComponent {
    /(?i)x-amz-security-token|the canonical string|the string-to-sign|authorization( header:|=)|aws4-hmac-sha256|credential=|signature=/
  }
}
