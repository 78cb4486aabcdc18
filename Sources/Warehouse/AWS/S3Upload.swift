extension S3Client {
  /// The least that a part but the last may have (S3 User Guide, "Multipart upload limits").
  static let leastPart = 5 << 20
  /// The most parts that an object may have.
  static let mostParts = 10_000

  /// Writes an object of all bytes of `stream`: at once when they are few, in parts when they are
  /// many. Memory holds one part.
  ///
  /// When anything fails the parts that were sent are removed: nobody pays for them. An upload whose
  /// beginning was told to nobody may stay: `abortUploads` finds it.
  /// - Parameter expectedBytes: how many there will be, when known: parts grow with it.
  public func upload(
    _ stream: any ByteStream, to key: String, in bucket: String, type: String? = nil,
    expectedBytes: Int = 0, partBytes: Int = 8 << 20,
    _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) {
    let size = max(partBytes, S3Client.leastPart, expectedBytes / (S3Client.mostParts - 1) + 1)
    var part = try stream.readPart(size)
    guard part.count == size else {
      return _ = try put(part, to: key, in: bucket, type: type, cancellation)
    }
    try cancellation.check()
    let upload = try begin(key, bucket, type)
    do throws(WarehouseError) {
      var tags: [String] = []
      var bytes = 0
      while !part.isEmpty {
        try cancellation.check()
        tags.append(try send(part, number: tags.count + 1, of: upload, key, bucket, cancellation))
        bytes += part.count
        part = part.count < size ? [] : try stream.readPart(size)
      }
      try complete(upload, tags, key, bucket, bytes: bytes, cancellation)
    } catch {
      // Not to be cancelled: parts that stay behind cost money.
      try? abort(S3Upload(key: key, id: upload), in: bucket)
      throw error
    }
  }

  /// Not to be cancelled: an upload that was begun while nobody listened would stay.
  private func begin(
    _ key: String, _ bucket: String, _ type: String?
  ) throws(WarehouseError) -> String {
    var call = S3Client.call("CreateMultipartUpload", "POST", key, bucket, "write")
    call.query = [("uploads", "")]
    if let type { call.headers.append(("Content-Type", type)) }
    return try client.readXML(call, Cancellation()) { root in
      root.name == "InitiateMultipartUploadResult" ? root.text("UploadId") : nil
    }
  }

  private func send(
    _ part: [UInt8], number: Int, of upload: String, _ key: String, _ bucket: String,
    _ cancellation: Cancellation
  ) throws(WarehouseError) -> String {
    guard number <= S3Client.mostParts else {
      throw WarehouseError(
        .input, "could not write s3://\(bucket)/\(key)",
        detail: "it would have more than \(S3Client.mostParts) parts")
    }
    var call = S3Client.call("UploadPart", "PUT", key, bucket, "write")
    call.query = [("partNumber", "\(number)"), ("uploadId", upload)]
    call.body = part
    let response = try client.send(call, cancellation)
    guard let tag = response[header: "etag"] else { throw AWSClient.unreadable(call) }
    return tag
  }

  private func complete(
    _ upload: String, _ tags: [String], _ key: String, _ bucket: String, bytes: Int,
    _ cancellation: Cancellation
  ) throws(WarehouseError) {
    var call = S3Client.call("CompleteMultipartUpload", "POST", key, bucket, "write")
    call.query = [("uploadId", upload)]
    call.headers = [("Content-Type", "application/xml")]
    let parts = tags.enumerated().map { index, tag in
      "<Part><PartNumber>\(index + 1)</PartNumber><ETag>\(tag)</ETag></Part>"
    }
    call.body = Array(
      "<CompleteMultipartUpload>\(parts.joined())</CompleteMultipartUpload>".utf8)
    do throws(WarehouseError) {
      // The element around it has different names in different makers' stores.
      _ = try client.readXML(call, cancellation) { $0["ETag"] }
    } catch  where error.serviceCode == "NoSuchUpload" {
      // Asked again after a lost answer, some stores know the upload no longer: the object tells.
      let found = try page(of: bucket, prefix: key, limit: 1, cancellation).objects.first
      guard let found, found.key == key, found.size == bytes else { throw error }
    }
  }
}

extension ByteStream {
  /// So many bytes, or fewer at the end.
  fileprivate func readPart(_ size: Int) throws(WarehouseError) -> [UInt8] {
    var part = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let result = part.withUnsafeMutableBytes { bytes in
        Result { () throws(WarehouseError) in
          try read(into: UnsafeMutableRawBufferPointer(rebasing: bytes[filled...]))
        }
      }
      let count = try result.get()
      if count == 0 { break }
      filled += count
    }
    part.removeLast(size - filled)
    return part
  }
}
