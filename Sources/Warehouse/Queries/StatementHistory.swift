/// The statements that a person ran, kept in a file of their own over sessions.
///
/// The file can be read by its owner alone. What looks as if it held a password is never kept.
public struct StatementHistory: Sendable {
  /// So many are kept.
  public static let limit = 1000
  /// So many bytes are kept at most.
  static let byteLimit = 1 << 20
  private let path: String
  /// No SQL holds this byte, as no server takes it.
  private static let separator: UInt8 = 0

  /// The history in a state folder.
  public init(stateFolder: String) { path = stateFolder + "/sql-history" }

  /// The statements, the latest first; none when there is no file yet.
  public func read() throws(WarehouseError) -> [String] {
    guard FileSystem.exists(path) else { return [] }
    let bytes = try FileSystem.read(path, limit: 4 * Self.byteLimit)
    return bytes.split(separator: Self.separator)
      .map { String(decoding: $0, as: UTF8.self) }.reversed()
  }

  /// Adds a statement; one that was there moves to the front.
  ///
  /// - Returns: the statements, the latest first.
  public func add(_ sql: String) throws(WarehouseError) -> [String] {
    var kept = try read()
    guard !Self.mayHoldSecret(sql), sql.utf8.count <= Self.byteLimit / 4,
      !sql.utf8.contains(Self.separator), !sql.isEmpty
    else { return kept }
    kept.removeAll { $0 == sql }
    kept.insert(sql, at: 0)
    var room = Self.byteLimit
    kept = Array(
      kept.prefix(Self.limit).prefix { statement in
        room -= statement.utf8.count + 1
        return room >= 0
      })
    try FileSystem.makeFolder(FileSystem.parent(of: path), mode: 0o700)
    let bytes = kept.reversed().flatMap { Array($0.utf8) + [Self.separator] }
    try FileSystem.write(bytes, to: path, mode: 0o600)
    return kept
  }

  /// Whether a statement has a clause for a secret: `PASSWORD`, `CREDENTIALS`, keys and tokens of
  /// AWS, a connection string. A title that has such a word in it is none.
  public static func mayHoldSecret(_ sql: String) -> Bool {
    let bytes = Array(sql.utf8)
    var code: [UInt8] = []
    var lexer = SQLLexer(bytes)
    while let token = lexer.next() {
      guard token.kind == .string else {
        code += bytes[token.range]
        continue
      }
      code.append(UInt8(ascii: "'"))
      if holdsSecret(value: String(decoding: bytes[token.range], as: UTF8.self)) { return true }
    }
    // Where a string has no end, what stands in quotes is anybody's guess.
    return names(secretWords, lexer.state == .code ? String(decoding: code, as: UTF8.self) : sql)
  }

  private static let secretWords = [
    "passw", "credentials", "secret", "access_key", "session_token", "identified by",
  ]

  private static func names(_ words: [String], _ text: String) -> Bool {
    let text = text.lowercased()
    return words.contains { text.contains($0) }
  }

  /// `password=…`, `{"password": …}`, `postgresql://user:…@host`.
  private static func holdsSecret(value: String) -> Bool {
    value.contains("://") && value.contains("@")
      || names(secretWords, value) && (value.contains("=") || value.contains(":"))
  }
}
