import CCurl

/// One libcurl easy handle with its kept connections. For one thread at a time.
final class CurlHandle {
  private let handle: UnsafeMutableRawPointer
  /// Where libcurl says what went wrong, more exactly than by its code.
  private let words: UnsafeMutablePointer<CChar>

  /// libcurl must be set up once, before its first handle, while no other thread uses it.
  private static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// Nil when there is no memory for it.
  init?() {
    guard Self.isReady, let handle = curl_easy_init() else { return nil }
    self.handle = handle
    words = .allocate(capacity: Int(CURL_ERROR_SIZE))
    words.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    curl_easy_cleanup(handle)
    words.deallocate()
  }

  /// Does one request, and waits for the whole answer. Blocks.
  ///
  /// - Returns: the answer, or why there is none; a cut body is none.
  func perform(
    _ request: HTTPRequest, _ limits: HTTPLimits, certificates: String?,
    _ cancellation: Cancellation
  ) -> Result<HTTPResponse, TransportFailure> {
    curl_easy_reset(handle)
    let transfer = Transfer(limit: limits.bodyBytes, cancellation)
    setOptions(limits, certificates)
    setRequest(request)
    setCallbacks(transfer)
    var list: UnsafeMutablePointer<curl_slist>?
    defer { curl_slist_free_all(list) }
    for line in Self.headerLines(request) {
      guard let longer = curl_slist_append(list, line) else {
        return .failure(TransportFailure(code: CURLE_OUT_OF_MEMORY, words: "out of memory"))
      }
      list = longer
    }
    ccurl_set_list(handle, CURLOPT_HTTPHEADER, list)
    let code = withExtendedLifetime(transfer) {
      request.body.withUnsafeBytes { body in
        setBody(request, body)
        return curl_easy_perform(handle)
      }
    }
    guard code == CURLE_OK else {
      if cancellation.isCancelled { return .failure(.cancelled) }
      return .failure(
        TransportFailure(
          code: code, words: transfer.isTooLong ? "the answer is too long" : said(code)))
    }
    var status = 0
    ccurl_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
    return .success(
      HTTPResponse(status: status, headers: transfer.headers, body: transfer.body))
  }

  /// libcurl's words for a failure.
  private func said(_ code: CURLcode) -> String {
    let text = String(cString: words[0] == 0 ? curl_easy_strerror(code) : UnsafePointer(words))
    return text.split(whereSeparator: \.isNewline).first.map(String.init) ?? text
  }

