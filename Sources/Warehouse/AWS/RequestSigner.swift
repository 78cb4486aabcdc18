/// AWS Signature Version 4 in the Authorization header (AWS General Reference, "Signature Version
/// 4"; the rules for S3's paths in the S3 API reference, "Authenticating Requests").
struct RequestSigner: Sendable {
  /// The service's signing name, `s3` or `redshift`.
  let service: String
  let region: String

  /// Adds the headers that sign `request` as it stands. Sign at send time, and again for each try.
  ///
  /// - Throws: `.configuration` when a header holds a line break: it would end the header.
  func sign(
    _ request: inout HTTPRequest, with credentials: AWSCredentials, at time: Timestamp
  ) throws(WarehouseError) {
    let bodyHash = Digest.sha256(request.body).hex
    request.headers.append(("X-Amz-Date", time.signingText))
    if service == "s3" { request.headers.append(("X-Amz-Content-SHA256", bodyHash)) }
    if let token = credentials.sessionToken {
      request.headers.append(("X-Amz-Security-Token", token.reveal()))
    }
    try Self.requireOneLine(request.headers)
    let canonical = canonicalRequest(request, bodyHash: bodyHash)
    let scope = "\(time.signingText.prefix(8))/\(region)/\(service)/aws4_request"
    let text = [
      "AWS4-HMAC-SHA256", time.signingText, scope, Digest.sha256(canonical.text.utf8).hex,
    ].joined(separator: "\n")
    var key = Array("AWS4\(credentials.secretKey.reveal())".utf8)
    for part in scope.split(separator: "/") { key = Digest.hmac(part.utf8, key: key) }
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
    value.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
  }

  private static func requireOneLine(
    _ headers: [(name: String, value: String)]
  ) throws(WarehouseError) {
    let bad = headers.first { header in
      (header.name + header.value).utf8.contains { $0 == 10 || $0 == 13 || $0 == 0 }
    }
    guard let bad else { return }
    throw WarehouseError(
      .configuration, "could not sign a request",
      detail: "the value of \(bad.name) has a line break",
      hint:
        "Look at where the key, the token or the name comes from: a line break was copied along.")
  }
}

extension Timestamp {
  /// `20181101T205710Z`.
  var signingText: String {
    "\(dateText.filter { $0 != "-" })T\(clockText.filter { $0 != ":" })Z"
  }
}
