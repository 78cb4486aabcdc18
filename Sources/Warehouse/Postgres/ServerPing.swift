import CLibPQ

/// Asks a server whether it takes connections, without making one.
enum ServerPing {
  /// Whether the server whose socket lies in the folder `host` takes connections. Blocks for five
  /// seconds at most.
  static func answers(host: String, port: Int, user: String) -> Bool {
    let settings = [
      ("host", host), ("port", String(port)), ("dbname", "postgres"), ("user", user),
      ("connect_timeout", "5"),
    ]
    return withCStrings(settings.map(\.0)) { names in
      withCStrings(settings.map(\.1)) { values in PQpingParams(names, values, 0) }
    } == PQPING_OK
  }
}
