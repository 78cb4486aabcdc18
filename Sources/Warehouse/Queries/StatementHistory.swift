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
  /// AWS, the password of a connection string.
  public static func mayHoldSecret(_ sql: String) -> Bool {
    let sql = sql.lowercased()
    return [
      "passw", "credentials", "secret", "access_key", "session_token", "identified by",
    ].contains { sql.contains($0) }
  }
}
