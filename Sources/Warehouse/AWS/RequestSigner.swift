import Synchronization

/// AWS Signature Version 4 in the Authorization header (AWS General Reference, "Signature Version
/// 4"; the rules for S3's paths in the S3 API reference, "Authenticating Requests").
struct RequestSigner: Sendable {
  /// The service's signing name, `s3` or `redshift`.
  let service: String
  let region: String
  /// The keys of the day, kept for the next request; nil makes them anew.
  var keys: SigningKeys?

  /// Adds the headers that sign `request` as it stands. Sign at send time, and again for each try.
  ///
  /// - Throws: `.configuration` when a header holds a line break: it would end the header.
  func sign(
    _ request: inout HTTPRequest, with credentials: AWSCredentials, at time: Timestamp
  ) throws(WarehouseError) {
    let bodyHash = Digest.sha256(request.body).hex
    let stamp = time.signingText
    request.headers.append(("X-Amz-Date", stamp))
    if service == "s3" { request.headers.append(("X-Amz-Content-SHA256", bodyHash)) }
    if let token = credentials.sessionToken {
      request.headers.append(("X-Amz-Security-Token", token.reveal()))
    }
    try Self.requireOneLine(request.headers)
    let canonical = canonicalRequest(request, bodyHash: bodyHash)
    let scope = "\(stamp.prefix(8))/\(region)/\(service)/aws4_request"
    let text = [
      "AWS4-HMAC-SHA256", stamp, scope, Digest.sha256(canonical.text.utf8).hex,
    ].joined(separator: "\n")
    let key =
      keys?.key(of: credentials, for: scope) ?? SigningKeys.make(of: credentials, for: scope)
    let signature = Digest.hmac(text.utf8, key: key).hex
    let authorization =
      "AWS4-HMAC-SHA256 Credential=\(credentials.accessKey.reveal())/\(scope), "
      + "SignedHeaders=\(canonical.signedHeaders), Signature=\(signature)"
    request.headers.append(("Authorization", authorization))
  }

  /// What is hashed and signed, and the names of the headers in it.
  func canonicalRequest(
    _ request: HTTPRequest, bodyHash: String
  ) -> (text: String, signedHeaders: String) {
    // S3 signs the path as it is sent; every other service encodes it once more.
    let path =
      service == "s3" ? request.path : PercentEncoding.encode(request.path, keepingSlashes: true)
    var values: [String: [String]] = ["host": [request.host]]
    for (name, value) in request.headers {
      values[name.lowercased(), default: []].append(Self.squeezed(value))
    }
    let names = values.keys.sorted()
    let headers = names.map { "\($0):\(values[$0, default: []].joined(separator: ","))\n" }
    let signed = names.joined(separator: ";")
    let parts = [
      request.method, path, request.canonicalQuery, headers.joined(), signed, bodyHash,
    ]
    return (parts.joined(separator: "\n"), signed)
  }

  /// Without blanks around it, and one where there are several.
  private static func squeezed(_ value: String) -> String {
    guard value.utf8.contains(where: { $0 == UInt8(ascii: " ") || $0 == 9 }) else { return value }
    return value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  private static func requireOneLine(
    _ headers: [(name: String, value: String)]
  ) throws(WarehouseError) {
    func isBroken(_ text: String) -> Bool {
      text.utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }
    }
    let bad = headers.first { isBroken($0.name) || isBroken($0.value) }
    guard let bad else { return }
    throw WarehouseError(
      .configuration, "could not sign a request",
      detail: "the value of \(bad.name) has a line break",
      hint:
        "Look at where the key, the token or the name comes from: a line break was copied along.")
  }
}

/// The key that a day's requests are signed with, kept for each scope: it takes four of the five
/// hashes of a signature.
final class SigningKeys: Sendable {
  private struct Known: Sendable {
    var secret: Secret
    var key: [UInt8]
  }

  private static let kept = 32
  private let known = Mutex<[String: Known]>([:])

  func key(of credentials: AWSCredentials, for scope: String) -> [UInt8] {
    if let found = known.withLock({ $0[scope] }), found.secret == credentials.secretKey {
      return found.key
    }
    let key = Self.make(of: credentials, for: scope)
    known.withLock { known in
      if known.count >= Self.kept { known = [:] }
      known[scope] = Known(secret: credentials.secretKey, key: key)
    }
    return key
  }

  static func make(of credentials: AWSCredentials, for scope: String) -> [UInt8] {
    var key = Array("AWS4\(credentials.secretKey.reveal())".utf8)
    for part in scope.split(separator: "/") { key = Digest.hmac(part.utf8, key: key) }
    return key
  }
}

extension Timestamp {
  /// `20181101T205710Z`.
  var signingText: String {
    let date = date
    let seconds = millisecondOfDay / 1000
    var digits: [UInt8] = []
    func append(_ number: Int, _ places: Int) {
      var power = (1..<places).reduce(1) { power, _ in power * 10 }
      while power > 0 {
        digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number / power % 10))
        power /= 10
      }
    }
    append(date.year, 4)
    append(date.month, 2)
    append(date.day, 2)
    digits.append(UInt8(ascii: "T"))
    append(seconds / 3600, 2)
    append(seconds / 60 % 60, 2)
    append(seconds % 60, 2)
    digits.append(UInt8(ascii: "Z"))
    return String(decoding: digits, as: UTF8.self)
  }
}
