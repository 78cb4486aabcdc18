/// One object as a bucket lists it.
public struct S3Object: Sendable, Equatable {
  /// Its key: any text.
  public var key: String
  /// Its size in bytes.
  public var size: Int
  /// When it was last written.
  public var modified: Timestamp
}

/// A page of a bucket's listing, in the byte order of the keys.
public struct S3Page: Sendable, Equatable {
  /// The objects.
  public var objects: [S3Object] = []
  /// What stands for "folders": key prefixes up to the delimiter.
  public var folders: [String] = []
  /// What the next page is asked with; nil after the last one.
  public var next: String?
}

/// What S3 is asked for. All calls block; any thread may make them.
public struct S3Client: Sendable {
  let client: AWSClient

  /// S3 through `client`.
  public init(_ client: AWSClient) { self.client = client }

  /// One page of a listing: at most a thousand objects and folders.
  ///
  /// - Parameters:
  ///   - delimiter: what ends a folder's name, `/`; nil lists objects alone, however deep.
  ///   - token: the `next` of the page before.
  public func page(
    of bucket: String, prefix: String, delimiter: String? = nil, after token: String? = nil,
    limit: Int = 1000, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> S3Page {
    var call = AWSCall(
      .s3, "ListObjectsV2", purpose: "list s3://\(bucket)/\(prefix)", bucket: bucket)
    // Encoded, as XML can hold not every character that a key may have.
    call.query = [
      ("list-type", "2"), ("encoding-type", "url"), ("prefix", prefix), ("max-keys", "\(limit)"),
    ]
    if let delimiter { call.query.append(("delimiter", delimiter)) }
    if let token { call.query.append(("continuation-token", token)) }
    return try client.readXML(call, cancellation) { root in
      root.name == "ListBucketResult" ? S3Page(root) : nil
    }
  }

  /// Hands on every page of a listing, one after another.
  func pages(
    of bucket: String, prefix: String, delimiter: String? = nil,
    _ cancellation: Cancellation = Cancellation(), _ take: (S3Page) -> Void
  ) throws(WarehouseError) {
    var token: String?
    repeat {
      try cancellation.check()
      let page = try page(
        of: bucket, prefix: prefix, delimiter: delimiter, after: token, cancellation)
      take(page)
      token = page.next
    } while token != nil
  }

  /// The bytes of an object, or of a range of it.
  ///
  /// - Parameters:
  ///   - range: the bytes to get; nil gets all.
  ///   - etag: what the object's must still be; nil takes any.
  ///   - count: how many bytes must come, as the object was listed; nil takes any.
  /// - Returns: the bytes, whole, and the object's ETag.
  public func get(
    _ key: String, in bucket: String, range: Range<Int>? = nil, etag: String? = nil,
    count: Int? = nil, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> (bytes: [UInt8], etag: String?) {
    var call = S3Client.call("GetObject", "GET", key, bucket, "read")
    call.isQuiet = true
    if let range, !range.isEmpty {
      call.headers.append(("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
    } else {
      call.headers.append(("x-amz-checksum-mode", "ENABLED"))
    }
    if let etag { call.headers.append(("If-Match", etag)) }
    call.damage = { [purpose = call.purpose] response in
      Self.damage(of: response, purpose, range: range, count: count)
    }
    let response = try client.send(call, cancellation)
    return (response.body, response[header: "etag"])
  }

  /// Writes an object of these bytes, and returns its ETag.
  @discardableResult
  public func put(
    _ bytes: [UInt8], to key: String, in bucket: String, type: String? = nil,
    _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> String? {
    var call = S3Client.call("PutObject", "PUT", key, bucket, "write")
    call.body = bytes
    if let type { call.headers.append(("Content-Type", type)) }
    return try client.send(call, cancellation)[header: "etag"]
  }

  /// Removes an object; one that is not there is fine.
  public func delete(
    _ key: String, in bucket: String, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) {
    _ = try client.send(
      S3Client.call("DeleteObject", "DELETE", key, bucket, "remove"), cancellation)
  }

  /// Removes many objects, a thousand with each call.
  ///
  /// - Throws: the first error of any object, after all were tried.
  public func delete(
    _ keys: [String], in bucket: String, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) {
    for start in stride(from: 0, to: keys.count, by: 1000) {
      let some = keys[start..<min(start + 1000, keys.count)]
      var call = AWSCall(
        .s3, "DeleteObjects", purpose: "remove objects of s3://\(bucket)", bucket: bucket)
      call.method = "POST"
      call.query = [("delete", "")]
      let list = some.map { "<Object><Key>\($0.escapedForXML)</Key></Object>" }.joined()
      call.body = Array("<Delete><Quiet>true</Quiet>\(list)</Delete>".utf8)
      call.headers = [
        ("Content-Type", "application/xml"), ("Content-MD5", Digest.md5(call.body).base64),
      ]
      let root = try client.readXML(call, cancellation) { $0.name == "DeleteResult" ? $0 : nil }
      if let failed = root["Error"] {
        throw WarehouseError(
          .server, "could not remove \(failed.text("Key") ?? "an object") of s3://\(bucket)",
          detail: "\(failed.text("Code") ?? ""): \(failed.text("Message") ?? "")",
          hint: "Ask for the permission s3:DeleteObject.")
      }
    }
  }

  /// The names of all buckets of this account.
  public func buckets(
    _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> [String] {
    let call = AWSCall(.s3, "ListBuckets", purpose: "list the buckets")
    let root = try client.readXML(call, cancellation) { root in
      root.name == "ListAllMyBucketsResult" ? root : nil
    }
    return root["Buckets"]?.all("Bucket").compactMap { $0.text("Name") } ?? []
  }

  static func call(
    _ operation: String, _ method: String, _ key: String, _ bucket: String, _ verb: String
  ) -> AWSCall {
    var call = AWSCall(
      .s3, operation, purpose: "\(verb) s3://\(bucket)/\(key)", bucket: bucket)
    call.method = method
    call.path = "/" + PercentEncoding.encode(key, keepingSlashes: true)
    return call
  }

  /// An answer that was cut without anybody noticing, or that was changed on its way, is refused.
  private static func damage(
    of response: HTTPResponse, _ purpose: String, range: Range<Int>?, count wanted: Int?
  ) -> WarehouseError? {
    let count = response.body.count
    var damage: String?
    if let length = response[header: "content-length"], Int(length) != count {
      damage = "\(count) of \(length) bytes came"
    }
    if let range, response.status == 206 || range.lowerBound > 0, count != range.count {
      damage = "\(count) of \(range.count) bytes came"
    }
    if damage == nil, response.status == 200, let digest = response.contentMD5,
      digest != Digest.md5(response.body).hex
    {
      damage = "the bytes that came have another MD5 than the object"
    }
    if damage == nil, response.status == 200, ObjectChecksum.matches(response) == false {
      damage = "the bytes that came have another checksum than the object"
    }
    if damage == nil, let wanted, count != wanted {
      return WarehouseError(
        .input, "could not \(purpose)",
        detail: "\(count) bytes came where the listing says \(wanted)",
        hint: "It changed since it was listed: start again.")
    }
    return damage.map {
      WarehouseError(
        .connection, "could not \(purpose)", detail: $0,
        hint: "The connection, or something on the way, damaged the object. Try again.")
    }
  }
}

extension HTTPResponse {
  /// The MD5 of the whole object, where the ETag is one: not of several parts, and not of what was
  /// encrypted with a key of its own (S3 API reference, "Object", ETag).
  fileprivate var contentMD5: String? {
    let isEncrypted =
      self[header: "x-amz-server-side-encryption"].map { $0 != "AES256" } ?? false
      || self[header: "x-amz-server-side-encryption-customer-algorithm"] != nil
    guard !isEncrypted, let tag = self[header: "etag"] else { return nil }
    let digits = tag.utf8.filter { $0 != UInt8(ascii: "\"") }
    let isDigest = digits.count == 32 && digits.allSatisfy(\.isHexDigit)
    return isDigest ? String(decoding: digits, as: UTF8.self).lowercased() : nil
  }
}

extension UInt8 {
  fileprivate var isHexDigit: Bool {
    switch self {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
      UInt8(ascii: "A")...UInt8(ascii: "F"):
      true
    default: false
    }
  }
}

extension S3Page {
  fileprivate init?(_ root: XMLElement) {
    func key(_ text: String?) -> String? {
      guard let text else { return nil }
      return root.isEncoded ? PercentEncoding.decodeKey(text) : text
    }
    for element in root.all("Contents") {
      guard let key = key(element.text("Key")),
        let size = element.text("Size").flatMap({ Int($0) }),
        size >= 0
      else { return nil }
      let modified = element.text("LastModified").flatMap(Timestamp.init(iso8601:))
      objects.append(
        S3Object(key: key, size: size, modified: modified ?? Timestamp(milliseconds: 0)))
    }
    for element in root.all("CommonPrefixes") {
      guard let folder = key(element.text("Prefix")) else { return nil }
      folders.append(folder)
    }
    guard root.text("IsTruncated") == "true" else { return }
    guard let token = root.text("NextContinuationToken"), !token.isEmpty else { return nil }
    next = token
  }
}

extension String {
  /// With what XML gives a meaning, and control characters, as references.
  fileprivate var escapedForXML: String {
    unicodeScalars.map { scalar in
      switch scalar {
      case "&": "&amp;"
      case "<": "&lt;"
      case ">": "&gt;"
      case "\"": "&quot;"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        "&#x\(String(scalar.value, radix: 16));"
      default: String(scalar)
      }
    }.joined()
  }
}
