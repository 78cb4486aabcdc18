import CLibPQ

extension ConnectionSettings {
  /// Whether a server is there and takes connections, without logging in. Blocks, at most for the
  /// connect timeout.
  var isAnswered: Bool {
    let keywords = keywords
    return withCStrings(keywords.map(\.0)) { names in
      withCStrings(keywords.map(\.1)) { values in PQpingParams(names, values, 0) == PQPING_OK }
    }
  }
}
