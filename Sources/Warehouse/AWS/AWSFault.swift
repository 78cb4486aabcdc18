/// An error that AWS answered with, whatever form it came in.
struct AWSFault: Sendable, Equatable {
  var status: Int
  /// AWS's name of the error: "NoSuchKey"; "HTTP 502" when the answer has none.
  var code: String
  var message: String?
  var requestID: String?
  /// The region that a bucket is in, when the answer says so.
  var region: String?
  /// Whether the answer ends before it says what is wrong: AWS's always say it.
  var isCut = false

  /// What went wrong, and so what to do next.
  enum Nature: Sendable, Equatable {
    /// Again soon.
    case transient
    /// Again later: we ask too often.
    case throttling
    /// The clocks differ.
    case clock
    /// The temporary key has ended.
    case expired
    /// Another region has it.
    case region
    /// Nobody but a person can help.
    case final
  }

  /// The fault in an answer; nil when the answer is none.
  init?(_ response: HTTPResponse, form: AWSService.Form) {
    let document = Self.xmlFault(response.body)
    // S3 says some errors under 200, after it began to answer.
    guard response.status >= 300 || (form == .restXML && document != nil) else { return nil }
    status = response.status
    requestID =
      response[header: "x-amz-request-id"] ?? response[header: "x-amzn-requestid"]
    region = response[header: "x-amz-bucket-region"]
    code = "HTTP \(response.status)"
    if let document {
      code = document.text("Code") ?? code
      message = document.text("Message")
      region = region ?? document.text("Region")
    } else if let json = JSONValue(parsing: response.body) {
      code = json["__type"]?.text.map(Self.bareName) ?? code
      message = json["message"]?.text ?? json["Message"]?.text
    }
    if let type = response[header: "x-amzn-errortype"] { code = Self.bareName(type) }
    isCut = code.hasPrefix("HTTP ") && Self.isCut(response.body)
  }

  /// The element with `Code` and `Message`, in any of the four places where services put it.
  private static func xmlFault(_ body: [UInt8]) -> XMLElement? {
    // Most bodies are objects, which need not be read for this.
    let first = body.first { $0 > UInt8(ascii: " ") }
    guard first == UInt8(ascii: "<") || first == 0xEF, let root = XMLElement(parsing: body) else {
      return nil
    }
    switch root.name {
    case "Error": return root
    case "ErrorResponse": return root["Error"]
    case "Response": return root["Errors"]?["Error"]
    default: return nil
    }
  }

  /// Whether a body begins like a document and is none.
  private static func isCut(_ body: [UInt8]) -> Bool {
    switch body.first(where: { $0 > UInt8(ascii: " ") }) {
    case UInt8(ascii: "<"): XMLElement(parsing: body) == nil
    case UInt8(ascii: "{"): JSONValue(parsing: body) == nil
    default: false
    }
  }

  /// `Name` of `namespace#Name:http://…`.
  private static func bareName(_ type: String) -> String {
    let name = type.split(separator: "#").last ?? ""
    return String(name.prefix { $0 != ":" })
  }

  var nature: Nature {
    if Self.throttling.contains(code) { return .throttling }
    if Self.clock.contains(code) || isStaleSignature { return .clock }
    if ["ExpiredToken", "ExpiredTokenException"].contains(code) { return .expired }
    if [301, 307].contains(status) || Self.region.contains(code) { return .region }
    let isTheirs = [500, 502, 503, 504].contains(status) || Self.transient.contains(code)
    if isCut || isTheirs { return .transient }
    return status == 429 ? .throttling : .final
  }

  private var isStaleSignature: Bool {
    guard code == "InvalidSignatureException" || code == "SignatureDoesNotMatch" else {
      return false
    }
    let message = message?.lowercased() ?? ""
    return message.contains("expired") || message.contains("not yet current")
  }

