import Glibc

/// The place of one restaging: a folder or a bucket's prefix that did not exist before.
enum RestageOutput: Sendable {
  /// An absolute path without a slash at its end.
  case folder(String)
  /// A prefix with a slash at its end.
  case bucket(S3Client, name: String, prefix: String)

  /// The place `run` under a configured output.
  init(_ output: DataLocation, run: String, aws: AWSClient?) throws(WarehouseError) {
    switch output {
    case .path(let path):
      self = .folder((path.hasSuffix("/") ? path : path + "/") + run)
    case .s3(let bucket, let prefix):
      guard let aws else { throw WarehouseError(.configuration, "there is no access to AWS") }
      let folder = prefix.isEmpty || prefix.hasSuffix("/") ? prefix : prefix + "/"
      self = .bucket(S3Client(aws), name: bucket, prefix: "\(folder)\(run)/")
    }
  }

  /// Whether what is written goes over a network.
  var isFar: Bool { if case .bucket = self { true } else { false } }

  /// Where a file of it is, as a path or an address.
  func location(_ name: String) -> String {
    switch self {
    case .folder(let path): "\(path)/\(name)"
    case .bucket(_, let bucket, let prefix): "s3://\(bucket)/\(prefix)\(name)"
    }
  }

  /// The same as COPY and Spark want it: an address in either case.
  func address(_ name: String) -> String {
    switch self {
    case .folder: "file://" + PercentEncoding.encode(location(name), keepingSlashes: true)
    case .bucket: location(name)
    }
  }

  /// - Throws: `.input` when something lies there already: nothing is ever overwritten.
  func requireFree(_ cancellation: Cancellation) throws(WarehouseError) {
    switch self {
    case .folder(let path): if FileSystem.exists(path) { throw taken }
    case .bucket(let s3, let bucket, let prefix):
      let page = try s3.page(of: bucket, prefix: prefix, limit: 1, cancellation)
      if !page.objects.isEmpty { throw taken }
    }
  }

  /// Makes the place, where places are made: in a bucket there are none without objects.
  func make(folders: [String]) throws(WarehouseError) {
    guard case .folder(let path) = self else { return }
    try FileSystem.makeFolder(FileSystem.parent(of: path))
    guard mkdir(path, 0o755) == 0 else {
      if errno == EEXIST { throw taken }
      throw FileSystem.failure("could not make the folder", path)
    }
    for folder in folders { try FileSystem.makeFolder("\(path)/\(folder)") }
  }

  private var taken: WarehouseError {
    WarehouseError(
      .input, "could not restage into \(location(""))", detail: "something lies there already",
      hint: "Start again: every run makes a place of its own.")
  }

  /// Writes a file of all that `stream` gives. Blocks.
  ///
  /// - Parameter expectedBytes: how many there will be at most, when known.
  func write(
    _ stream: some ByteStream, to name: String, expectedBytes: Int = 0,
    _ cancellation: Cancellation
  ) throws(WarehouseError) {
    switch self {
    case .folder(let path):
      let file = try NewFile("\(path)/\(name)")
      let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 128 << 10, alignment: 16)
      defer { buffer.deallocate() }
      while true {
        let count = try stream.read(into: buffer)
        if count == 0 { break }
        try file.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
      }
      try file.finish()
    case .bucket(let s3, let bucket, let prefix):
      try s3.upload(
        stream, to: prefix + name, in: bucket, expectedBytes: expectedBytes,
        partBytes: S3Client.leastPart, cancellation)
    }
  }

  /// Writes a small file.
  func put(
    _ bytes: [UInt8], to name: String, _ cancellation: Cancellation
  ) throws(WarehouseError) {
    switch self {
    case .folder(let path):
      let file = try NewFile("\(path)/\(name)")
      try bytes.withUnsafeBytes { bytes in
        Result { () throws(WarehouseError) in try file.write(bytes) }
      }.get()
      try file.finish()
    case .bucket(let s3, let bucket, let prefix):
      try s3.put(bytes, to: prefix + name, in: bucket, type: "application/json", cancellation)
    }
  }

  /// Gives up uploads that were begun and told to nobody, once all files are written.
  ///
  /// - Returns: why some may be left; nil when none is.
  func removeLostUploads() -> WarehouseError? {
    guard case .bucket(let s3, let bucket, let prefix) = self else { return nil }
    do throws(WarehouseError) {
      try s3.abortUploads(of: bucket, prefix: prefix)
      return nil
    } catch { return error }
  }

  /// Removes everything of this restaging, which nobody else writes to.
  ///
  /// - Returns: why something stayed; nil when nothing did.
  func remove() -> WarehouseError? {
    do throws(WarehouseError) {
      switch self {
      case .folder(let path):
        guard FileSystem.exists(path) else { return nil }
        try FileSystem.removeTree(path)
      case .bucket(let s3, let bucket, let prefix):
        // What is removed is no longer listed: the first page is always the next one.
        while true {
          let page = try s3.page(of: bucket, prefix: prefix)
          if page.objects.isEmpty { break }
          try s3.delete(page.objects.map(\.key), in: bucket)
        }
        try s3.abortUploads(of: bucket, prefix: prefix)
      }
      return nil
    } catch { return error }
  }
}
