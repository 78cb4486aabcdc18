/// What a `HOST` says, in any of the forms that people paste: a bare name, `host:5439`,
/// `host:5439/dev`, `jdbc:redshift://host:5439/dev`, an address, or a socket's folder.
struct ServerAddress: Equatable {
  /// The name, the address, or the folder of a Unix socket.
  var host: String
  /// The port, when the text names one.
  var port: Int?
  /// The database, when the text names one.
  var database: String?
  /// Whether something after `?` or `;` was left out.
  var leftOut = false

  /// Why a text is no address.
  enum Problem: Error, Equatable {
    case scheme, credentials, port, host

    /// What would be right.
    var hint: String {
      switch self {
      case .scheme: "A host reads like example.com, example.com:5439/dev or jdbc:redshift://…."
      case .credentials: "Put the user into DB_USER and the password into DB_PASSWORD."
      case .port: "A port is a number from 1 to 65535."
      case .host: "A host name holds letters, digits, hyphens and dots only."
      }
    }
  }

  /// Takes `text` apart.
  init(_ text: String) throws(Problem) {
    let ends = text.firstIndex { $0 == "?" || $0 == ";" } ?? text.endIndex
    guard !String(text[..<ends]).holdsAssignedSecret else { throw .credentials }
    guard !text.hasPrefix("/") else {
      host = text
      return
    }
    var rest = try Self.afterScheme(text)
    if let end = rest.firstIndex(where: { $0 == "?" || $0 == ";" }) {
      leftOut = true
      rest = rest[..<end]
    }
    // A password in the address would be shown with it.
    guard !rest.contains("@") else { throw .credentials }
    if let slash = rest.firstIndex(of: "/") {
      let name = rest[slash...].dropFirst().drop { $0 == "/" }
      database = name.isEmpty ? nil : String(name)
      rest = rest[..<slash]
    }
    let (name, digits) = try Self.split(rest)
    host = name
    guard let digits else { return }
    guard let port = Int(digits), (1...65535).contains(port) else { throw .port }
    self.port = port
  }

  /// Whether the name is one that Redshift gives to clusters and workgroups.
  var isRedshift: Bool {
    let name = host.lowercased()
    return [".redshift.amazonaws.com", ".redshift-serverless.amazonaws.com"].contains {
      name.hasSuffix($0) || name.hasSuffix($0 + ".cn")
    }
  }

  private static func afterScheme(_ text: String) throws(Problem) -> Substring {
    guard let range = text.firstRange(of: "://") else { return text[...] }
    let known = ["jdbc:redshift", "jdbc:postgresql", "redshift", "postgresql", "postgres"]
    guard known.contains(text[..<range.lowerBound].lowercased()) else { throw .scheme }
    return text[range.upperBound...]
  }

  /// Name and port: `name`, `name:port`, `[::1]:port`, `::1`.
  private static func split(
    _ text: Substring
  ) throws(Problem) -> (name: String, port: Substring?) {
    if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
      let after = text[end...].dropFirst()
      guard after.isEmpty || after.hasPrefix(":") else { throw .host }
      return (
        try checked(text[..<end].dropFirst(), more: ":%"), after.isEmpty ? nil : after.dropFirst()
      )
    }
    let colons = text.count { $0 == ":" }
    if colons > 1 { return (try checked(text, more: ":%"), nil) }
    guard let colon = text.firstIndex(of: ":") else { return (try checked(text, more: ""), nil) }
    return (try checked(text[..<colon], more: ""), text[colon...].dropFirst())
  }

  private static func checked(_ name: Substring, more: String) throws(Problem) -> String {
    let isRight = name.unicodeScalars.allSatisfy { scalar in
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
        || ("0"..."9").contains(scalar) || "-._".unicodeScalars.contains(scalar)
        || more.unicodeScalars.contains(scalar)
    }
    guard isRight, !name.isEmpty else { throw .host }
    return String(name)
  }
}
