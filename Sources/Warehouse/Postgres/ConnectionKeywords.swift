import Glibc

extension ConnectionSettings {
  /// libpq's keywords and values; the last of a keyword wins. They go over as two arrays, so no
  /// value is ever quoted or parsed.
  var keywords: [(String, String)] {
    var pairs = extra.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    func add(_ keyword: String, _ value: String?) {
      if let value, !value.isEmpty { pairs.append((keyword, value)) }
    }
    for (keyword, value) in Self.constants where extra[keyword] == nil { add(keyword, value) }
    for (keyword, value) in redshiftDefaults where extra[keyword] == nil { add(keyword, value) }
    add("service", service)
    add("host", host)
    add("port", port.map(String.init))
    add("dbname", database)
    add("user", user)
    add("password", password?.reveal())
    add("sslmode", sslMode?.rawValue)
    add("sslrootcert", sslRootCertificate)
    add("application_name", applicationName)
    add("connect_timeout", connectTimeout.map { String($0.wholeSeconds) })
    return pairs
  }

  /// Keepalives find a silent peer within a minute while nothing is under way to it, and
  /// `tcp_user_timeout`, in milliseconds, while something is (tcp(7)). A COPY sets its own.
  private static let constants = [
    ("client_encoding", "UTF8"), ("fallback_application_name", "sparkify"),
    ("keepalives", "1"), ("keepalives_idle", "30"), ("keepalives_interval", "10"),
    ("keepalives_count", "3"), ("tcp_user_timeout", "60000"),
  ]

  /// What Redshift needs beside, unless the environment says otherwise: its port, no Kerberos
  /// greeting, which it does not know, and a checked certificate, issued below a root of the system's own store.
  private var redshiftDefaults: [(String, String)] {
    guard isRedshiftHost else { return [] }
    var pairs = [("gssencmode", "disable")]
    if getenv("PGPORT") == nil { pairs.append(("port", "5439")) }
    if getenv("PGSSLMODE") == nil { pairs.append(("sslmode", SSLMode.verifyFull.rawValue)) }
    let stores = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
    if getenv("PGSSLROOTCERT") == nil, let store = stores.first(where: FileSystem.exists) {
      pairs.append(("sslrootcert", store))
    }
    return pairs
  }
}

extension Duration {
  /// In seconds, rounded up: a fraction must not become libpq's zero, which waits for ever.
  fileprivate var wholeSeconds: Int64 {
    components.seconds + (components.attoseconds > 0 ? 1 : 0)
  }
}

/// Strings as C wants them: an array of pointers that ends with a null pointer.
///
/// The strings are copies that live until `body` returns. None may hold a NUL; see `holdsNUL`.
func withCStrings<Value, Failure: Error>(
  _ strings: [String?], _ body: (UnsafePointer<UnsafePointer<CChar>?>) throws(Failure) -> Value
) throws(Failure) -> Value {
  let copies = strings.map { $0.flatMap { strdup($0) } }
  defer { for copy in copies { free(copy) } }
  let pointers = UnsafeMutablePointer<UnsafePointer<CChar>?>.allocate(capacity: copies.count + 1)
  defer { pointers.deallocate() }
  for (index, copy) in copies.enumerated() { pointers[index] = copy.map { UnsafePointer($0) } }
  pointers[copies.count] = nil
  return try body(pointers)
}

extension String {
  /// Whether the text cannot be a C string: it would silently end at the NUL.
  var holdsNUL: Bool { utf8.contains(0) }
}