  private static let transient: Set = [
    "RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete", "InternalError",
    "IDPCommunicationError",
  ]
  private static let throttling: Set = [
    "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
    "RequestThrottledException", "TooManyRequestsException", "RequestLimitExceeded",
    "BandwidthLimitExceeded", "LimitExceededException", "ProvisionedThroughputExceededException",
    "TransactionInProgressException", "SlowDown", "EC2ThrottledException",
  ]
  /// EC2 says the last one also of a temporary key that has ended (aws/aws-sdk-go#253).
  private static let clock: Set = ["RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired"]
  private static let region: Set = [
    "PermanentRedirect", "TemporaryRedirect", "AuthorizationHeaderMalformed",
    "IllegalLocationConstraintException",
  ]

  // MARK: For people

  /// The error for the person who can act on it.
  ///
  /// - Parameters:
  ///   - credentials: what the request was signed with; nil when it was not.
  ///   - secrets: what else was sent and must not come back.
  func error(
    _ what: String, signedWith credentials: AWSCredentials?, hiding secrets: [Secret] = []
  ) -> WarehouseError {
    let origin = credentials?.origin
    let words = message.map { message in
      AWSWords.shown(
        message, isAboutSignature: isAboutSignature,
        hiding: secrets + (credentials?.secrets ?? []))
    }
    var said = code + (words.map { ": " + $0 } ?? "")
    if let requestID { said += " (request \(requestID))" }
    var error = WarehouseError(kind, "could not \(what)", detail: said, hint: hint(origin))
    error.serviceCode = code
    return error
  }

  /// Whether it refuses what the request was signed with, and so may repeat the request.
  private var isAboutSignature: Bool {
    Self.credentials.contains(code) || code.hasPrefix("IncompleteSignature")
  }

  private var kind: WarehouseError.Kind {
    switch code {
    case _ where Self.credentials.contains(code): .configuration
    case "NoSuchBucket", "NoSuchKey", "InvalidObjectState", "PreconditionFailed", "InvalidRange",
      "HTTP 404":
      .input
    case _ where nature == .throttling || nature == .transient: .connection
    default: .server
    }
  }

  private static let credentials: Set = [
    "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch", "AuthFailure",
    "InvalidToken", "ExpiredToken", "ExpiredTokenException", "UnrecognizedClientException",
    "InvalidSignatureException", "RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired",
    "MissingAuthenticationToken", "MissingAuthenticationTokenException",
  ]

  private func hint(_ origin: String?) -> String {
    let keys = origin.map { "the keys of \($0)" } ?? "anonymous access"
    switch code {
    case "RequestTimeTooSkewed", "RequestInTheFuture":
      return "Set this machine's clock: AWS's is more than 15 minutes off."
    case "RequestExpired":
      return "Set this machine's clock if it is wrong; else sign in again, or renew \(keys)."
    case _ where nature == .expired:
      return "The temporary key has ended: sign in again, or renew \(keys)."
    case _ where Self.credentials.contains(code):
      return "AWS does not accept \(keys): correct them."
    case "AllAccessDisabled", "HTTP 403", "HTTP 401", "UnauthorizedOperation",
      _ where code.hasPrefix("AccessDenied"):
      return origin == nil
        ? "This is not open to everybody: ask with keys that may do it."
        : "AWS knows \(keys), but they may not do this: ask for the permission, or use others."
    case "NoSuchBucket": return "Look at the bucket's name, and at the endpoint."
    case "NoSuchKey", "HTTP 404": return "It was there when it was listed, or its name is wrong."
    case "InvalidObjectState":
      return "The object is archived (Glacier): restore it first, or leave it out."
    case "PreconditionFailed": return "The object changed while it was read: start again."
    case _ where nature == .region: return "Set AWS.REGION to the bucket's region."
    case _ where nature == .throttling: return "AWS asks for fewer requests: try again later."
    case _ where nature == .transient: return "AWS has a fault of its own: try again later."
    default: return "Look up \(code) in the documentation of the service."
    }
  }
}
