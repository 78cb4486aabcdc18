extension Parameter {
  /// The server's number of the type (`pg_type.oid`) that it is sent with; 0 lets the server infer
  /// it. These numbers are fixed: PostgreSQL's `src/include/catalog/pg_type.dat`; Redshift kept them.
  func typeID(on engine: Engine) -> UInt32 {
    guard case .declared(let text, let kind) = self else { return 0 }
    switch kind {
    case .text: return 0
    // int4 where it fits, as a literal has it: only that can be added to a date.
    case .integer: return Int32(text) == nil ? 20 : 23  // int8, int4
    case .number:
      switch engine {
      case .postgres: return 1700  // numeric
      // Redshift's numeric has no place behind the point unless it is told how many.
      case .redshift: return 701  // float8
      }
    case .date: return 1082
    case .timestamp: return 1114
    case .boolean: return 16
    }
  }
}
