/// One HTTP request. Bodies are whole: large uploads go in parts.
struct HTTPRequest: Sendable {
  var method = "GET"
  /// `https`, or `http` where an endpoint says so.
  var scheme = "https"
  /// The host, with its port when that is not the scheme's own.
  var host: String
  /// The path as it goes over the wire: percent-encoded, with `/` in front.
  var path = "/"
  /// Names and values, not encoded, in any order; they are sent sorted.
  var query: [(name: String, value: String)] = []
  var headers: [(name: String, value: String)] = []
  var body: [UInt8] = []
  /// A request that must reach the server once at most: libcurl repeats one by itself when a kept
  /// connection turns out dead.
  var needsFreshConnection = false

  /// The query as AWS signs it: encoded, sorted, `=` always there.
  var canonicalQuery: String {
    query.map { (PercentEncoding.encode($0.name), PercentEncoding.encode($0.value)) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
      .map { $0.0 + "=" + $0.1 }.joined(separator: "&")
  }

  /// What stands in the request line.
  var target: String {
    let query = canonicalQuery
    return query.isEmpty ? path : path + "?" + query
  }

  var url: String { scheme + "://" + host + target }
}

/// One HTTP response, whole.
struct HTTPResponse: Sendable {
  var status: Int
  /// Names in lower case.
  var headers: [String: String]
  var body: [UInt8]

  subscript(header name: String) -> String? { headers[name] }
}

/// How long a request may take, and how much may come back.
struct HTTPLimits: Sendable {
  var connect: Duration = .seconds(10)
  /// A transfer that moves fewer than 16 bytes a second for so long is given up.
  var stall: Duration = .seconds(30)
  /// A longer body is refused.
  var bodyBytes = 64 << 20
}