  private func setOptions(_ limits: HTTPLimits, _ certificates: String?) {
    words[0] = 0
    ccurl_set_pointer(handle, CURLOPT_ERRORBUFFER, words)
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    ccurl_set_long(handle, CURLOPT_PATH_AS_IS, 1)
    ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
    ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Int(limits.connect / .milliseconds(1)))
    ccurl_set_long(handle, CURLOPT_LOW_SPEED_LIMIT, 16)
    ccurl_set_long(handle, CURLOPT_LOW_SPEED_TIME, max(1, Int(limits.stall / .seconds(1))))
    ccurl_set_long(handle, CURLOPT_TCP_KEEPALIVE, 1)
    ccurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
    if let certificates { ccurl_set_string(handle, CURLOPT_CAINFO, certificates) }
  }

  private func setRequest(_ request: HTTPRequest) {
    ccurl_set_string(handle, CURLOPT_URL, request.url)
    if request.needsFreshConnection { ccurl_set_long(handle, CURLOPT_FRESH_CONNECT, 1) }
    let host = request.host.split(separator: ":").first ?? ""
    // A proxy of the environment is for the world outside.
    if host == "localhost" || host.hasPrefix("127.") || request.host.hasPrefix("[") {
      ccurl_set_string(handle, CURLOPT_NOPROXY, "*")
    }
  }

  private func setBody(_ request: HTTPRequest, _ body: UnsafeRawBufferPointer) {
    switch request.method {
    case "GET": ccurl_set_long(handle, CURLOPT_HTTPGET, 1)
    case "HEAD": ccurl_set_long(handle, CURLOPT_NOBODY, 1)
    default:
      if request.method == "POST" || request.method == "PUT" || !body.isEmpty {
        ccurl_set_long(handle, CURLOPT_POST, 1)
        ccurl_set_offset(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        ccurl_set_pointer(
          handle, CURLOPT_POSTFIELDS, UnsafeMutableRawPointer(mutating: body.baseAddress) ?? handle)
      }
      ccurl_set_string(handle, CURLOPT_CUSTOMREQUEST, request.method)
    }
  }

  private func setCallbacks(_ transfer: Transfer) {
    let context = Unmanaged.passUnretained(transfer).toOpaque()
    ccurl_set_receive(handle, CURLOPT_WRITEFUNCTION) { bytes, _, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.receive(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    ccurl_set_pointer(handle, CURLOPT_WRITEDATA, context)
    ccurl_set_receive(handle, CURLOPT_HEADERFUNCTION) { bytes, _, count, context in
      guard let bytes, let context else { return 0 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: count))
    }
    ccurl_set_pointer(handle, CURLOPT_HEADERDATA, context)
    ccurl_set_progress(handle) { context, _, _, _, _ in
      guard let context else { return 1 }
      let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
      return transfer.cancellation.isCancelled ? 1 : 0
    }
    ccurl_set_pointer(handle, CURLOPT_XFERINFODATA, context)
    ccurl_set_long(handle, CURLOPT_NOPROGRESS, 0)
  }

  /// The headers, and those that libcurl would add taken away: what is sent is what was signed.
  private static func headerLines(_ request: HTTPRequest) -> [String] {
    let names = Set(request.headers.map { $0.name.lowercased() })
    var lines = request.headers.map { header in
      header.value.isEmpty ? "\(header.name);" : "\(header.name): \(header.value)"
    }
    lines += ["Content-Type", "Accept", "Expect"].filter { !names.contains($0.lowercased()) }
      .map { $0 + ":" }
    return lines
  }
}

/// Why there is no answer.
struct TransportFailure: Error, Equatable {
  let code: CURLcode
  /// libcurl's words.
  let words: String

  static let noHandle = TransportFailure(code: CURLE_FAILED_INIT, words: "could not start libcurl")
  static let cancelled = TransportFailure(code: CURLE_ABORTED_BY_CALLBACK, words: "cancelled")

  /// Whether the same may go well soon: the way to the server failed, not the request.
  var isTransient: Bool {
    [
      CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
      CURLE_PARTIAL_FILE, CURLE_OPERATION_TIMEDOUT, CURLE_SSL_CONNECT_ERROR, CURLE_GOT_NOTHING,
      CURLE_SEND_ERROR, CURLE_RECV_ERROR,
    ].contains(code)
  }

  /// Whether the server may have done what was asked: the request was on its way.
  var mayHaveArrived: Bool {
    ![
      CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT,
      CURLE_SSL_CONNECT_ERROR,
    ].contains(code)
  }

  /// What the person can do about it.
  var hint: String {
    switch code {
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY:
      "Look at the region, the endpoint, and whether this machine reaches the internet."
    case CURLE_COULDNT_CONNECT:
      "Look at the endpoint and at firewalls between here and there."
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CONNECT_ERROR:
      "The server's certificate must lead to one that this machine trusts; AWS_CA_BUNDLE names others."
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
      "An endpoint reads like https://s3.example.com."
    default: "The connection was lost. Try again."
    }
  }
}

/// What arrives, in libcurl's callbacks.
private final class Transfer {
  let cancellation: Cancellation
  private(set) var body: [UInt8] = []
  private(set) var headers: [String: String] = [:]
  private(set) var isTooLong = false
  private var headerBytes = 0
  private let limit: Int

  init(limit: Int, _ cancellation: Cancellation) {
    self.limit = limit
    self.cancellation = cancellation
  }

  /// Fewer bytes than given end the transfer.
  func receive(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= limit else {
      isTooLong = true
      return 0
    }
    if body.isEmpty, let length = headers["content-length"].flatMap({ Int($0) }) {
      body.reserveCapacity(max(0, min(length, limit)))
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  func receiveHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerBytes += bytes.count
    guard headerBytes <= 256 << 10 else { return 0 }
    // An interim answer (100) has headers of its own.
    if bytes.starts(with: "HTTP/".utf8) { headers = [:] }
    guard let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else { return bytes.count }
    let name = String(decoding: bytes[..<colon], as: UTF8.self).lowercased()
    headers[name] = String(decoding: Self.trimmed(bytes[(colon + 1)...]), as: UTF8.self)
    return bytes.count
  }

  private static func trimmed(
    _ bytes: Slice<UnsafeRawBufferPointer>
  ) -> Slice<UnsafeRawBufferPointer> {
    let isText: (UInt8) -> Bool = { $0 > UInt8(ascii: " ") }
    guard let first = bytes.firstIndex(where: isText), let last = bytes.lastIndex(where: isText)
    else { return bytes[bytes.startIndex..<bytes.startIndex] }
    return bytes[first...last]
  }
}

extension Substring {
  /// Without blanks and line ends around it.
  var trimmingBlanks: String {
    let isBlank: (Character) -> Bool = { $0.isWhitespace }
    guard let first = firstIndex(where: { !isBlank($0) }),
      let last = lastIndex(where: { !isBlank($0) })
    else { return "" }
    return String(self[first...last])
  }
}
