/// An upload in parts that was begun and not ended. Its parts are stored and paid for.
struct S3Upload: Sendable, Equatable {
  var key: String
  var id: String
}

extension S3Client {
  /// The uploads under a prefix that were begun and not ended, of whoever began them.
  func uploads(
    of bucket: String, prefix: String, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> [S3Upload] {
    var found: [S3Upload] = []
    var marker: S3Upload?
    repeat {
      var call = AWSCall(
        .s3, "ListMultipartUploads", purpose: "list the uploads to s3://\(bucket)/\(prefix)",
        bucket: bucket)
      call.query = [("uploads", ""), ("encoding-type", "url"), ("prefix", prefix)]
      if let marker {
        call.query += [("key-marker", marker.key), ("upload-id-marker", marker.id)]
      }
      let root = try client.readXML(call, cancellation) { root in
        root.name == "ListMultipartUploadsResult" ? root : nil
      }
      let page = root.all("Upload").compactMap { S3Upload($0, isEncoded: root.isEncoded) }
      found += page
      marker = root.text("IsTruncated") == "true" ? page.last : nil
    } while marker != nil
    return found
  }

  /// Gives an upload up: its parts are removed. One that is not there is fine.
  func abort(
    _ upload: S3Upload, in bucket: String, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) {
    var call = S3Client.call("AbortMultipartUpload", "DELETE", upload.key, bucket, "give up")
    call.query = [("uploadId", upload.id)]
    do throws(WarehouseError) {
      _ = try client.send(call, cancellation)
    } catch  where error.serviceCode == "NoSuchUpload" { return }
  }

  /// Gives all uploads under a prefix up.
  ///
  /// - Returns: how many there were.
  @discardableResult
  func abortUploads(
    of bucket: String, prefix: String, _ cancellation: Cancellation = Cancellation()
  ) throws(WarehouseError) -> Int {
    let all = try uploads(of: bucket, prefix: prefix, cancellation)
    for upload in all { try abort(upload, in: bucket, cancellation) }
    return all.count
  }
}

extension S3Upload {
  fileprivate init?(_ element: XMLElement, isEncoded: Bool) {
    guard let key = element.text("Key"), let id = element.text("UploadId"),
      let decoded = isEncoded ? PercentEncoding.decodeKey(key) : key
    else { return nil }
    self.init(key: decoded, id: id)
  }
}

extension XMLElement {
  /// Whether the keys of a listing are encoded, as they were asked for.
  var isEncoded: Bool { text("EncodingType") == "url" }
}
